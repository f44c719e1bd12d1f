import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, CodedError } from '#decider';
import { type BookName, type EventStore, pagesOf, type StoredEntry } from '#ledger';

/** A tenant's two books, and the streams that hold them. */
export const BOOKS = { ledger: 'ledger-', journal: 'doer-' } as const satisfies Record<BookName, string>;

/** A stream, as far as it is read here. */
export interface Reading {
  readonly store: EventStore;
  readonly stream: string;
  readonly signal: AbortSignal;
}

const LONGEST_PAUSE_MS = 2_000;
const PASSING: ReadonlySet<string | undefined> = new Set(['store_unreachable', 'store_refused']);

/**
 * All that a stream holds from event `first` on; other requests get their turn between its pages.
 * @throws CodedError `cancelled` once the signal says so, and what the store throws.
 */
export async function* eventsOf({ store, stream, signal }: Reading, first = 0): AsyncGenerator<StoredEntry, undefined> {
  const assertWanted = (): void => {
    if (signal.aborted) throw new CodedError('cancelled', 'nobody waits for this any more');
  };
  assertWanted();
  for await (const page of pagesOf(store, stream, first)) {
    assertWanted();
    yield* page;
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

/** Does `work` again while the store is away, which `heard` is told (undefined once it is done). @throws what else `work` throws, `cancelled` included. */
export async function patiently(signal: AbortSignal, heard: (fault: string | undefined) => void, work: () => Promise<void>): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await work();
      heard(undefined);
      return;
    } catch (error) {
      const code = codeOf(error);
      if (!PASSING.has(code)) throw error;
      heard(code);
      await delay(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures), undefined, { signal }).catch(() => undefined);
    }
  }
}
