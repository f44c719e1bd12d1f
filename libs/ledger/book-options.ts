import type { BookMachine, NewEntry } from './deciding.js';
import type { Entry } from './entry.js';
import type { EntrySeal } from './entry-seal.js';
import type { EventStore } from './event-store.js';
import type { KeptHead } from './kept-head.js';
import type { Snapshots } from './snapshot.js';

/** One book of one tenant, and the machine that decides what is written there. */
export interface BookOptions<State, Command> {
  readonly store: EventStore;
  readonly stream: string;
  readonly tenant: string;
  /** The first entry of a new book. */
  readonly opening: NewEntry;
  readonly machine: BookMachine<State, Command>;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Makes the ids of entries, and tells those of this book's writer from what somebody else put into the store. */
  readonly seal: EntrySeal;
  /** How long a command may wait for a store that is away, in milliseconds. */
  readonly patienceMs: number;
  /** Where this process keeps the book's head outside the store. */
  readonly kept?: KeptHead;
  /** Where the fold is kept, so that a start need not read all of the book; without it, it does. */
  readonly snapshots?: Snapshots<State>;
}

/** What a command led to: its entries (none for a repeated one) and the state after them. */
export interface Committed<State> {
  readonly entries: readonly Entry[];
  readonly state: State;
}
