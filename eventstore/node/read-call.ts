import type { ServerWritableStream } from '@grpc/grpc-js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { Session } from './authentication.js';
import { Outlet } from './outlet.js';
import { allStart, streamStart } from './read-start.js';
import { accessDenied, Refusal } from './refusal.js';
import { mayRead, mayReadAll } from './rights.js';
import type { StoreParts } from './store-parts.js';
import { serveSubscriptionCall } from './subscription-call.js';
import { PAGE } from './subscription-source.js';
import { visibleRange } from './visible-range.js';
import { clampedNumber, sendEvent, streamIdentifier, streamName } from './wire.js';

/** A Read as it came in. */
export type ReadCall = ServerWritableStream<streamsPb.ReadReq, streamsPb.ReadResp>;

/** Positions of the next events of a read, at most `limit`; empty at its end. */
type Pages = (limit: number) => readonly number[];

const { ReadDirection } = streamsPb.ReadReq.Options;

/** Serves Read: a bounded read, which ends the call, or a subscription, which lasts until the reader goes. */
export async function serveRead(call: ReadCall, session: Session, parts: StoreParts): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined) throw new Refusal('invalid-argument', 'read options are required');
  const onStream = options.getStream();
  const name = onStream === undefined ? undefined : streamName(onStream.getStreamIdentifier());
  const allowed = (): void => {
    const grant = session.grant();
    if (!(name === undefined ? mayReadAll(grant) : mayRead(grant, name))) throw accessDenied();
  };
  allowed();
  if (options.hasSubscription()) return serveSubscriptionCall({ call, options, name, allowed, parts });
  if (options.hasFilter()) throw new Refusal('invalid-argument', 'a filter needs a subscription');
  const outlet = new Outlet(call, () => undefined);
  const pages = name === undefined ? allPages(parts, options) : streamPages(parts, options, name);
  if (pages === undefined) outlet.send(notFound(name ?? ''), 0);
  else await sendPages(parts, outlet, pages, clampedNumber(options.getCount()));
  call.end();
}

async function sendPages({ events }: StoreParts, outlet: Outlet<streamsPb.ReadResp>, pages: Pages, count: number): Promise<void> {
  for (let left = count; left > 0;) {
    const positions = pages(Math.min(left, PAGE));
    if (positions.length === 0) return;
    left -= positions.length;
    for (const position of positions) {
      if (sendEvent(outlet, events.event(position))) await outlet.room();
    }
  }
}

/** A read of one stream as it is now, or undefined when there is no such stream. */
function streamPages({ events, clock }: StoreParts, options: streamsPb.ReadReq.Options, name: string): Pages | undefined {
  const range = visibleRange(events, name, clock());
  if (range === undefined) return undefined;
  const { stream, first } = range;
  if (options.getReadDirection() === ReadDirection.FORWARDS) {
    let next = Math.max(streamStart(options, { start: 0, end: stream.last + 1 }), first);
    return (limit) => {
      const positions = events.forwards(stream, next, stream.last, limit);
      next += positions.length;
      return positions;
    };
  }
  let next = Math.min(streamStart(options, { start: 0, end: stream.last }), stream.last);
  return (limit) => {
    const positions = events.backwards(stream, next, first, limit);
    next -= positions.length;
    return positions;
  };
}

/** A read of `$all` as it is now: forwards from the position on, backwards from before it, as EventStoreDB does. */
function allPages({ events }: StoreParts, options: streamsPb.ReadReq.Options): Pages {
  const head = events.headPosition();
  const from = allStart(options, { start: 0, end: head + 1 });
  if (options.getReadDirection() === ReadDirection.FORWARDS) {
    let after = from - 1;
    return (limit) => {
      const positions = events.allForwards(after, head, limit).map((label) => label.position);
      after = positions.at(-1) ?? after;
      return positions;
    };
  }
  let before = from;
  return (limit) => {
    const positions = events.allBackwards(before, limit);
    before = positions.at(-1) ?? before;
    return positions;
  };
}

function notFound(name: string): streamsPb.ReadResp {
  const missing = new streamsPb.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(streamIdentifier(name));
  return new streamsPb.ReadResp().setStreamNotFound(missing);
}
