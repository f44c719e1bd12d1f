import type { Head } from './chain.js';
import type { Entry } from './entry.js';
import type { EventStore } from './event-store.js';
import type { KeptHead } from './kept-head.js';
import { type Reopening, reopeningIn, tellsOf } from './reopening.js';
import { assertNotBehind } from './subscription.js';

/** Holds a book against the head that its process kept before, and keeps its head from then on. */
export class HeadGuard {
  readonly #reopenings: Reopening[] = [];
  #keeping = false;

  constructor(
    private readonly store: EventStore,
    private readonly stream: string,
    private readonly kept: KeptHead | undefined,
  ) {}

  get fault(): string | undefined {
    return this.kept?.fault;
  }

  /** Shown each entry once, in order. */
  entry(entry: Entry, head: Head): void {
    const reopening = reopeningIn(entry);
    if (reopening) this.#reopenings.push(reopening);
    if (this.#keeping) this.kept?.keep(head);
  }

  /**
   * Asked once the book was read to its end.
   * @param folded - the head of a fold that was kept and that the store contradicts.
   * @throws CodedError `store_behind` or `prev_mismatch` where the store lost what was kept and the book does not say so; `kept_head_unreadable`.
   */
  async assertKept(folded: Head | undefined): Promise<void> {
    for (const head of [folded, this.kept?.load()]) if (head) await this.#assertHeld(head);
  }

  /** Not before `assertKept`: an older head must never take the place of the one that shows a rollback. */
  keepFrom(head: Head): void {
    this.#keeping = true;
    this.kept?.keep(head);
  }

  async settled(): Promise<void> {
    await this.kept?.settled();
  }

  async #assertHeld(head: Head): Promise<void> {
    await assertNotBehind(this.store, this.stream, head).catch((error: unknown) => {
      if (!this.#reopenings.some((reopening) => tellsOf(reopening, head))) throw error;
    });
  }
}
