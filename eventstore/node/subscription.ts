import { setImmediate as nextTurn } from 'node:timers/promises';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { EventLog } from './event-log.js';
import type { Outlet } from './outlet.js';
import type { RecentEvents } from './recent-events.js';
import type { Signal } from './signals.js';
import { PAGE } from './subscription-source.js';
import type { SubscriptionSource } from './subscription-source.js';
import { sendEvent } from './wire.js';

/** What a subscription works with: `allowed` throws when the subscriber may not read any more. */
export interface SubscriptionParts {
  readonly id: string;
  readonly source: SubscriptionSource;
  readonly events: EventLog;
  readonly recent: RecentEvents;
  readonly outlet: Outlet<streamsPb.ReadResp>;
  /** Raised after each commit that may concern the source. */
  readonly committed: Signal;
  /** Checkpoints every so many considered events; undefined: none. */
  readonly checkpointEvery: number | undefined;
  readonly allowed: () => void;
}

/**
 * Serves one subscription until its reader goes: what is on disk first, then what is committed.
 * Live events are on disk like old ones before they are sent, so a slow reader costs no memory and misses nothing.
 */
export async function serveSubscription(parts: SubscriptionParts): Promise<never> {
  const { source, outlet, committed } = parts;
  const checkpoints = new Checkpoints(parts.checkpointEvery);
  await send(outlet, confirmation(parts.id));
  let live = false;
  for (;;) {
    parts.allowed();
    const page = source.next();
    if (page.length === 0) {
      if (!live) {
        const position = checkpoints.onLive();
        if (position !== undefined) await send(outlet, checkpoint(position));
        await send(outlet, caughtUp());
        live = true;
      }
      await committed.wait();
      continue;
    }
    if (live && page.length === PAGE) {
      await send(outlet, fellBehind());
      live = false;
    }
    for (const { position, due } of page) {
      if (due && (live ? parts.recent.send(outlet, position) : sendEvent(outlet, parts.events.event(position)))) await outlet.room();
      if (checkpoints.considered(position)) await send(outlet, checkpoint(position));
    }
    // A long scan that finds nothing to send must not hold up the others.
    if (!live) await nextTurn();
  }
}

/** Decides when a checkpoint is due; their positions rise strictly. */
class Checkpoints {
  #since = 0;
  #last = 0;
  #sent = 0;

  constructor(private readonly every: number | undefined) {}

  considered(position: number): boolean {
    this.#last = position;
    this.#since += 1;
    if (this.every === undefined || this.#since < this.every) return false;
    this.#since = 0;
    this.#sent = position;
    return true;
  }

  onLive(): number | undefined {
    if (this.every === undefined || this.#last <= this.#sent) return undefined;
    this.#since = 0;
    this.#sent = this.#last;
    return this.#last;
  }
}

async function send(outlet: Outlet<streamsPb.ReadResp>, message: streamsPb.ReadResp): Promise<void> {
  if (outlet.send(message, 0)) await outlet.room();
}

function confirmation(id: string): streamsPb.ReadResp {
  const confirmed = new streamsPb.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(id);
  return new streamsPb.ReadResp().setConfirmation(confirmed);
}

function checkpoint(position: number): streamsPb.ReadResp {
  const reached = new streamsPb.ReadResp.Checkpoint();
  reached.setCommitPosition(String(position));
  reached.setPreparePosition(String(position));
  return new streamsPb.ReadResp().setCheckpoint(reached);
}

function caughtUp(): streamsPb.ReadResp {
  return new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp());
}

function fellBehind(): streamsPb.ReadResp {
  return new streamsPb.ReadResp().setFellBehind(new streamsPb.ReadResp.FellBehind());
}
