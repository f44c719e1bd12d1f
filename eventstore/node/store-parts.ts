import type { Authentication } from './authentication.js';
import type { EventLog } from './event-log.js';
import type { Log } from './log.js';
import type { RecentEvents } from './recent-events.js';
import type { CommitSignals } from './signals.js';
import type { Writer } from './writer.js';

/** What every call of the store is served with. */
export interface StoreParts {
  readonly events: EventLog;
  readonly recent: RecentEvents;
  readonly writer: Writer;
  readonly signals: CommitSignals;
  readonly authentication: Authentication;
  /** Aborted when the store stops: open subscriptions and batch calls end then. */
  readonly stopping: AbortSignal;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}
