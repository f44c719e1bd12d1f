import { isJsonObject, type JsonObject } from '#decider';
import { CompactRange, decodeEntry, encodeEntry, type Entry, entryHash, type HeldHead, leafHash, NO_PREVIOUS, type StoredEntry } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';

/** A pair of books as the store holds them, and the notary's checkpoints beside them where they are harmed too. */
export interface Books {
  readonly ledger: readonly StoredEntry[];
  readonly journal: readonly StoredEntry[];
  readonly checkpoints?: readonly StoredEntry[];
}

const JOURNAL = 40;
const WHEN = '2026-11-23T09:00:00.000Z';
/** What JSON can say in more than one way: keys like integers, minus zero, a number with an exponent, a line separator. */
const CONTENT: JsonObject = { 9: 'nine', 10: 'ten', zero: 0, large: 1e21, line: '\u2028', text: 'redact me' };

/** Two books that fit: each journal entry has its receipt, with case entries of `content` between. */
export function honest(tenant = 'acme', length = JOURNAL, content: (n: number) => JsonObject = (n) => ({ ...CONTENT, n })): Books {
  const told = Array.from({ length }, (_, n): Said => ({ type: n === 0 ? 'journal.opened' : 'lease.requested', case: null, data: { ...CONTENT, n } }));
  const journal = sampleBook(tenant, told, WHEN);
  const said = journal.flatMap((entry, n): Said[] => [receiptOf(entry), { type: 'note.taken', case: 'c-1', data: content(n) }]);
  return { ledger: sampleBook(tenant, [{ type: 'ledger.opened', case: null, data: CONTENT }, ...said], WHEN), journal };
}

function receiptOf({ revision, bytes }: StoredEntry): Said {
  return { type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } };
}

/** Where in the ledger the receipt of a journal entry stands. */
export function receiptAt(journalSeq: number): number {
  return 1 + 2 * journalSeq;
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

/** Journal entry `place` said otherwise, its receipt with it, and all hashes of both books made again. */
export function rehashedInBoth({ ledger, journal }: Books, place: number, change: (entry: Entry) => Partial<Entry>): Books {
  const other = rehashed(journal, place, change);
  const forged = other.slice(place).reduce((book, entry) => rehashed(book, receiptAt(entry.revision), () => ({ data: receiptOf(entry).data })), ledger);
  return { ledger: forged, journal: other };
}

/** From journal entry `place` on no receipt was taken, and the ledger went on for longer than five minutes. */
export function unreceipted({ ledger, journal }: Books, place: number): Books {
  const kept = ledger.slice(0, receiptAt(place)).map(({ bytes }): Said => decodeEntry(bytes));
  return { ledger: sampleBook('acme', [...kept, { type: 'note.taken', case: 'c-1', data: {}, after: 600 }], WHEN), journal };
}

/** The copy that a receipt holds, said otherwise. */
export function copyChanged(data: JsonObject): JsonObject {
  return { ...data, entry: { ...(isJsonObject(data.entry) ? data.entry : {}), actor: 'thief' } };
}

/** The head over the first `size` entries of a ledger, as an auditor would have kept it. */
export function headOver(ledger: readonly StoredEntry[], size = ledger.length): HeldHead {
  const range = new CompactRange();
  for (const { bytes } of ledger.slice(0, size)) range.append(leafHash(bytes));
  return { size, root: range.root(), book: 'ledger', holder: 'auditor' };
}
