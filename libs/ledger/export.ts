import { CodedError } from '#decider';
import type { BookEvent } from './chain.js';
import { MAX_ENTRY_BYTES } from './entry.js';

const NEWLINE = 0x0a;

/**
 * The entries of an export: one a line, byte for byte, each line ended by a newline.
 * @throws CodedError `export_cut_short` where the last line has no end, and what reading throws.
 */
export async function* exportedEntries(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<BookEvent> {
  let rest = Buffer.alloc(0);
  let revision = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = rest.indexOf(NEWLINE); to >= 0; to = rest.indexOf(NEWLINE, from)) {
      yield { revision, bytes: rest.subarray(from, to) };
      revision += 1;
      from = to + 1;
    }
    rest = rest.subarray(from);
    // no entry is that long: it is named as one that is not, and its end is not waited for
    if (rest.length > MAX_ENTRY_BYTES) {
      yield { revision, bytes: rest };
      return;
    }
  }
  if (rest.length > 0) throw new CodedError('export_cut_short', `the last line has no end: the export was cut short in entry ${revision}`);
}
