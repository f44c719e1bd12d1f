import type { StreamRow } from './database.js';
import type { EventLog } from './event-log.js';
import { isSoftDeleted } from './expected-revision.js';
import { streamDeleted } from './refusal.js';
import { NO_LIMITS, parseStreamLimits } from './stream-metadata.js';
import type { StreamLimits } from './stream-metadata.js';

/** The part of a stream that readers see: revisions `first` to `stream.last`. */
export interface VisibleRange {
  readonly stream: StreamRow;
  readonly first: number;
}

/**
 * What is left to see of a stream after soft delete and its metadata's $tb, $maxCount and $maxAge (seconds before `now`).
 * Undefined when there is no such stream; throws stream-deleted after a tombstone.
 */
export function visibleRange(events: EventLog, name: string, now: Date): VisibleRange | undefined {
  const stream = events.stream(name);
  if (stream?.tombstoned === true) throw streamDeleted(name);
  if (stream === undefined || stream.last < 0 || isSoftDeleted(stream)) return undefined;
  const { maxCount, maxAgeSeconds, truncateBefore } = limitsOf(events, name);
  const first = Math.max(stream.goneBelow, truncateBefore ?? 0, maxCount === undefined ? 0 : stream.last - maxCount + 1);
  if (maxAgeSeconds === undefined) return { stream, first };
  return { stream, first: events.firstCreatedSince(stream, first, now.getTime() - maxAgeSeconds * 1000) ?? stream.last + 1 };
}

function limitsOf(events: EventLog, name: string): StreamLimits {
  const described = events.stream(`$$${name}`);
  if (described === undefined || described.last < 0) return NO_LIMITS;
  const position = events.positionAt(described, described.last);
  return position === undefined ? NO_LIMITS : parseStreamLimits(events.event(position).data);
}
