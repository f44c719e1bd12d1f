import { CodedError, type JsonObject } from '#decider';
import { EMPTY_HEAD, follow, type Head } from './chain.js';
import { chain, type Circumstances } from './deciding.js';
import type { EventStore } from './event-store.js';
import type { BookName } from './held-heads.js';
import { type Reopening, REOPENED, reopeningIn, tellsOf } from './reopening.js';
import { CompactRange, leafHash, type TreeHead } from './tree.js';

/** A tree head that was signed, with its note. */
export interface SignedTreeHead extends TreeHead {
  readonly note: string;
}

/** What is known of a book from outside the store. */
export interface Known {
  /** The heads that its processes kept. */
  readonly kept: readonly Head[];
  /** The heads that the notary signed. */
  readonly signed: readonly SignedTreeHead[];
}

/** Which book, in which store. */
export interface BookPlace {
  readonly store: EventStore;
  readonly stream: string;
  readonly book: BookName;
  readonly tenant: string;
}

/** How a book compares with what is known of it. */
export interface BookSurvey {
  readonly head: Head;
  /** The signed heads that are not of this book. */
  readonly lostSigned: readonly SignedTreeHead[];
  /** What a reopening would have to state; undefined where nothing was lost, or the book itself says so already. */
  readonly loss: Reopening | undefined;
}

/**
 * Reads a book to its end and holds it against what is known of it.
 * @throws CodedError of `follow` where the book does not hold; `book_empty` where the store has none of it; `not_a_restore` where it differs
 *   from what is known before its end: that is no older state of the same book.
 */
export async function surveyBook({ store, stream, book, tenant }: BookPlace, known: Known): Promise<BookSurvey> {
  let head = EMPTY_HEAD;
  const tree = new CompactRange();
  const reopenings: Reopening[] = [];
  const [keptAt, signedAt] = [by(known.kept, ({ seq }) => seq), by(known.signed, ({ size }) => size)];
  const foundKept = new Set<Head>();
  const foundSigned = new Set<SignedTreeHead>();
  for await (const stored of store.read(stream, 0)) {
    const next = follow(head, stored, tenant);
    head = next.head;
    tree.append(leafHash(stored.bytes));
    const reopening = reopeningIn(next.entry);
    if (reopening) reopenings.push(reopening);
    for (const kept of keptAt.get(head.seq) ?? []) if (kept.hash === head.hash) foundKept.add(kept);
    for (const signed of signedAt.get(tree.size) ?? []) if (Buffer.compare(signed.root, tree.root()) === 0) foundSigned.add(signed);
  }
  const entries = head.seq + 1;
  if (entries === 0) throw new CodedError('book_empty', `the store holds no entry of the ${book}: restore a backup first`);
  const lostSigned = known.signed.filter((signed) => !foundSigned.has(signed));
  const untoldKept = known.kept.filter((kept) => !foundKept.has(kept) && !reopenings.some((reopening) => tellsOf(reopening, kept)));
  const untoldSigned = lostSigned.filter(({ size }) => !reopenings.some(({ restored, known: told }) => restored.entries < size && size <= told.entries));
  const beside = untoldKept.find(({ seq }) => seq < entries)?.seq ?? untoldSigned.find(({ size }) => size <= entries)?.size;
  if (beside !== undefined) throw new CodedError('not_a_restore', `the ${book} differs from what was known at entry ${beside} or before it: this is no older state of it`);
  const lastKept = untoldKept.toSorted((a, b) => a.seq - b.seq).at(-1);
  const lastSigned = untoldSigned.toSorted((a, b) => a.size - b.size).at(-1);
  const knownEntries = Math.max(lastKept ? lastKept.seq + 1 : 0, lastSigned?.size ?? 0);
  if (knownEntries === 0) return { head, lostSigned, loss: undefined };
  const hash = lastKept && lastKept.seq + 1 === knownEntries ? lastKept.hash : null;
  const incarnation = lastKept?.incarnation ?? head.incarnation ?? '';
  return { head, lostSigned, loss: { restored: { entries, hash: head.hash }, known: { entries: knownEntries, hash, incarnation, checkpoint: lastSigned?.note ?? null } } };
}

/**
 * Begins a new incarnation of a book after its present end, stating what a restore lost.
 * @returns the number of the entry that states it.
 * @throws CodedError `wrong_revision` where somebody has appended since the survey; of the store.
 */
export async function reopenBook({ store, stream, book, tenant }: BookPlace, { head, loss }: BookSurvey & { readonly loss: Reopening }, how: Omit<Circumstances, 'tenant'>): Promise<number> {
  const now = how.clock().toISOString();
  const data: JsonObject = { restored: { ...loss.restored }, known: { ...loss.known } };
  const wanted = { type: REOPENED[book], case: null, actor: 'operator', data };
  const { entry, bytes } = chain(wanted, { ...head, incarnation: null }, null, now > head.at ? now : head.at, how.newId(), { ...how, tenant });
  await store.append(stream, [{ id: entry.id, type: entry.type, bytes }], head.seq);
  return entry.seq;
}

/** Items by a number of theirs: a notary signs thousands of heads, and a book has millions of entries. */
function by<T>(items: readonly T[], numberOf: (item: T) => number): ReadonlyMap<number, readonly T[]> {
  const found = new Map<number, T[]>();
  for (const item of items) found.set(numberOf(item), [...(found.get(numberOf(item)) ?? []), item]);
  return found;
}
