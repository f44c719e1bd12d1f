import { CodedError, type Instant, type Next, plusSeconds } from '#decider';
import type { Phase } from '#packet';
import { type ApprovalCommand, type ApprovalEvent, type ApprovalState, asksAbout, decideApproval, evolveApproval, type Parties } from './approval.js';
import { standingApprovers } from './asking-people.js';
import { decideJudgement, evolveJudgement, type Judge, type Judgement, type JudgementEvent } from './judgement.js';
import { carriedOut, decideOrder, type DispatchTask, evolveOrder, nextOrderTask, type OrderEvent, type OrderState, type RecordDispatched, type RecordSigned, resendable, staysUnanswered } from './order.js';
import { decideIntent, evolveRequest, type RecordIntent, type RequestEvent, type RequestState } from './request.js';
import { consequences, type Terms } from './verdict.js';

// Events

export const END_STATES = ['done', 'denied', 'blocked', 'rejected', 'expired', 'reinstated', 'joined'] as const;
export type EndState = (typeof END_STATES)[number];

export type CaseEvent =
  | { readonly type: 'case.ended'; readonly data: { readonly as: EndState; readonly into: string | null } }
  | { readonly type: 'case.parked'; readonly data: { readonly code: string } }
  | { readonly type: 'person.needed'; readonly data: { readonly code: string } }
  | { readonly type: 'case.resumed'; readonly data: { readonly by: string } }
  | { readonly type: 'reinstate.requested'; readonly data: { readonly requester: string } }
  | { readonly type: 'reinstate.refused'; readonly data: { readonly requester: string; readonly code: ReinstateRefusal } };
export type ReinstateRefusal = 'hard_ordered' | 'case_ended' | 'nothing_to_reinstate' | 'denied';

export type OffboardEvent = RequestEvent | JudgementEvent | ApprovalEvent | OrderEvent | CaseEvent;

// State

/** One offboarding, from request to end. */
export interface Offboard {
  readonly id: string;
  readonly entries: number;
  readonly request: RequestState;
  readonly judgements: Readonly<Partial<Record<Phase, Judgement>>>;
  /** Everyone whom a look at the world has ever found: the case has sealed something about them. */
  readonly people: readonly string[];
  readonly approval: ApprovalState | null;
  readonly orders: readonly OrderState[];
  /** Who asked to have the person reinstated and when, until that is decided. */
  readonly reinstate: { readonly requester: string; readonly at: Instant } | null;
  /** Everyone who ever asked for that in this case: they decide nothing about it. */
  readonly reinstaters: readonly string[];
  readonly personNeeded: string | null;
  /** The phase of the last judgement, until something happens that asks for another look at the world. */
  readonly judged: Phase | null;
  readonly parked: string | null;
  readonly ended: { readonly as: EndState; readonly into: string | null; readonly at: Instant } | null;
}

/** The case after one of its events; null before `request.received`, which `before` is about. */
export function evolve(state: Offboard | null, event: OffboardEvent, at: Instant, id: string, before?: RequestState['before']): Offboard | null {
  if (event.type === 'request.received') {
    const request = evolveRequest(null, event, at, before);
    return request && { id, entries: 1, request, judgements: {}, people: [], approval: null, orders: [], reinstate: null, reinstaters: [], personNeeded: null, judged: null, parked: null, ended: null };
  }
  return state && { ...evolveOpen(state, event, at), entries: state.entries + 1 };
}

function evolveOpen(state: Offboard, event: OffboardEvent, at: Instant): Offboard {
  switch (event.type) {
    case 'request.received':
    case 'intent.parsed':
    case 'requester.added':
      return { ...state, request: evolveRequest(state.request, event, at) ?? state.request };
    case 'evidence.taken':
    case 'risk.scored':
    case 'gate.decided': {
      const { phase } = event.data;
      const judgement = evolveJudgement(state.judgements[phase], event, at, state.orders.length > 0);
      const judged = event.type === 'gate.decided' ? phase : state.judged;
      const found = event.type === 'evidence.taken' ? event.data.person : null;
      const people = found === null || state.people.includes(found) ? state.people : [...state.people, found];
      return judgement ? { ...state, judged, people, judgements: { ...state.judgements, [phase]: judgement } } : state;
    }
    case 'soft.ordered':
    case 'hard.ordered':
    case 'reinstate.ordered': {
      const order = evolveOrder(undefined, event, at);
      return order ? { ...state, orders: [...state.orders, order], reinstate: null, personNeeded: null, judged: null } : state;
    }
    case 'packet.signed':
    case 'packet.dispatched':
    case 'receipt.taken': {
      const order = evolveOrder(state.orders.at(-1), event, at);
      return order ? { ...state, orders: [...state.orders.slice(0, -1), order] } : state;
    }
    case 'case.ended':
      return { ...state, ended: { as: event.data.as, into: event.data.into, at } };
    case 'case.parked':
      return { ...state, parked: event.data.code };
    case 'person.needed':
      return { ...state, personNeeded: event.data.code };
    case 'case.resumed':
      return { ...state, personNeeded: null, parked: null, judged: null, orders: state.orders.map(resendable) };
    case 'reinstate.requested':
      return { ...state, reinstate: state.reinstate ?? { requester: event.data.requester, at }, reinstaters: [...state.reinstaters, event.data.requester], judged: null };
    case 'reinstate.refused':
      return { ...state, reinstate: null };
    case 'approval.granted':
      return { ...state, approval: evolveApproval(state.approval, event, at), judged: null };
    default:
      return { ...state, approval: evolveApproval(state.approval, event, at) };
  }
}

// Commands

export type OffboardCommand =
  | RecordIntent
  | Judge
  | ApprovalCommand
  | RecordSigned
  | RecordDispatched
  | { readonly do: 'requestReinstate'; readonly requester: string }
  | { readonly do: 'resume'; readonly by: string }
  | { readonly do: 'park'; readonly code: string };

// decide

/**
 * What a command leads to; a repeated one decides nothing.
 * @throws CodedError `no_approval` for a vote where none was asked, `decision_not_for_input`.
 */
export function decide(command: OffboardCommand, state: Offboard, parties: Parties, terms: Terms, now: Instant): readonly OffboardEvent[] {
  switch (command.do) {
    case 'recordIntent': {
      const parsed = decideIntent(command, state.request);
      // what asks for nothing that is understood is refused by policy only once a person has seen it
      return parsed.length > 0 && command.intent.action === 'unknown' ? [...parsed, { type: 'person.needed', data: { code: 'not_understood' } }] : parsed;
    }
    case 'judge': {
      if (state.ended || state.parked !== null || !state.request.intent || phaseDue(state) !== command.phase) return [];
      const approvers = standingApprovers(state.approval, command.phase, { ...parties, subject: command.input.subject });
      const judged = decideJudgement(command, { tenant: terms.tenant, before: state.judgements.soft, requesters: requestersOf(state), approvers });
      if (judged.length === 0) return [];
      const after = judged.reduce((s, event) => evolve(s, event, now, state.id) ?? s, state);
      // whom this very judgement found is not asked about their own access
      const subject = after.judgements.soft?.evidence.person ?? null;
      return [...judged, ...consequences(after, command, { ...parties, subject }, terms, now)];
    }
    case 'signed':
      return decideOrder(command, state.orders.at(-1));
    case 'dispatched': {
      const order = state.orders.at(-1);
      const sent = decideOrder(command, order);
      const hopeless = sent.length > 0 && order !== undefined && staysUnanswered(order) && state.personNeeded === null;
      return hopeless ? [...sent, { type: 'person.needed', data: { code: 'order_unanswered' } }] : sent;
    }
    case 'requestReinstate':
      return decideReinstate(command.requester, state);
    case 'resume':
      return state.ended || (state.personNeeded === null && state.parked === null) ? [] : [{ type: 'case.resumed', data: { by: command.by } }];
    case 'park':
      return state.parked !== null || state.ended ? [] : [{ type: 'case.parked', data: { code: command.code } }];
    default:
      return decideApprovalInCase(command, state, parties, now);
  }
}

function decideApprovalInCase(command: ApprovalCommand, state: Offboard, parties: Parties, now: Instant): readonly OffboardEvent[] {
  const { approval } = state;
  if (!approval) throw new CodedError('no_approval', 'nobody was asked to approve this case');
  const events = decideApproval(command, approval, parties, now);
  const settled = events.at(-1)?.type;
  if (settled !== 'approval.rejected' && settled !== 'approval.expired') return events;
  // a rejected reinstatement is decided, and holds hard no longer
  if (settled === 'approval.rejected' && state.reinstate && asksAbout(approval, 'reinstate'))
    return [...events, { type: 'reinstate.refused', data: { requester: state.reinstate.requester, code: 'denied' } }];
  // before an order, no approval means no case; afterwards the account stays as it is and a person is asked
  if (state.orders.length > 0) return [...events, { type: 'person.needed', data: { code: settled } }];
  return [...events, { type: 'case.ended', data: { as: settled === 'approval.rejected' ? 'rejected' : 'expired', into: null } }];
}

function decideReinstate(requester: string, state: Offboard): readonly OffboardEvent[] {
  if (state.orders.at(-1)?.phase === 'reinstate' || (state.reinstate && state.reinstaters.includes(requester))) return [];
  const refused = (code: ReinstateRefusal): readonly OffboardEvent[] => [{ type: 'reinstate.refused', data: { requester, code } }];
  if (state.orders.some(({ phase }) => phase === 'hard')) return refused('hard_ordered');
  if (state.ended) return refused('case_ended');
  if (state.orders.length === 0) return refused('nothing_to_reinstate');
  return [{ type: 'reinstate.requested', data: { requester } }];
}

const END_OF: Readonly<Record<Phase, EndState | null>> = { soft: null, hard: 'done', reinstate: 'reinstated' };

/** What follows when the doer's journal says how an order went. */
export function decideAfterReceipt(state: Offboard): readonly OffboardEvent[] {
  const order = state.orders.at(-1);
  if (!order || state.ended) return [];
  const end = carriedOut(order) ? END_OF[order.phase] : null;
  if (end) return [{ type: 'case.ended', data: { as: end, into: null } }];
  if (state.personNeeded !== null) return [];
  // one order may come too late, but when the next one does as well, another would too: clocks differ
  if (order.refused !== null && (order.refused !== 'expired' || state.orders.at(-2)?.refused === 'expired')) return [{ type: 'person.needed', data: { code: `order_refused.${order.refused}` } }];
  return order.finished && !carriedOut(order) ? [{ type: 'person.needed', data: { code: 'portal_broken' } }] : [];
}

/** Everyone whom policy must be told of as asking for what is judged now. */
function requestersOf({ request, reinstate }: Offboard): readonly string[] {
  return reinstate ? [...request.requesters, reinstate.requester] : request.requesters;
}

// next

export type OffboardTask = { readonly do: 'parse' } | { readonly do: 'judge'; readonly phase: Phase } | { readonly do: 'expire'; readonly number: number } | DispatchTask;

/** What should happen now in this case. The saga asks again after each of its events and at each due time. */
export function next(state: Offboard, terms: Terms, now: Instant): Next<OffboardTask> {
  if (state.ended || state.parked !== null) return undefined;
  if (!state.request.intent) return { task: { do: 'parse' } };
  const order = state.orders.at(-1);
  if (order && !order.finished && order.refused === null && !state.personNeeded) return nextOrderTask(order, now);
  const phase = phaseDue(state);
  if (!phase) return undefined;
  const due = dueAt(state, phase, terms);
  const judged = state.judgements[phase];
  // soft is judged at once, so that people and duplicates are known before the day; the other phases when they are due
  if (!judged?.gate && phase === 'soft') return { task: { do: 'judge', phase } };
  const { approval } = state;
  // an open question about hard does not hold up whoever wants the person back
  if (approval?.outcome === 'open' && asksAbout(approval, phase)) return now >= approval.requested.expiresAt ? { task: { do: 'expire', number: approval.requested.number } } : { due: approval.requested.expiresAt };
  if (now < due) return { due };
  return judged && state.judged === phase && judged.at >= due ? undefined : { task: { do: 'judge', phase } };
}

/** True from the wish to have the person back until it is refused: a new request must not be lost in such a case. */
export function beingReinstated({ reinstate, orders }: Offboard): boolean {
  return reinstate !== null || orders.at(-1)?.phase === 'reinstate';
}

/** The phase that the next order would have; none while a person is needed or an order is under way. */
export function phaseDue(state: Offboard): Phase | undefined {
  const order = state.orders.at(-1);
  const settled = !order || order.finished !== null || order.refused !== null || state.personNeeded !== null;
  if (state.reinstate) return settled ? 'reinstate' : undefined;
  if (state.personNeeded !== null || !settled) return undefined;
  if (!order) return 'soft';
  return carriedOut(order) && order.phase === 'soft' ? 'hard' : order.phase;
}

/** The instant from which the phase's order may stand. */
export function dueAt(state: Offboard, phase: Phase, terms: Terms): Instant {
  if (phase === 'reinstate') return state.reinstate?.at ?? state.request.received.at;
  if (phase === 'soft') return state.request.effectiveAt;
  const soft = state.orders.findLast((order) => order.phase === 'soft')?.finished;
  return soft ? plusSeconds(soft.at, terms.windowSeconds) : state.request.effectiveAt;
}
