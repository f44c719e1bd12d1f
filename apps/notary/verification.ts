import { type ChainVerdict, type Entry, type EventStore, verifyChain } from '#ledger';
import { type BookName, entriesOf } from './books.js';
import { type Finding, type Receipts, TwoBooks } from './two-books.js';

/** What a recomputation of one book came to: how many entries hold, and the head where all of them do. */
export interface BookReport {
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

/** The answer of the verification end point. */
export interface Verification {
  readonly verdict: 'consistent' | 'inconsistent';
  readonly ledger: BookReport;
  readonly journal: BookReport;
  readonly receipts: Receipts;
  readonly finding?: Finding;
  /** What the verdict does not claim: a book rewritten from its start with new hashes is consistent too. */
  readonly rests_on: 'the books themselves';
}

/**
 * Recomputes both books of a tenant from the stream and holds them against each other.
 * @throws CodedError `cancelled`, `store_unreachable`, `store_refused`.
 */
export async function verifyBooks(store: EventStore, tenant: string, now: Date, signal: AbortSignal): Promise<Verification> {
  const books = new TwoBooks(now.toISOString());
  const chain = (book: BookName, witness: (entry: Entry, hash: string) => void): Promise<ChainVerdict> => verifyChain(entriesOf(store, book, tenant, signal), tenant, witness);
  const ledger = await chain('ledger', (entry) => books.ledgerEntry(entry));
  const journal = await chain('journal', (entry, hash) => books.journalEntry(entry, hash));
  const { receipts, finding: between } = books.result();
  const finding = broken('ledger', ledger) ?? broken('journal', journal) ?? (ledger.entries === 0 ? EMPTY : between);
  return { verdict: finding ? 'inconsistent' : 'consistent', ledger: reportOf(ledger), journal: reportOf(journal), receipts, ...(finding && { finding }), rests_on: 'the books themselves' };
}

/** A tenant that is served has a first entry: without one, everything was taken away. */
const EMPTY: Finding = { book: 'ledger', seq: 0, code: 'empty', message: 'the ledger has no entry' };

function broken(book: BookName, verdict: ChainVerdict): Finding | undefined {
  return verdict.consistent ? undefined : { book, seq: verdict.at, code: verdict.code, message: verdict.message };
}

function reportOf(verdict: ChainVerdict): BookReport {
  return { entries: verdict.entries, head: verdict.consistent && verdict.head.seq >= 0 ? { seq: verdict.head.seq, hash: verdict.head.hash } : null };
}
