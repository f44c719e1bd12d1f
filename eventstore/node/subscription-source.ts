import type { EventLog } from './event-log.js';
import type { Filter } from './filter.js';
import { visibleRange } from './visible-range.js';

/** An event that a subscription has come to: `due` when it is to be sent, else only counted. */
export interface Considered {
  readonly position: number;
  readonly due: boolean;
}

/** Where a subscription stands, and what comes next. */
export interface SubscriptionSource {
  /** The next events on disk in order, at most PAGE; the source stands after them then. Empty: caught up for now. */
  next(): readonly Considered[];
}

/** Events a page; a page holds positions only, never bytes. */
export const PAGE = 128;

/** The events of one stream from revision `from` on. */
export function streamSource(events: EventLog, name: string, from: number, clock: () => Date): SubscriptionSource {
  let next = from;
  return {
    next: () => {
      const range = visibleRange(events, name, clock());
      if (range === undefined || range.stream.last < next) return [];
      const first = Math.max(next, range.first);
      const positions = events.forwards(range.stream, first, range.stream.last, PAGE);
      next = first + positions.length;
      return positions.map((position) => ({ position, due: true }));
    },
  };
}

/** The events of all streams after a position; those that the filter refuses are considered, but not due. */
export function allSource(events: EventLog, after: number, filter: Filter | undefined): SubscriptionSource {
  let last = after;
  return {
    next: () => {
      const labels = events.allForwards(last, Number.MAX_SAFE_INTEGER, PAGE);
      last = labels.at(-1)?.position ?? last;
      return labels.map((label) => ({ position: label.position, due: filter?.matches(label) ?? true }));
    },
  };
}
