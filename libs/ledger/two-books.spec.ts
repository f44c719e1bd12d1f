import { describe, expect, it } from '@jest/globals';
import { decodeEntry, entryHash, type StoredEntry } from './index.js';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { TwoBooks } from './two-books.js';

/** A journal of `count` entries, told within five minutes of nine o'clock. */
const journalOf = (count: number): readonly StoredEntry[] =>
  sampleBook('acme', Array.from({ length: count }, (_, i): Said => ({ type: i === 0 ? 'journal.opened' : 'lease.requested', case: null, data: { order: i, portal: 'scim' } })));

const receiptOf = ({ revision, bytes }: StoredEntry): Said => ({ type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } });

function compare(receipts: readonly Said[], journal: readonly StoredEntry[], now = '2026-11-23T09:00:30.000Z') {
  const books = new TwoBooks(() => now);
  sampleBook('acme', [{ type: 'ledger.opened', case: null, data: {} }, ...receipts]).forEach(({ bytes }) => books.ledgerEntry(decodeEntry(bytes)));
  journal.forEach(({ bytes }) => books.journalEntry(decodeEntry(bytes), entryHash(bytes)));
  return books.result();
}

describe('two books', () => {
  const journal = journalOf(5);
  const receipts = journal.map(receiptOf);

  it('fit when each journal entry has its receipt, in order', () => {
    expect(compare(receipts, journal)).toEqual({ receipts: { matched: 5, missing: [], unreceipted: [] }, finding: undefined });
  });

  it('may differ for five minutes and no longer', () => {
    expect(compare(receipts.slice(0, 3), journal, '2026-11-23T09:05:03.000Z').finding).toBeUndefined();
    const late = compare(receipts.slice(0, 3), journal, '2026-11-23T09:05:03.001Z');
    expect(late).toMatchObject({ receipts: { matched: 3, unreceipted: [3] }, finding: { book: 'journal', seq: 3, code: 'entry_without_receipt' } });
  });

  it('differ where a receipt has no journal entry: the doer took its word back', () => {
    expect(compare(receipts, journal.slice(0, 3))).toMatchObject({ receipts: { matched: 3, missing: [3, 4] }, finding: { book: 'ledger', seq: 4, code: 'receipt_without_entry' } });
    expect(compare(receipts, [])).toMatchObject({ receipts: { matched: 0, missing: [0, 1, 2, 3, 4] } });
  });

  it('differ where the journal was rewritten under its receipts', () => {
    const rewritten = sampleBook('acme', [{ type: 'journal.opened', case: null, data: { order: 0, portal: 'directory' } }]);
    expect(compare(receipts.slice(0, 1), rewritten)).toMatchObject({ receipts: { matched: 0, missing: [0] }, finding: { seq: 1, code: 'receipt_without_entry' } });
  });

  it.each<[string, (receipt: Said) => Said['data']]>([
    ['another entry under the same hash', ({ data }) => ({ ...data, entry: { ...(data.entry as object), type: 'order.finished' } })],
    ['no entry', ({ data }) => ({ ...data, entry: null })],
    ['another hash', ({ data }) => ({ ...data, hash: 'f'.repeat(64) })],
    ['a hash that is none', ({ data }) => ({ ...data, hash: 7 })],
  ])('show a receipt with %s', (_, forge) => {
    const forged = receipts.map((receipt, i) => (i === 2 ? { ...receipt, data: forge(receipt) } : receipt));
    expect(compare(forged, journal).finding).toMatchObject({ book: 'ledger', seq: 3, code: 'receipt_altered' });
  });

  it('show receipts that are twice there, left out or out of order', () => {
    const [first, second, third] = receipts as [Said, Said, Said];
    for (const order of [[first, first], [first, third], [second, first]]) expect(compare(order, journal).finding?.code).toBe('receipt_order');
  });
});
