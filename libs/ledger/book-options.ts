import type { BookMachine, NewEntry } from './deciding.js';
import type { EventStore } from './event-store.js';
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
  /** How long a command may wait for a store that is away, in milliseconds. */
  readonly patienceMs: number;
  /** Where the fold is kept, so that a start need not read all of the book; without it, it does. */
  readonly snapshots?: Snapshots<State>;
}
