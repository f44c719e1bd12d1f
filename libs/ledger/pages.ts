import type { StoredEntry } from './chain.js';
import type { EventStore } from './event-store.js';

/** How many events one read of the store asks for. */
const PAGE = 1_024;

/**
 * All that a stream holds from event `first` on, page by page. Each page is read whole before it is handed out, so that no read of the store
 * (whose deadline is short) waits for a slow taker; the next one is read meanwhile.
 * @throws what the store throws.
 */
export async function* pagesOf(store: Pick<EventStore, 'read'>, stream: string, first = 0): AsyncGenerator<readonly StoredEntry[], undefined> {
  const read = async (from: number): Promise<readonly StoredEntry[]> => {
    const page: StoredEntry[] = [];
    for await (const stored of store.read(stream, from, PAGE)) page.push(stored);
    return page;
  };
  for (let from = first, reading = read(from); ; from += PAGE) {
    const page = await reading;
    const last = page.length < PAGE;
    if (!last) {
      reading = read(from + PAGE);
      // whoever takes no further page shall not leave a fault that nobody hears
      reading.catch(() => undefined);
    }
    if (page.length > 0) yield page;
    if (last) return;
  }
}
