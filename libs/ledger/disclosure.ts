import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { readCheckpoint } from './checkpoint.js';
import { decodeEntry, type Entry } from './entry.js';
import { leafHash, type TreeHash } from './tree.js';
import { verifyInclusion } from './tree-proof.js';

/** Some entries of a book, each with its proof against one checkpoint: an auditor can be given one case and nothing else. */
export interface Disclosure {
  readonly case: string;
  /** The signed checkpoint that covers all of them. */
  readonly checkpoint: string;
  readonly entries: readonly { readonly entry: Entry; readonly bytes: Uint8Array; readonly path: readonly TreeHash[] }[];
}

/** A disclosure as a file: `entry` is the text of the entry's bytes, hashes are in hex. */
export function encodeDisclosure({ case: id, checkpoint, entries }: Disclosure): JsonObject {
  return { v: 1, case: id, checkpoint, entries: entries.map(({ bytes, path }) => ({ entry: Buffer.from(bytes).toString('utf8'), path: path.map((hash) => Buffer.from(hash).toString('hex')) })) };
}

/**
 * The entries in such a file, once each is canonical, of the case, in rising order, and proven against the file's checkpoint
 * (whose signature, or whose root, is for the caller to check). It does not show that the case has no other entries before the last one shown
 * than the rising `caseSeq` does: a gap there is refused.
 * @throws CodedError `disclosure_malformed`; `disclosure_refused` naming the entry that is not proven; of `readCheckpoint` and `decodeEntry`.
 */
export function readDisclosure(value: JsonValue): Disclosure {
  if (!isJsonObject(value) || value.v !== 1 || typeof value.case !== 'string' || typeof value.checkpoint !== 'string' || !Array.isArray(value.entries)) throw malformed('v, case, checkpoint and entries');
  const { case: id, checkpoint } = value;
  const head = readCheckpoint(checkpoint);
  const entries = value.entries.map((item: JsonValue, caseSeq) => {
    if (!isJsonObject(item) || typeof item.entry !== 'string' || !Array.isArray(item.path)) throw malformed('each entry with its path');
    const bytes = Buffer.from(item.entry, 'utf8');
    const path = item.path.map(hashIn);
    const entry = decodeEntry(bytes);
    if (entry.case !== id || entry.caseSeq !== caseSeq) throw refused(entry.seq, `it is not entry ${caseSeq} of case ${id}`);
    if (!verifyInclusion(leafHash(bytes), entry.seq, path, head)) throw refused(entry.seq, 'its path does not lead to the root of the checkpoint');
    return { entry, bytes, path };
  });
  if (entries.length === 0) throw malformed('at least one entry');
  return { case: id, checkpoint, entries };
}

function hashIn(text: JsonValue): TreeHash {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) throw malformed('hashes of 64 hex digits');
  return Buffer.from(text, 'hex');
}

function malformed(wanted: string): CodedError {
  return new CodedError('disclosure_malformed', `not a file of one case: it must hold ${wanted}`);
}

function refused(seq: number, why: string): CodedError {
  return new CodedError('disclosure_refused', `entry ${seq}: ${why}`);
}
