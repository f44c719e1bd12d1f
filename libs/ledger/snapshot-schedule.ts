import { codeOf } from '#decider';
import type { EventStore } from './event-store.js';
import type { Folded, Snapshots } from './snapshot.js';
import { assertNotBehind } from './subscription.js';

/** A snapshot is due after so many entries, and in a long book after this share of it: what a crash leaves to replay stays a small part. */
const FEWEST_ENTRIES = 10_000;
const SHARE = 50;

/** Says when a fold is worth keeping, and keeps one at a time. */
export class SnapshotSchedule<State> {
  #keptAt = -1;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly snapshots: Snapshots<State>,
    private readonly now: () => Folded<State>,
  ) {}

  /** The last snapshot is of the fold at entry `seq`. */
  keptAt(seq: number): void {
    this.#keptAt = seq;
  }

  /** Asked after entries were taken, up to `seq`: begins to write where it is time. */
  look(seq: number): void {
    if (!this.#writing && seq - this.#keptAt >= Math.max(FEWEST_ENTRIES, seq / SHARE)) this.#begin();
  }

  /** Keeps what is not kept yet. */
  async finish(): Promise<void> {
    await this.#writing;
    if (this.now().head.seq > this.#keptAt) this.#begin();
    await this.#writing;
  }

  #begin(): void {
    const folded = this.now();
    this.#keptAt = folded.head.seq;
    this.#writing = this.snapshots.write(folded).finally(() => (this.#writing = undefined));
  }
}

/**
 * The fold that was kept, held against the store: `contradiction` where the entry that it ends with is not there any more, or is another one.
 * @throws CodedError `store_unreachable`, `store_refused`.
 */
export async function keptFold<State>({ store, stream, snapshots }: { readonly store: EventStore; readonly stream: string; readonly snapshots?: Snapshots<State> }): Promise<{ readonly kept: Folded<State> | undefined; readonly contradiction?: unknown }> {
  const kept = await snapshots?.read();
  if (!kept) return { kept };
  try {
    await assertNotBehind(store, stream, kept.head);
    return { kept };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'store_unreachable' || code === 'store_refused') throw error;
    return { kept, contradiction: error };
  }
}
