import { CodedError, type Instant, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { jcs, parseCanonical, sha256Hex } from './canonical.js';

/** One line of a book: what happened, to which case, by whom, and the hash of the line before it. */
export interface Entry {
  readonly v: 1;
  readonly tenant: string;
  readonly incarnation: string;
  /** Its number in the book, from 0; also the event number in the store and the leaf number in the tree. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly case: string | null;
  /** Its number within its case, from 0; null exactly where `case` is. */
  readonly caseSeq: number | null;
  readonly at: Instant;
  readonly actor: string;
  /** The id of the command that it was decided for. */
  readonly command: string;
  /** SHA-256 of the bytes of the entry before it; 64 zeros for the first. */
  readonly prev: string;
  readonly data: JsonObject;
}

/** The largest entry, in bytes (a tlog-tiles bundle gives each entry a 16-bit length). */
export const MAX_ENTRY_BYTES = 65_535;

/** `prev` of the first entry. */
export const NO_PREVIOUS = '0'.repeat(64);

/**
 * The RFC 8785 bytes of an entry, as they are stored, hashed and exported.
 * @throws CodedError `entry_too_large` above 65,535 bytes, `not_canonical` for what JSON cannot say, `entry_shape` for what no reader would take.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const value = entry as Entry & JsonObject;
  const bytes = jcs(value);
  assertSize(bytes, entry.type);
  if (!isEntry(value)) throw new CodedError('entry_shape', `${entry.type}: not the closed shape of an entry`);
  return bytes;
}

/**
 * The entry that stored bytes say, where they are exactly its canonical form.
 * @param row - type and id beside the bytes in the store, which must be the entry's own.
 * @throws CodedError `entry_too_large`, `not_canonical`, `entry_shape` or `row_mismatch`.
 */
export function decodeEntry(bytes: Uint8Array, row?: { readonly type: string; readonly id: string }): Entry {
  assertSize(bytes, 'stored entry');
  const value = parseCanonical(bytes);
  if (!isEntry(value)) throw new CodedError('entry_shape', 'the bytes are JSON, but not an entry');
  if (row && (row.type !== value.type || row.id !== value.id)) throw new CodedError('row_mismatch', "the row's type or id is not the entry's");
  return value;
}

/** What the next entry's `prev` must be. */
export function entryHash(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}

const MEMBERS = ['actor', 'at', 'case', 'caseSeq', 'command', 'data', 'id', 'incarnation', 'prev', 'seq', 'tenant', 'type', 'v'];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isEntry(value: JsonValue): value is Entry & JsonObject {
  if (!isJsonObject(value) || Object.keys(value).length !== MEMBERS.length || !MEMBERS.every((member) => Object.hasOwn(value, member))) return false;
  const texts = [value.tenant, value.incarnation, value.id, value.type, value.actor, value.command];
  return (
    value.v === 1 &&
    texts.every((text) => typeof text === 'string') &&
    typeof value.at === 'string' &&
    isInstant(value.at) &&
    typeof value.prev === 'string' &&
    /^[0-9a-f]{64}$/.test(value.prev) &&
    isCount(value.seq) &&
    (value.case === null ? value.caseSeq === null : typeof value.case === 'string' && isCount(value.caseSeq)) &&
    isJsonObject(value.data)
  );
}

/** Entries that come together have one time: what was found right last need not be looked at again. */
let lastInstant = '';

// years of four digits only, so that text order stays time order
function isInstant(text: string): boolean {
  if (text === lastInstant) return true;
  const time = INSTANT.test(text) ? Date.parse(text) : NaN;
  if (!Number.isFinite(time) || new Date(time).toISOString() !== text) return false;
  lastInstant = text;
  return true;
}

function assertSize({ length }: Uint8Array, what: string): void {
  if (length > MAX_ENTRY_BYTES) throw new CodedError('entry_too_large', `${what}: ${String(length)} bytes, at most ${String(MAX_ENTRY_BYTES)}`);
}

function isCount(value: JsonValue | undefined): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
