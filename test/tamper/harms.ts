import { type JsonObject, isJsonObject } from '#decider';
import { decodeEntry, encodeEntry, type Entry, entryHash, NO_PREVIOUS, type StoredEntry } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import type { Stores } from './offline.js';

const JOURNAL = 40;
const WHEN = '2026-11-23T09:00:00.000Z';

function receiptOf({ revision, bytes }: StoredEntry): Said {
  return { type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } };
}

/** Two books that fit: each journal entry has its receipt, with case entries of `content` between. */
export function honest(tenant = 'acme', content: (n: number) => JsonObject = (n) => ({ n, text: 'redact me' })): Stores {
  const journal = sampleBook(tenant, Array.from({ length: JOURNAL }, (_, n): Said => ({ type: n === 0 ? 'journal.opened' : 'lease.requested', case: null, data: { n } })), WHEN);
  const ledger = sampleBook(tenant, [{ type: 'ledger.opened', case: null, data: {} }, ...journal.flatMap((entry, n): Said[] => [receiptOf(entry), { type: 'note.taken', case: 'c-1', data: content(n) }])], WHEN);
  return { ledger, journal };
}

/** The same entries from `place` on, with one said otherwise and every number and hash after it made again, as one who holds the whole store could. */
export function rehashed(book: readonly StoredEntry[], place: number, change: (entry: Entry) => Partial<Entry>): readonly StoredEntry[] {
  const out = book.slice(0, place);
  for (const stored of book.slice(place)) {
    const entry = decodeEntry(stored.bytes);
    const prev = out.at(-1) ? entryHash(out.at(-1)!.bytes) : NO_PREVIOUS;
    const other: Entry = { ...entry, prev, ...(entry.seq === place && change(entry)) };
    out.push({ ...stored, id: other.id, type: other.type, bytes: encodeEntry(other) });
  }
  return out;
}

/** One way to harm a pair of books, what must be found and where. */
export interface Harm {
  readonly name: string;
  readonly harm: (stores: Stores, at: number) => Stores;
  /** The entry that must be named for harm at `at`; `book` is the ledger where absent. */
  readonly named: (at: number) => number;
  readonly book?: 'journal';
  /** Found only against a checkpoint that somebody kept: alone it is consistent. */
  readonly pinnedOnly?: true;
  /** Where it is no harm of its own: the last entry deleted is an end cut off, and an export is of the tenant of its first entry. */
  readonly notAt?: 'first' | 'last';
  /** Only beside intact bytes in the store, which an export does not carry. */
  readonly storeOnly?: true;
}

const renumbered = (events: readonly StoredEntry[]): StoredEntry[] => events.map((event, revision) => ({ ...event, revision }));
const inLedger = (change: (ledger: readonly StoredEntry[], at: number) => readonly StoredEntry[]): Harm['harm'] => ({ ledger, journal }, at) => ({ ledger: renumbered(change(ledger, at)), journal });
const bytesAt = (change: (text: string) => string): Harm['harm'] => inLedger((ledger, at) => ledger.with(at, { ...ledger[at]!, bytes: Buffer.from(change(Buffer.from(ledger[at]!.bytes).toString('utf8'))) }));
/** In place, so that the same entry is named: its bytes are no longer canonical, or no entry. */
const same = (at: number): number => at;
const next = (at: number): number => at + 1;

/** Harm done at one entry; each is done at several places. */
export const LOCAL_HARMS: readonly Harm[] = [
  { name: 'one bit flipped in the hash before it', harm: bytesAt((text) => text.replace(/(.*"prev":")(.)/s, (_, before: string, digit: string) => `${before}${digit === '0' ? '1' : '0'}`)), named: same },
  { name: 'redacted: bytes overwritten in place', harm: bytesAt((text) => text.replace('"data":{', '"DATA":{')), named: same },
  { name: 'deleted', harm: inLedger((ledger, at) => [...ledger.slice(0, at), ...ledger.slice(at + 1)]), named: same, notAt: 'last' },
  { name: 'twice', harm: inLedger((ledger, at) => [...ledger.slice(0, at + 1), ...ledger.slice(at)]), named: next },
  { name: 'swapped with the one after it', harm: inLedger((ledger, at) => ledger.with(at, ledger[at + 1]!).with(at + 1, ledger[at]!)), named: same, notAt: 'last' },
  { name: 'another inserted before it', harm: inLedger((ledger, at) => [...ledger.slice(0, at), rehashed(ledger, at, () => ({ actor: 'thief' }))[at]!, ...ledger.slice(at)]), named: next },
  { name: "another tenant's in its place", harm: inLedger((ledger, at) => rehashed(ledger, at, () => ({ tenant: 'globex' }))), named: same, notAt: 'first' },
  { name: 'an escape for a character', harm: bytesAt((text) => text.replace('"v":1', '"\\u0076":1')), named: same },
  { name: 'another key order', harm: bytesAt((text) => `{"v":1,${text.slice(1).replace(',"v":1}', '}')}`), named: same },
  { name: 'a key twice', harm: bytesAt((text) => text.replace('{', '{"actor":"thief",')), named: same },
  { name: 'a space', harm: bytesAt((text) => `${text} `), named: same },
  { name: 'a number written otherwise', harm: bytesAt((text) => text.replace('"v":1}', '"v":1.0}')), named: same },
  { name: 'a lone surrogate', harm: bytesAt((text) => text.replace('"data":{', '"data":{"\\ud800":1,')), named: same },
  { name: 'cut in the middle', harm: bytesAt((text) => text.slice(0, text.length / 2)), named: same },
  { name: "the row's type changed beside intact bytes", harm: inLedger((ledger, at) => ledger.with(at, { ...ledger[at]!, type: 'note.other' })), named: same, storeOnly: true },
  { name: "the row's id changed beside intact bytes", harm: inLedger((ledger, at) => ledger.with(at, { ...ledger[at]!, id: 'another' })), named: same, storeOnly: true },
  { name: 'changed, and all hashes from there on made again', harm: inLedger((ledger, at) => rehashed(ledger, at, () => ({ actor: 'thief' }))), named: () => 0, pinnedOnly: true },
  // a thief of both books takes the journal entries as well whose receipts go
  { name: 'cut off with all after it, in both books', harm: ({ ledger, journal }, at) => ({ ledger: ledger.slice(0, at), journal: journal.slice(0, Math.floor(at / 2)) }), named: same, pinnedOnly: true, notAt: 'first' },
];

const LAST = JOURNAL - 1;
/** Where in the ledger the receipt of a journal entry stands. */
const receiptAt = (journalSeq: number): number => 1 + 2 * journalSeq;
const relied = (ledger: readonly StoredEntry[], journalSeq: number, change: (data: JsonObject) => JsonObject): readonly StoredEntry[] => rehashed(ledger, receiptAt(journalSeq), ({ data }) => ({ data: change(data) }));

/** Harm done to what holds the books together, with every hash made again. */
export const WHOLE_HARMS: readonly Harm[] = [
  { name: 'the head cut off', harm: inLedger((ledger) => ledger.slice(5)), named: () => 0 },
  { name: 'everything rewritten with recomputed hashes', harm: inLedger((ledger) => rehashed(ledger, 0, () => ({ actor: 'thief' }))), named: () => 0, pinnedOnly: true },
  { name: 'a time that runs backwards', harm: inLedger((ledger) => rehashed(ledger, 30, () => ({ at: WHEN }))), named: () => 30 },
  { name: 'another incarnation without a word', harm: inLedger((ledger) => rehashed(ledger, 30, () => ({ incarnation: 'other' }))), named: () => 30 },
  { name: 'a receipt without its journal entry', harm: ({ ledger, journal }) => ({ ledger, journal: journal.slice(0, LAST) }), named: () => receiptAt(LAST) },
  { name: 'a receipt whose copy differs', harm: inLedger((ledger) => relied(ledger, 7, (data) => ({ ...data, entry: { ...(isJsonObject(data.entry) ? data.entry : {}), actor: 'thief' } }))), named: () => receiptAt(7) },
  { name: 'a receipt that names another hash', harm: inLedger((ledger) => relied(ledger, 7, (data) => ({ ...data, hash: 'f'.repeat(64) }))), named: () => receiptAt(7) },
  { name: 'a journal entry rewritten under its receipt', harm: ({ ledger, journal }) => ({ ledger, journal: rehashed(journal, 7, () => ({ actor: 'thief' })) }), named: () => receiptAt(7) },
  { name: 'a journal entry without a receipt', harm: ({ ledger, journal }) => ({ ledger: unreceipted(ledger), journal }), named: () => 20, book: 'journal' },
  { name: 'a journal whose chain does not hold', harm: ({ ledger, journal }) => ({ ledger, journal: journal.with(9, journal[10]!) }), named: () => 9, book: 'journal' },
];

/** From journal entry 20 on no receipt was taken, and the ledger went on for longer than five minutes. */
function unreceipted(ledger: readonly StoredEntry[]): readonly StoredEntry[] {
  const kept = ledger.slice(0, receiptAt(20)).map(({ bytes }): Said => decodeEntry(bytes));
  return sampleBook('acme', [...kept, { type: 'note.taken', case: 'c-1', data: {}, after: 600 }], WHEN);
}
