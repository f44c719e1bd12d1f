import { CodedError, type Instant, isCoded } from '#decider';
import { decodeEntry, type Entry, entryHash, NO_PREVIOUS } from './entry.js';
import { reopeningIn } from './reopening.js';
import { CompactRange, leafHash, type TreeHead } from './tree.js';

/** Where a book stands: its last entry's number and hash; -1 and 64 zeros for an empty one. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly incarnation: string | null;
  readonly at: Instant;
}

/** The head of a book that has no entry. */
export const EMPTY_HEAD: Head = { seq: -1, hash: NO_PREVIOUS, incarnation: null, at: '0000-01-01T00:00:00.000Z' };

/** The types that may begin a book. */
const OPENING = new Set(['ledger.opened', 'journal.opened']);

/** One stored event of a book, as the store gave it. */
export interface StoredEntry {
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One event of a book, from a store (with what stands beside its bytes) or from an export (without). */
export type BookEvent = StoredEntry | Pick<StoredEntry, 'revision' | 'bytes'>;

/**
 * Proves that `stored` is the entry after `head` in the tenant's book and answers it with the new head.
 * @throws CodedError with the code of the first thing that does not fit: `entry_too_large`, `not_canonical`, `entry_shape`, `row_mismatch`,
 *   `seq_gap`, `prev_mismatch`, `tenant_mismatch`, `incarnation_mismatch`, `reopening_malformed`, `time_backwards`.
 */
export function follow(head: Head, stored: BookEvent, tenant: string): { readonly entry: Entry; readonly head: Head } {
  const entry = decodeEntry(stored.bytes, 'type' in stored ? stored : undefined);
  const refuse = (code: string, message: string): never => {
    throw new CodedError(code, `entry ${String(stored.revision)}: ${message}`);
  };
  if (entry.seq !== head.seq + 1 || stored.revision !== entry.seq) refuse('seq_gap', `says it is ${String(entry.seq)} after ${String(head.seq)}`);
  if (entry.prev !== head.hash) refuse('prev_mismatch', 'its prev is not the hash of the entry before it');
  if (entry.tenant !== tenant) refuse('tenant_mismatch', "it is another tenant's");
  const begins = entry.seq === 0 ? OPENING.has(entry.type) : reopeningIn(entry) !== undefined;
  if (begins !== (entry.incarnation !== head.incarnation)) refuse('incarnation_mismatch', begins ? 'it begins no new incarnation' : 'a new incarnation begins without a word');
  if (entry.at < head.at) refuse('time_backwards', `its time ${entry.at} is before ${head.at}`);
  return { entry, head: { seq: entry.seq, hash: entryHash(stored.bytes), incarnation: entry.incarnation, at: entry.at } };
}

/** What a recomputation of one book found; `tree` is the head of the tree over the very entries that the chain holds. */
export type ChainVerdict =
  | { readonly consistent: true; readonly entries: number; readonly head: Head; readonly tree: TreeHead }
  | { readonly consistent: false; readonly entries: number; readonly at: number; readonly code: string; readonly message: string };

/**
 * Recomputes a whole book from its stored events, chain and tree in one pass over the same bytes, in O(log n) memory.
 * @param witness - is shown each entry that held, in order, with its hash and the tree that it closes.
 */
export async function verifyChain(
  events: AsyncIterable<BookEvent> | Iterable<BookEvent>,
  tenant: string,
  witness: (entry: Entry, hash: string, tree: Pick<CompactRange, 'size' | 'root'>) => void = () => undefined,
): Promise<ChainVerdict> {
  let head = EMPTY_HEAD;
  const tree = new CompactRange();
  for await (const stored of events) {
    try {
      const next = follow(head, stored, tenant);
      head = next.head;
      tree.append(leafHash(stored.bytes));
      witness(next.entry, head.hash, tree);
    } catch (error) {
      if (!isCoded(error)) throw error;
      const { code, message } = error;
      return { consistent: false, entries: head.seq + 1, at: head.seq + 1, code, message };
    }
  }
  return { consistent: true, entries: head.seq + 1, head, tree: { size: tree.size, root: tree.root() } };
}
