import { CodedError, type Instant, type Next } from '#decider';
import type { Packet, PacketStep, Phase } from '#packet';
import type { Sealed } from '#vault';
import { orderRefusal } from './acceptance.js';
import type * as journal from './journal-events.js';
import { decidePortal, evolvePortal, type PortalCommand, type PortalEvent, type PortalExecution, portalToDo } from './portal-execution.js';

// Events

export type ExecutionEvent =
  | { readonly type: 'packet.accepted'; readonly data: journal.PacketAccepted }
  | { readonly type: 'doer.order_rejected'; readonly data: journal.OrderRejected }
  | PortalEvent
  | { readonly type: 'order.finished'; readonly data: journal.OrderFinished };

// State

export interface OrderExecution {
  readonly order: number;
  readonly phase: Phase;
  readonly digest: string;
  readonly portals: ReadonlyMap<string, PortalExecution>;
  readonly finished: { readonly at: Instant; readonly outcomes: readonly journal.AccountOutcome[] } | null;
}

/** What the journal says about one case. */
export interface CaseExecution {
  readonly orders: readonly OrderExecution[];
  /** Sealed before-states by portal and account, in pieces; the first one of an account stands for ever. */
  readonly before: ReadonlyMap<string, ReadonlyMap<string, readonly Sealed[]>>;
  /** Reason and digest of what was rejected, so that the same again is no new event. */
  readonly rejections: ReadonlySet<string>;
}

/** A case that the doer has not heard of. */
export const noExecution: CaseExecution = { orders: [], before: new Map(), rejections: new Set() };

/** The order that is worked on: the first unfinished one. Later ones wait for its end. */
export function openOrder(state: CaseExecution): OrderExecution | undefined {
  return state.orders.find(({ finished }) => finished === null);
}

// evolve

/** The case after one of its entries, which was written at `at`. */
export function evolveExecution(state: CaseExecution, event: ExecutionEvent, at: Instant): CaseExecution {
  switch (event.type) {
    case 'packet.accepted': {
      const { order, phase, digest, steps } = event.data;
      return { ...state, orders: [...state.orders, { order, phase, digest, portals: byPortal(steps), finished: null }] };
    }
    case 'doer.order_rejected':
      return { ...state, rejections: new Set([...state.rejections, rejection(event.data)]) };
    case 'state.recorded':
      return recordState(state, event.data);
    case 'grants.needed':
      return event.data.portals.reduce((s, portal) => inPortal(s, event.data.order, portal, event), state);
    case 'order.finished': {
      const { order, outcomes } = event.data;
      return inOrder(state, order, (found) => ({ ...found, finished: { at, outcomes } }));
    }
    default:
      return inPortal(state, event.data.order, event.data.portal, event);
  }
}

function byPortal(steps: readonly PacketStep[]): ReadonlyMap<string, PortalExecution> {
  const portals = [...new Set(steps.map(({ portal }) => portal))];
  return new Map(portals.map((portal) => [portal, portalToDo(steps.filter((step) => step.portal === portal))]));
}

function recordState(state: CaseExecution, { portal, account, part, parts, sealed }: journal.StateRecorded): CaseExecution {
  const accounts = state.before.get(portal);
  const pieces = accounts?.get(account) ?? [];
  if (pieces.length >= parts || part !== pieces.length + 1) return state;
  const known = new Map([...(accounts ?? []), [account, [...pieces, sealed]]]);
  return { ...state, before: new Map([...state.before, [portal, known]]) };
}

function inOrder(state: CaseExecution, order: number, change: (found: OrderExecution) => OrderExecution): CaseExecution {
  return { ...state, orders: state.orders.map((found) => (found.order === order ? change(found) : found)) };
}

function inPortal(state: CaseExecution, order: number, portal: string, event: PortalEvent): CaseExecution {
  return inOrder(state, order, (found) => {
    const progress = found.portals.get(portal);
    return progress ? { ...found, portals: new Map([...found.portals, [portal, evolvePortal(progress, event)]]) } : found;
  });
}

// Commands

/** A packet whose proofs hold; `bytes` is base64url, `grants` the portals that a grant came for. */
export type Receive = {
  readonly do: 'receive';
  readonly packet: Packet;
  readonly digest: string;
  readonly bytes: string;
  readonly source: string;
  readonly grants: readonly string[];
};
/** Grants are at hand and will be redeemed. */
export type Request = { readonly do: 'request'; readonly order: number; readonly portals: readonly string[] };
/** There are no grants, and the gatekeeper must send new ones. */
export type Ask = { readonly do: 'ask'; readonly order: number; readonly portals: readonly string[] };
export type ExecutionCommand = Receive | Request | Ask | PortalCommand;

/** The doer's own terms: what it takes orders for, how long soft must have stood before hard, how often a portal is tried. */
export interface ExecutionTerms {
  readonly tenant: string;
  readonly windowSeconds: number;
  readonly attempts: number;
}

// decide

/**
 * What one command leads to; a repeated one decides nothing.
 * @throws CodedError `order_unknown`, `order_waits`, `lease_unrequested` for work that no accepted order calls for now.
 */
export function decideExecution(command: ExecutionCommand, state: CaseExecution, terms: ExecutionTerms, now: Instant): readonly ExecutionEvent[] {
  if (command.do === 'receive') return receive(command, state, terms, now);
  const order = state.orders.find((found) => found.order === command.order);
  if (!order) throw new CodedError('order_unknown', `order ${command.order} was not accepted`);
  if (order.finished) return [];
  if (order !== openOrder(state)) throw new CodedError('order_waits', `order ${command.order} waits for the one before it`);
  if (command.do === 'request') return requests(order, command.portals);
  if (command.do === 'ask') {
    const portals = command.portals.filter((portal) => !['needed', 'closed'].includes(order.portals.get(portal)?.stage ?? 'closed'));
    return portals.length === 0 ? [] : [{ type: 'grants.needed', data: { order: order.order, portals } }];
  }
  const progress = order.portals.get(command.portal);
  if (!progress) throw new CodedError('order_unknown', `order ${command.order} has no steps at ${command.portal}`);
  const news = command.do === 'leased' ? { ...command, states: command.states.filter(({ account }) => !state.before.get(command.portal)?.has(account)) } : command;
  return withFinish(decidePortal(news, progress, terms.attempts), state, order, now);
}

function receive(command: Receive, state: CaseExecution, terms: ExecutionTerms, now: Instant): readonly ExecutionEvent[] {
  const { packet, digest, source, grants } = command;
  const { order, phase, steps } = packet;
  const known = state.orders.find((found) => found.digest === digest);
  if (known) return known === openOrder(state) ? requests(known, grants) : [];
  const reason = orderRefusal(command, state, terms, now);
  if (reason) {
    const rejected = { reason, digest, source, order };
    return state.rejections.has(rejection(rejected)) ? [] : [{ type: 'doer.order_rejected', data: rejected }];
  }
  const accepted: ExecutionEvent = { type: 'packet.accepted', data: { order, phase, digest, packet: command.bytes, steps } };
  const opened = openOrder(evolveExecution(state, accepted, now));
  return [accepted, ...(opened?.order === order ? requests(opened, grants) : [])];
}

function requests({ order, portals }: OrderExecution, granted: readonly string[]): readonly ExecutionEvent[] {
  const idle = granted.filter((portal) => ['waiting', 'needed'].includes(portals.get(portal)?.stage ?? 'closed'));
  return idle.map((portal) => ({ type: 'lease.requested', data: { order, portal } }));
}

function withFinish(events: readonly PortalEvent[], state: CaseExecution, { order, phase }: OrderExecution, now: Instant): readonly ExecutionEvent[] {
  const after = events.reduce((s, event) => evolveExecution(s, event, now), state).orders.find((found) => found.order === order);
  const portals = [...(after?.portals ?? [])];
  if (events.length === 0 || portals.some(([, { stage }]) => stage !== 'closed')) return events;
  const outcomes = portals.flatMap(([portal, { steps, outcomes: ended }]) =>
    steps.map(({ account }) => ({ portal, account, outcome: ended.get(account) ?? ('failed' as const) })),
  );
  return [...events, { type: 'order.finished', data: { order, phase, outcomes } }];
}

const rejection = ({ reason, digest }: Pick<journal.OrderRejected, 'reason' | 'digest'>): string => `${reason} ${digest}`;

// next

/** What the process has in memory and the journal cannot know, by the order's digest. */
export interface AtHand {
  readonly granted: (digest: string, portal: string) => boolean;
  readonly running: (digest: string, portal: string) => boolean;
}
/** `run` these now; journal the request of those, then run them; ask for grants for the rest. */
export type ExecutionTask = { readonly order: OrderExecution; readonly run: readonly string[]; readonly request: readonly string[]; readonly ask: readonly string[] };

/** What should happen now in a case; after a restart nothing is at hand, so that every portal still open asks for its grant again. */
export function nextExecution(state: CaseExecution, { granted, running }: AtHand): Next<ExecutionTask> {
  const order = openOrder(state);
  if (!order) return undefined;
  const idle = [...order.portals].filter(([portal, { stage }]) => stage !== 'closed' && !running(order.digest, portal));
  const pick = (holds: boolean, fits: (stage: PortalExecution['stage']) => boolean): readonly string[] =>
    idle.filter(([portal, { stage }]) => granted(order.digest, portal) === holds && fits(stage)).map(([portal]) => portal);
  const task = {
    order,
    run: pick(true, (stage) => stage === 'requested'),
    request: pick(true, (stage) => stage === 'waiting' || stage === 'needed'),
    // what an earlier process began cannot go on: its lease and its grant were in its memory only
    ask: [...pick(false, (stage) => stage !== 'needed'), ...pick(true, (stage) => stage === 'leased')],
  };
  return task.run.length + task.request.length + task.ask.length > 0 ? { task } : undefined;
}
