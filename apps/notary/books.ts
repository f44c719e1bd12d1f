import { CodedError } from '#decider';
import type { EventStore, StoredEntry } from '#ledger';

/** A tenant's two books, and the streams that hold them. */
export const BOOKS = { ledger: 'ledger-', journal: 'doer-' } as const;
export type BookName = keyof typeof BOOKS;

const PAGE = 256;

/**
 * All that a book holds, page by page: one long read would outlive its deadline, and other requests get their turn between pages.
 * @throws CodedError `cancelled` once the signal says so, and what the store throws.
 */
export async function* entriesOf(store: EventStore, book: BookName, tenant: string, signal: AbortSignal): AsyncGenerator<StoredEntry, undefined> {
  for (let from = 0, found = PAGE; found === PAGE; from += PAGE) {
    if (signal.aborted) throw new CodedError('cancelled', 'nobody waits for this any more');
    found = 0;
    for await (const stored of store.read(`${BOOKS[book]}${tenant}`, from, PAGE)) {
      found += 1;
      yield stored;
    }
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}
