import { CodedError, type JsonObject } from '#decider';
import { Book, type BookMachine, type BookOptions, decodeEntry, type Entry, EntrySeal, type Head, type NewEvent, verifyChain } from '#ledger';
import type { MemoryStore } from './memory-store.js';

export const STREAM = 'ledger-acme';
/** The key of the book's writer; another process of the same app holds it too. */
export const SEAL = new EntrySeal(new Uint8Array(32).fill(9));

/** `note` always writes, `once` is idempotent by its key, `pair` writes two entries, `refuse` throws. */
export type TallyCommand =
  | { readonly do: 'note' | 'once' | 'pair'; readonly key: string; readonly bytes?: number }
  | { readonly do: 'refuse' };

/** How often each key was written, and the order of all. */
export interface Tally {
  readonly keys: readonly string[];
  readonly perCase: Readonly<Record<string, number>>;
}

/** A machine that is small enough to see through, for tests of what carries it. */
export const tally: BookMachine<Tally, TallyCommand> = {
  initial: { keys: [], perCase: {} },
  evolve(state, entry) {
    if (entry.type !== 'key.tallied') return state;
    const perCase = entry.case === null ? state.perCase : { ...state.perCase, [entry.case]: (state.perCase[entry.case] ?? 0) + 1 };
    return { keys: [...state.keys, JSON.stringify(entry.data.key)], perCase };
  },
  decide(command, state) {
    if (command.do === 'refuse') throw new CodedError('refused_here', 'this command is never allowed');
    if (command.do === 'once' && state.keys.includes(JSON.stringify(command.key))) return [];
    const data: JsonObject = { key: command.key, fill: 'x'.repeat(command.bytes ?? 0) };
    const one = { type: 'key.tallied', case: `c-${command.key.slice(0, 1)}`, actor: 'test', data };
    return command.do === 'pair' ? [one, { ...one, data: { ...data, key: `${command.key}'` } }] : [one];
  },
  entriesOf: (state, caseId) => state.perCase[caseId] ?? 0,
};

let ids = 0;
/** Ids that differ within the process. */
export const newId = (): string => `id-${(ids += 1)}`;

/** A clock that stands until it is moved, in milliseconds. */
export class Clock {
  now = Date.UTC(2026, 0, 1);
  readonly read = (): Date => new Date(this.now);
}

export type TallyBook = Book<Tally, TallyCommand>;

const open: TallyBook[] = [];

/** A tally over `store`, as one process opens it. */
export async function openTally(store: MemoryStore, options: Partial<BookOptions<Tally, TallyCommand>> = {}): Promise<TallyBook> {
  const opening = { type: 'ledger.opened', case: null, actor: 'test', data: {} };
  const book = await Book.open({ store, stream: STREAM, tenant: 'acme', opening, machine: tally, clock: new Clock().read, newId, seal: SEAL, patienceMs: 10_000, ...options });
  open.push(book);
  return book;
}

/** Closes every tally that a test has opened, so that none follows on. */
export async function closeTallies(): Promise<void> {
  for (const book of open.splice(0)) await book.close();
}

/** The entry that another process of the same app puts after `head`. */
export function entryAfter(head: Head, key: string, changes: Partial<Entry> = {}): NewEvent {
  const { entry, bytes } = SEAL.sealed({
    v: 1, tenant: 'acme', incarnation: head.incarnation ?? 'none', seq: head.seq + 1, type: 'key.tallied', case: null, caseSeq: null,
    at: head.at, actor: 'another', command: newId(), prev: head.hash, data: { key, fill: '' }, ...changes,
  });
  return { id: entry.id, type: entry.type, bytes };
}

/** Everything that was tallied, as it stands in the store. */
export function keysOf(store: MemoryStore): unknown[] {
  return store.all(STREAM).slice(1).map(({ bytes }) => decodeEntry(bytes).data.key);
}

/** The head of what stands in the store; throws where its chain does not hold. */
export async function headOf(store: MemoryStore): Promise<Head> {
  const verdict = await verifyChain(store.all(STREAM), 'acme');
  if (!verdict.consistent) throw new Error(verdict.message);
  return verdict.head;
}

/** Resolves when the book tells of `key`. */
export function heard(book: TallyBook, key: string): Promise<void> {
  return new Promise((resolve) => book.onEntry(({ data }) => data.key === key && resolve()));
}
