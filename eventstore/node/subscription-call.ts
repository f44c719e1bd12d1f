import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { filterOf } from './filter.js';
import { Outlet, ReaderGone } from './outlet.js';
import type { ReadCall } from './read-call.js';
import { allStart, streamStart } from './read-start.js';
import { Refusal } from './refusal.js';
import { Signal } from './signals.js';
import type { StoreParts } from './store-parts.js';
import { serveSubscription } from './subscription.js';
import { allSource, streamSource } from './subscription-source.js';
import type { SubscriptionSource } from './subscription-source.js';

/** A subscription as it came in; `name` undefined is `$all`, `allowed` throws once the reader has no right to it. */
export interface SubscriptionRequest {
  readonly call: ReadCall;
  readonly options: streamsPb.ReadReq.Options;
  readonly name: string | undefined;
  readonly allowed: () => void;
  readonly parts: StoreParts;
}

/** Serves a subscription until its reader goes, its right ends or the store stops. */
export async function serveSubscriptionCall({ call, options, name, allowed, parts }: SubscriptionRequest): Promise<void> {
  const filterOptions = options.getFilter();
  if (name !== undefined && filterOptions !== undefined) throw new Refusal('invalid-argument', 'only a subscription to $all takes a filter');
  const filter = filterOptions === undefined ? undefined : filterOf(filterOptions);
  const committed = new Signal();
  const wake = (): void => committed.raise();
  const outlet = new Outlet(call, wake);
  const unlisten = parts.signals.listen(name, committed);
  parts.stopping.addEventListener('abort', wake);
  try {
    await serveSubscription({
      id: parts.newId(),
      source: sourceOf(parts, options, name, (after) => allSource(parts.events, after, filter)),
      events: parts.events,
      recent: parts.recent,
      outlet,
      committed,
      checkpointEvery: filter?.checkpointEvery,
      allowed: () => {
        if (outlet.gone) throw new ReaderGone();
        if (parts.stopping.aborted) throw new Refusal('stopping', 'the store is stopping');
        allowed();
      },
    });
  } finally {
    unlisten();
    parts.stopping.removeEventListener('abort', wake);
  }
}

/** Subscriptions begin after the revision or position they name: that one was seen. */
function sourceOf({ events, clock }: StoreParts, options: streamsPb.ReadReq.Options, name: string | undefined, all: (after: number) => SubscriptionSource): SubscriptionSource {
  if (name === undefined) return all(allStart(options, { start: 0, end: events.headPosition() }));
  const last = events.stream(name)?.last ?? -1;
  return streamSource(events, name, streamStart(options, { start: -1, end: last }) + 1, clock);
}
