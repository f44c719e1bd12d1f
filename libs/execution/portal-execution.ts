import { CodedError, type Instant } from '#decider';
import type { PacketStep } from '#packet';
import type { Sealed } from '#vault';
import type * as journal from './journal-events.js';
import { isOutage, mayPass } from './retry.js';

// Events

/** What happens to one portal of one order. */
export type PortalEvent =
  | { readonly type: 'lease.requested'; readonly data: journal.LeaseRequested }
  | { readonly type: 'lease.issued'; readonly data: journal.LeaseIssued }
  | { readonly type: 'lease.refused'; readonly data: journal.LeaseRefused }
  | { readonly type: 'lease.returned'; readonly data: journal.LeaseReturned }
  | { readonly type: 'state.recorded'; readonly data: journal.StateRecorded }
  | { readonly type: 'step.applied'; readonly data: journal.StepApplied }
  | { readonly type: 'step.failed'; readonly data: journal.StepFailed }
  | { readonly type: 'portal.given_up'; readonly data: journal.PortalGivenUp }
  | { readonly type: 'grants.needed'; readonly data: journal.GrantsNeeded };

// State

/** `waiting` has no grant, `needed` has asked for one, `requested` may redeem one, `leased` works with what it became. */
export interface PortalExecution {
  readonly stage: 'waiting' | 'needed' | 'requested' | 'leased' | 'closed';
  readonly steps: readonly PacketStep[];
  readonly accessor: string | null;
  readonly leases: number;
  readonly refusals: number;
  readonly attempts: number;
  readonly outcomes: ReadonlyMap<string, 'done' | 'already'>;
  readonly failures: ReadonlyMap<string, string>;
}

/** A portal of an order that has just been accepted. */
export function portalToDo(steps: readonly PacketStep[]): PortalExecution {
  return { stage: 'waiting', steps, accessor: null, leases: 0, refusals: 0, attempts: 0, outcomes: new Map(), failures: new Map() };
}

/** The accounts whose state has not been read back as ordered. */
export function unresolved({ steps, outcomes }: PortalExecution): readonly string[] {
  return steps.map(({ account }) => account).filter((account) => !outcomes.has(account));
}

// evolve

/** The portal after one of its events. */
export function evolvePortal(state: PortalExecution, event: PortalEvent): PortalExecution {
  switch (event.type) {
    case 'lease.requested':
      return { ...state, stage: 'requested' };
    case 'lease.issued':
      return { ...state, stage: 'leased', accessor: event.data.accessor, leases: state.leases + 1 };
    case 'lease.refused':
      return { ...state, stage: 'waiting', refusals: state.refusals + 1 };
    case 'lease.returned':
      return { ...state, stage: unresolved(state).length === 0 ? 'closed' : 'waiting' };
    case 'step.applied': {
      const { account, effects } = event.data;
      // with a second lease nobody knows whether the first one had brought it about
      const outcome = effects.length === 0 && state.leases <= 1 ? 'already' : 'done';
      return { ...state, outcomes: new Map([...state.outcomes, [account, outcome]]) };
    }
    case 'step.failed': {
      const { account, code, attempt } = event.data;
      return { ...state, attempts: Math.max(state.attempts, attempt), failures: new Map([...state.failures, [account, code]]) };
    }
    case 'portal.given_up':
      return { ...state, stage: 'closed' };
    case 'grants.needed':
      return { ...state, stage: 'needed' };
    case 'state.recorded':
      return state;
  }
}

// Commands

/** Names the order and portal, and the lease that the work is done with. */
export interface Held {
  readonly order: number;
  readonly portal: string;
  readonly lease: { readonly accessor: string; readonly expiresAt: Instant };
}
export interface StepFailure {
  readonly account: string;
  readonly code: string;
  readonly attempt: number;
}
export type Refused = { readonly do: 'refused'; readonly order: number; readonly portal: string; readonly code: string };
/** The lease is there; before-states that are new go to the journal before the first apply. */
export type Leased = Held & { readonly do: 'leased'; readonly states: readonly { readonly account: string; readonly parts: readonly Sealed[] }[] };
/** A try failed and another will be made with the same lease. */
export type Failed = Held & { readonly do: 'failed'; readonly failures: readonly StepFailure[] };
/** The lease was given back; `confirmed` says that Vault no longer knows it. */
export type Close = Held & {
  readonly do: 'close';
  readonly confirmed: boolean;
  readonly applied: readonly { readonly account: string; readonly effects: readonly string[] }[];
  readonly failures: readonly StepFailure[];
};
export type PortalCommand = Refused | Leased | Failed | Close;

// decide

/**
 * What a portal's run found, as events; a repeated command decides nothing.
 * @param most - failed tries, or refused grants, after which a person is needed.
 * @throws CodedError `lease_unrequested` for a lease whose intent is not in the journal.
 */
export function decidePortal(command: PortalCommand, state: PortalExecution, most: number): readonly PortalEvent[] {
  const { order, portal } = command;
  if (command.do === 'refused') return state.stage === 'requested' ? refused(command, state, most) : [];

  const { accessor, expiresAt } = command.lease;
  const running = state.stage === 'leased' && state.accessor === accessor;
  if (!running && state.accessor === accessor) return [];
  if (!running && state.stage !== 'requested') throw new CodedError('lease_unrequested', `order ${order} has no open request at ${portal}`);
  const issued: readonly PortalEvent[] = running ? [] : [{ type: 'lease.issued', data: { order, portal, accessor, expiresAt } }];

  switch (command.do) {
    case 'leased':
      return [...issued, ...command.states.flatMap(({ account, parts }) => recorded(portal, account, parts))];
    case 'failed':
      return [...issued, ...failed(command, state)];
    case 'close': {
      const applied = command.applied
        .filter(({ account }) => !state.outcomes.has(account))
        .map(({ account, effects }): PortalEvent => ({ type: 'step.applied', data: { order, portal, account, effects, read: 'confirmed' } }));
      const returned: PortalEvent = { type: 'lease.returned', data: { order, portal, accessor, confirmed: command.confirmed } };
      const events = [...issued, ...applied, ...failed(command, state), returned];
      return [...events, ...ending(command, events.reduce(evolvePortal, state), most)];
    }
  }
}

function refused({ order, portal, code }: Refused, state: PortalExecution, most: number): readonly PortalEvent[] {
  const over = !isOutage(code) && state.refusals + 1 >= most;
  return [{ type: 'lease.refused', data: { order, portal, code } }, ...(over ? [givenUp(order, portal, code)] : [])];
}

function recorded(portal: string, account: string, parts: readonly Sealed[]): readonly PortalEvent[] {
  return parts.map((sealed, i) => ({ type: 'state.recorded', data: { portal, account, part: i + 1, parts: parts.length, sealed } }));
}

function failed({ order, portal, failures }: Failed | Close, state: PortalExecution): readonly PortalEvent[] {
  return failures
    .filter(({ attempt }) => attempt > state.attempts)
    .map(({ account, code, attempt }) => ({ type: 'step.failed', data: { order, portal, account, code, attempt } }));
}

function ending({ order, portal }: Held, state: PortalExecution, most: number): readonly PortalEvent[] {
  const codes = unresolved(state).map((account) => state.failures.get(account));
  if (codes.length === 0) return [];
  const hopeless = codes.every((code) => code !== undefined && !mayPass(code));
  if (!hopeless && state.attempts < most) return [];
  return [givenUp(order, portal, codes.find((code) => code !== undefined) ?? 'attempts_used')];
}

const givenUp = (order: number, portal: string, code: string): PortalEvent => ({ type: 'portal.given_up', data: { order, portal, code } });
