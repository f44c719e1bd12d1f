import { copyChanged, receiptAt, rehashed, rehashedInBoth, unreceipted } from './books.js';
import { type Harm, inLedger } from './harm.js';

const LAST = 39;
const EARLY = '2026-11-23T09:00:00.000Z';
const receiptChanged = (change: typeof copyChanged): Harm['harm'] => inLedger((ledger) => rehashed(ledger, receiptAt(7), ({ data }) => ({ data: change(data) })));

/** Harm done once to what holds the books together, with every hash made again. */
export const BOOK_HARMS: readonly Harm[] = [
  { name: 'all of both books taken away', harm: () => ({ ledger: [], journal: [] }), named: () => 0 },
  { name: 'the head cut off', harm: inLedger((ledger) => ledger.slice(5)), named: () => 0 },
  { name: "the journal's head cut off", harm: ({ ledger, journal }) => ({ ledger, journal: journal.slice(5).map((entry, revision) => ({ ...entry, revision })) }), named: () => 0, book: 'journal' },
  { name: 'everything rewritten with recomputed hashes', harm: inLedger((ledger) => rehashed(ledger, 0, () => ({ actor: 'thief' }))), named: () => 0, pinned: 'always' },
  { name: 'both books rewritten with recomputed hashes and receipts', harm: (books) => rehashedInBoth(books, 0, () => ({ actor: 'thief' })), named: () => 0, pinned: 'always' },
  { name: 'each book in the place of the other', harm: ({ ledger, journal }) => ({ ledger: journal, journal: ledger }), named: () => 0 },
  { name: 'a time that runs backwards', harm: inLedger((ledger) => rehashed(ledger, 30, () => ({ at: EARLY }))), named: () => 30 },
  { name: 'another incarnation without a word', harm: inLedger((ledger) => rehashed(ledger, 30, () => ({ incarnation: 'other' }))), named: () => 30 },
  { name: 'a receipt without its journal entry', harm: ({ ledger, journal }) => ({ ledger, journal: journal.slice(0, LAST) }), named: () => receiptAt(LAST) },
  { name: 'a receipt whose copy differs', harm: receiptChanged(copyChanged), named: () => receiptAt(7) },
  { name: 'a receipt that names another hash', harm: receiptChanged((data) => ({ ...data, hash: 'f'.repeat(64) })), named: () => receiptAt(7) },
  { name: 'a receipt of another number', harm: receiptChanged((data) => ({ ...data, seq: 8 })), named: () => receiptAt(7) },
  { name: 'a journal entry rewritten under its receipt', harm: ({ ledger, journal }) => ({ ledger, journal: rehashed(journal, 7, () => ({ actor: 'thief' })) }), named: () => receiptAt(7) },
  { name: 'a journal entry without a receipt', harm: (books) => unreceipted(books, 20), named: () => 20, book: 'journal' },
  { name: 'a journal whose chain does not hold', harm: ({ ledger, journal }) => ({ ledger, journal: journal.with(9, { ...journal[10]!, revision: 9 }) }), named: () => 9, book: 'journal' },
];
