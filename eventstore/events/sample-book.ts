import { CodedError, type Instant, plusSeconds } from '#decider';
import { EMPTY_HEAD, encodeEntry, type EventStore, follow, type Head, type NewEntry, type StoredEntry } from '#ledger';

/** What a sample entry says; the book adds the rest. `after` is in seconds since the entry before it, 1 where absent. */
export type Said = Pick<NewEntry, 'type' | 'case' | 'data'> & { readonly actor?: string; readonly after?: number };

/** Chains what was said into a book whose ids, times and hashes are the same in every run. */
export function sampleBook(tenant: string, said: readonly Said[], opened: Instant = '2026-11-23T09:00:00.000Z'): readonly StoredEntry[] {
  const perCase = new Map<string, number>();
  let head: Head = EMPTY_HEAD;
  let at = opened;
  return said.map(({ type, case: about, data, actor = 'gatekeeper', after = 1 }, seq) => {
    const caseSeq = about === null ? null : (perCase.get(about) ?? 0);
    if (about !== null) perCase.set(about, (perCase.get(about) ?? 0) + 1);
    if (seq > 0) at = plusSeconds(at, after);
    const id = sampleId(seq);
    const bytes = encodeEntry({ v: 1, tenant, incarnation: sampleId(0), seq, id, type, case: about, caseSeq, at, actor, command: id, prev: head.hash, data });
    const stored = { revision: seq, id, type, bytes };
    head = follow(head, stored, tenant).head;
    return stored;
  });
}

/** A UUID that says which sample it is of. */
export function sampleId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Streams in memory behind the store's own interface, for specs of what only reads. */
export function sampleStore(streams: Map<string, readonly StoredEntry[]>): EventStore {
  const waiting = new Set<() => void>();
  const changed = (): Promise<void> => new Promise((resolve) => void waiting.add(resolve));
  return {
    append(stream, events, after) {
      const before = streams.get(stream) ?? [];
      if (before.length !== after + 1) return Promise.reject(new CodedError('wrong_revision', 'the stream has moved on'));
      streams.set(stream, [...before, ...events.map((event, i) => ({ ...event, revision: before.length + i }))]);
      for (const wake of waiting) wake();
      waiting.clear();
      return Promise.resolve();
    },
    async *read(stream, from, limit) {
      await Promise.resolve();
      yield* (streams.get(stream) ?? []).slice(from, limit === undefined ? undefined : from + limit);
    },
    async *subscribe(stream, after, signal) {
      for (let next = after + 1; !signal.aborted; ) {
        const stored = streams.get(stream)?.[next];
        if (stored) {
          next += 1;
          yield stored;
        } else await Promise.race([changed(), new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
      }
    },
    close: () => Promise.resolve(),
  };
}
