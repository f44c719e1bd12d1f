import { CodedError, type Instant } from '#decider';
import { type BookEvent, type ChainVerdict, verifyChain } from './chain.js';
import type { Entry } from './entry.js';
import { type BookName, type Finding, type HeldHead, HeldHeads } from './held-heads.js';
import type { Loss } from './reopening.js';
import { TimeFrame, type TimeReport } from './time-bounds.js';
import type { CompactRange } from './tree.js';
import { type Receipts, TwoBooks } from './two-books.js';

/** What a recomputation of one book came to: how many entries hold; its head and the root over the same entries where all of them do. */
export interface BookReport {
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string; readonly at: Instant } | null;
  readonly root: string | null;
}

/** The verdict over a tenant's books. */
export interface Verification {
  readonly verdict: 'consistent' | 'consistent_with_pinned' | 'inconsistent';
  readonly ledger: BookReport;
  readonly journal?: BookReport;
  readonly receipts?: Receipts;
  readonly finding?: Finding;
  /** What restores lost, as the books themselves state it; absent where there was none. */
  readonly losses?: readonly Loss[];
  /** What each book's entries claim of their times, and what the heads that were kept say to it. */
  readonly time: { readonly ledger: TimeReport; readonly journal?: TimeReport };
  /** What the verdict stands on: a book rewritten from its start with new hashes is consistent with itself. */
  readonly rests_on: readonly string[];
}

/** What is verified: a ledger, the journal beside it where there is one, and the heads that were kept of them. */
export interface Verifiable {
  readonly tenant: string;
  readonly ledger: AsyncIterable<BookEvent> | Iterable<BookEvent>;
  readonly journal?: AsyncIterable<BookEvent> | Iterable<BookEvent>;
  readonly held: readonly HeldHead[];
  /** When the books were read: a receipt is due five minutes after its journal entry. Absent: when the ledger's last entry was written. */
  readonly now?: Instant;
}

/**
 * Recomputes chain and tree of both books in one pass over each, and holds them against each other and against the held heads.
 * @throws CodedError `journal_missing` for a head of a journal that is not there to be held against it, and what reading throws.
 */
export async function verifyBooks({ tenant, held, now, ...books }: Verifiable): Promise<Verification> {
  if (!books.journal && held.some(({ book }) => book === 'journal')) throw new CodedError('journal_missing', 'a checkpoint of the journal says nothing without the journal');
  let last: Instant = '';
  let misplaced: Finding | undefined;
  const between = new TwoBooks(() => now ?? last);
  const heads = { ledger: new HeldHeads('ledger', held), journal: new HeldHeads('journal', held) };
  const times = { ledger: new TimeFrame(held.filter(({ book }) => book === 'ledger')), journal: new TimeFrame(held.filter(({ book }) => book === 'journal')) };
  const chain = (book: BookName, events: Verifiable['ledger'], show: (entry: Entry, hash: string) => void): Promise<ChainVerdict> =>
    verifyChain(events, tenant, (entry, hash, tree: Pick<CompactRange, 'size' | 'root'>) => {
      // a book alone may be either; beside the other one, each must be what it stands for
      if (books.journal && entry.seq === 0 && entry.type !== `${book}.opened`) misplaced ??= { book, seq: 0, code: 'other_book', message: `it begins with ${entry.type}, so it is not the ${book}` };
      heads[book].entry(entry, tree);
      times[book].entry(entry);
      show(entry, hash);
    });
  const ledger = await chain('ledger', books.ledger, (entry) => {
    last = entry.at;
    if (books.journal) between.ledgerEntry(entry);
  });
  const journal = books.journal && (await chain('journal', books.journal, (entry, hash) => between.journalEntry(entry, hash)));
  const compared = journal && between.result();
  const covered = { ledger: heads.ledger.result(ledger.entries), ...(journal && { journal: heads.journal.result(journal.entries) }) };
  const finding =
    broken('ledger', ledger) ?? (journal && broken('journal', journal)) ?? misplaced ?? covered.ledger.finding ?? covered.journal?.finding ?? (ledger.entries === 0 ? EMPTY : compared?.finding);
  const losses = [...covered.ledger.losses, ...(covered.journal?.losses ?? [])];
  const pinned = held.some(({ holder }) => holder === 'auditor');
  const rests = (['notary', 'auditor'] as const).flatMap((holder) =>
    (['ledger', 'journal'] as const).flatMap((book) => {
      const size = covered[book]?.covered(holder);
      return size === undefined ? [] : [`a checkpoint over ${size} entries of the ${book} that the ${holder} holds`];
    }),
  );
  const cosigned = (['ledger', 'journal'] as const).flatMap((book) => (covered[book]?.cosigned ?? []).map(({ witness, at, size }) => `a cosignature by ${witness} of ${at} over ${size} entries of the ${book}`));
  return {
    verdict: finding ? 'inconsistent' : pinned ? 'consistent_with_pinned' : 'consistent',
    ledger: reportOf(ledger),
    ...(journal && compared && { journal: reportOf(journal), receipts: compared.receipts }),
    ...(finding && { finding }),
    ...(losses.length > 0 && { losses }),
    time: { ledger: times.ledger.report(ledger.entries), ...(journal && { journal: times.journal.report(journal.entries) }) },
    rests_on: ['the books themselves', ...rests, ...cosigned],
  };
}

/** A tenant that is served has a first entry: without one, everything was taken away. */
const EMPTY: Finding = { book: 'ledger', seq: 0, code: 'empty', message: 'the ledger has no entry' };

function broken(book: BookName, verdict: ChainVerdict): Finding | undefined {
  return verdict.consistent ? undefined : { book, seq: verdict.at, code: verdict.code, message: verdict.message };
}

function reportOf(verdict: ChainVerdict): BookReport {
  const { entries } = verdict;
  if (!verdict.consistent || entries === 0) return { entries, head: null, root: null };
  const { seq, hash, at } = verdict.head;
  return { entries, head: { seq, hash, at }, root: Buffer.from(verdict.tree.root).toString('hex') };
}
