import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, CodedError } from '#decider';
import { follow, type Head } from './chain.js';
import { type Entry, entryHash } from './entry.js';
import type { EventStore } from './event-store.js';

/** What to follow, from where, and whom to tell. */
export interface Following {
  readonly store: EventStore;
  readonly stream: string;
  readonly tenant: string;
  /** Where the follower stands; asked again after each lost connection. */
  readonly head: () => Head;
  /** Takes one proven entry; a promise holds the stream back until it settles. */
  readonly take: (entry: Entry, head: Head, bytes: Uint8Array) => Promise<void> | void;
  /** Hears that the store is away (a code), or back (undefined). */
  readonly heard: (fault: string | undefined) => void;
  readonly signal: AbortSignal;
}

const LONGEST_PAUSE_MS = 2_000;
const FAULTS_OF_THE_OUTSIDE = new Set(['store_unreachable', 'store_refused']);

/**
 * Follows a book for ever: proves each new entry against the head, hands it over in order, and connects again after an outage.
 * Ends when the signal says so.
 * @throws CodedError of `follow` where the chain does not fit, `store_behind` where the store lost what was seen;
 *   what `take` throws. Each of these must stop the tenant.
 */
export async function followBook(following: Following): Promise<void> {
  const { store, stream, tenant, take, heard, signal } = following;
  for (let failures = 0; !signal.aborted; ) {
    try {
      await assertNotBehind(store, stream, following.head());
      heard(undefined);
      for await (const stored of store.subscribe(stream, following.head().seq, signal)) {
        failures = 0;
        if (stored.revision <= following.head().seq) continue;
        const next = follow(following.head(), stored, tenant);
        await take(next.entry, next.head, stored.bytes);
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || !FAULTS_OF_THE_OUTSIDE.has(code)) throw error;
      heard(code);
    }
    failures += 1;
    await delay(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures), undefined, { signal }).catch(() => undefined);
  }
}

/** A restored or rolled-back store is noticed here: it no longer holds the entry that was folded last. */
export async function assertNotBehind(store: EventStore, stream: string, head: Head): Promise<void> {
  if (head.seq < 0) return;
  for await (const stored of store.read(stream, head.seq, 1)) {
    if (entryHash(stored.bytes) === head.hash) return;
    throw new CodedError('prev_mismatch', `${stream}: entry ${String(head.seq)} is not the one that was there`);
  }
  throw new CodedError('store_behind', `${stream} ends before entry ${String(head.seq)}, which was there`);
}
