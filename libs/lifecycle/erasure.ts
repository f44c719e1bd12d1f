import type { Binding } from '#approvals';
import { CodedError, type Instant, type Next } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import type { Decision, ErasureInput } from '#policy';
import type { Sealed } from '#vault';
import { type ApprovalCommand, type ApprovalEvent, type ApprovalState, decideApproval, evolveApproval, type Parties } from './approval.js';
import { askUnlessApproved, withdrawQuestion } from './asking-people.js';
import type { ErasureScope } from './erasure-scope.js';
import type { GateDecided } from './judgement.js';

// Events

/**
 * Somebody wants a person erased; why is sealed under the erasure's own key, and not kept where it is refused at once.
 * `cases` are cases that found nobody, of which the requester says that they are about this person.
 */
export type ErasureRequested = { readonly person: string; readonly requester: string; readonly cases: readonly string[]; readonly reason: Sealed | null };
export type ErasureDecided = Omit<GateDecided, 'phase' | 'input'> & { readonly input: ErasureInput };
export type ErasureRefusal = 'open_case' | 'under_way' | 'nothing_to_erase' | 'denied' | 'blocked' | 'rejected' | 'expired';
/** The keys that are to be destroyed: the person's, and those of these cases in the ledger and, by portal, in the journal. The erasure is the last of the cases. */
export type ErasureOrdered = {
  readonly person: string;
  readonly cases: readonly string[];
  readonly portals: readonly string[];
  /** What was too much for one approval: it needs another erasure. */
  readonly left: number;
  /** SHA-256 over the votes. */
  readonly approvals: string;
};

export type ErasureEvent =
  | ApprovalEvent
  | { readonly type: 'case.parked'; readonly data: { readonly code: string } }
  | { readonly type: 'case.resumed'; readonly data: { readonly by: string } }
  | { readonly type: 'erasure.requested'; readonly data: ErasureRequested }
  | { readonly type: 'erasure.decided'; readonly data: ErasureDecided }
  /** The end without effect; `cases` are those that are in the way. */
  | { readonly type: 'erasure.refused'; readonly data: { readonly code: ErasureRefusal; readonly cases: readonly string[] } }
  | { readonly type: 'erasure.ordered'; readonly data: ErasureOrdered }
  /** The end: each key was destroyed, and looked for in vain. */
  | { readonly type: 'erasure.finished'; readonly data: { readonly person: string; readonly cases: readonly string[]; readonly left: number } };

// State

export interface Erasure {
  readonly procedure: 'erasure';
  readonly id: string;
  readonly entries: number;
  readonly person: string;
  readonly requester: string;
  readonly cases: readonly string[];
  readonly requestedAt: Instant;
  readonly reason: Sealed | null;
  readonly decided: ErasureDecided | null;
  /** True until something happens after which policy is asked once more. */
  readonly judged: boolean;
  readonly approval: ApprovalState | null;
  readonly ordered: ErasureOrdered | null;
  readonly parked: string | null;
  readonly ended: { readonly as: ErasureEnd; readonly code: ErasureRefusal | null; readonly cases: readonly string[]; readonly at: Instant } | null;
}
export const ERASURE_ENDS = ['erased', 'refused'] as const;
export type ErasureEnd = (typeof ERASURE_ENDS)[number];

/** The erasure after one of its events; null before `erasure.requested`. */
export function evolveErasure(state: Erasure | null, event: ErasureEvent, at: Instant, id: string): Erasure | null {
  if (event.type === 'erasure.requested')
    return { procedure: 'erasure', id, entries: 1, ...event.data, requestedAt: at, decided: null, judged: false, approval: null, ordered: null, parked: null, ended: null };
  return state && { ...evolveRequested(state, event, at), entries: state.entries + 1 };
}

function evolveRequested(state: Erasure, event: ErasureEvent, at: Instant): Erasure {
  switch (event.type) {
    case 'erasure.requested':
      return state;
    case 'erasure.decided':
      return { ...state, decided: event.data, judged: true };
    case 'erasure.refused':
      return { ...state, ended: { as: 'refused', code: event.data.code, cases: event.data.cases, at } };
    case 'erasure.ordered':
      return { ...state, ordered: event.data };
    case 'erasure.finished':
      return { ...state, ended: { as: 'erased', code: null, cases: event.data.cases, at } };
    case 'case.parked':
      return { ...state, parked: event.data.code };
    case 'case.resumed':
      return { ...state, parked: null, judged: false };
    case 'approval.granted':
      return { ...state, approval: evolveApproval(state.approval, event, at), judged: false };
    default:
      return { ...state, approval: evolveApproval(state.approval, event, at) };
  }
}

// Commands

export type ErasureCommand =
  | ApprovalCommand
  /** Records what policy answered to `erasureInput`; `nonce` as in `Judge`. */
  | { readonly do: 'judgeErasure'; readonly decision: Decision; readonly nonce: string }
  /** Every key of the order was destroyed, and looked for in vain. */
  | { readonly do: 'keysDestroyed' }
  | { readonly do: 'resume'; readonly by: string }
  | { readonly do: 'park'; readonly code: string };

/** What an erasure is decided in: the person's cases as they are now, who may decide, and for how long they may be asked. */
export interface ErasureCircumstances {
  readonly tenant: string;
  readonly scope: ErasureScope;
  readonly parties: Parties;
  readonly approvalSeconds: number;
  readonly now: Instant;
}

/** What policy is asked. */
export function erasureInput({ person, requester }: Pick<ErasureRequested, 'person' | 'requester'>, { open, closed }: ErasureScope, tenant: string): ErasureInput {
  return { v: 1, tenant, procedure: 'erasure', requester, subject: person, cases: { open: open.length, closed: closed.length } };
}

// decide

/** Nothing that cannot be undone is done on one person's word, whatever policy says. */
const FEWEST_PEOPLE = 2;

/** Why nobody need be asked: the record is not in the state for it. */
export function refusedAtOnce({ underWay, open, closed, earlier }: ErasureScope): ErasureEvent | undefined {
  if (underWay !== null) return refused('under_way', [underWay]);
  if (open.length > 0) return refused('open_case', open);
  return closed.length + earlier.length === 0 ? refused('nothing_to_erase') : undefined;
}

/** True where a request asks once more for what `running` is about. */
export function asksAgain({ requester, cases }: Erasure, asked: Omit<ErasureRequested, 'reason'>): boolean {
  return requester === asked.requester && cases.length === asked.cases.length && cases.every((id) => asked.cases.includes(id));
}

/** A request, and its refusal where it has one at once; nothing for one that gives no reason and has none. */
export function requestErasure(asked: ErasureRequested, scope: ErasureScope): readonly ErasureEvent[] {
  const refusal = refusedAtOnce(scope);
  if (refusal) return [{ type: 'erasure.requested', data: { ...asked, reason: null } }, refusal];
  return asked.reason === null ? [] : [{ type: 'erasure.requested', data: asked }];
}

/**
 * What a command leads to; a repeated one decides nothing.
 * @throws CodedError `no_approval` for a vote where none was asked.
 */
export function decideErasure(command: ErasureCommand, state: Erasure, around: ErasureCircumstances): readonly ErasureEvent[] {
  switch (command.do) {
    case 'judgeErasure':
      return decideJudgement(command, state, around);
    case 'keysDestroyed':
      return state.ordered && !state.ended ? [{ type: 'erasure.finished', data: { person: state.person, cases: state.ordered.cases, left: state.ordered.left } }] : [];
    case 'resume':
      return state.ended || state.parked === null ? [] : [{ type: 'case.resumed', data: { by: command.by } }];
    case 'park':
      return state.ended || state.parked !== null ? [] : [{ type: 'case.parked', data: { code: command.code } }];
    default:
      return decideVote(command, state, around);
  }
}

function decideJudgement({ decision, nonce }: ErasureCommand & { readonly do: 'judgeErasure' }, state: Erasure, around: ErasureCircumstances): readonly ErasureEvent[] {
  const { tenant, scope, parties, approvalSeconds, now } = around;
  if (state.ended || state.parked !== null || state.ordered || state.judged) return [];
  const input = erasureInput(state, scope, tenant);
  // the record went on since policy was asked: it is asked again
  if (decision.inputDigest !== sha256Hex(jcs(input))) return [];
  const { outcome, reasons, quorum, policyDigest, dataDigest, digest } = decision;
  const decided = { outcome, reasons, quorum, policy: policyDigest, tenantData: dataDigest, digest, input };
  const ending = (code: ErasureRefusal, cases?: readonly string[]): readonly ErasureEvent[] => [{ type: 'erasure.decided', data: decided }, ...withdrawQuestion(state.approval, ['outcome']), refused(code, cases)];
  // whatever policy says of it: an open case needs its keys
  if (scope.open.length > 0) return ending('open_case', scope.open);
  if (outcome === 'deny' || outcome === 'block') return ending(outcome === 'deny' ? 'denied' : 'blocked');
  const needed = Math.max(FEWEST_PEOPLE, quorum);
  const asked = askUnlessApproved(state.approval, bindingOf(state, decided, scope, tenant), { nonce, needed, approvable: true, ttlSeconds: approvalSeconds, now }, parties);
  return [{ type: 'erasure.decided', data: decided }, ...(asked ?? [order(state, scope)])];
}

/** From here on the keys may be destroyed: of what was approved, and of the reasons why. */
function order({ id, person, approval }: Erasure, { closed, earlier, portals, left }: ErasureScope): ErasureEvent {
  if (!approval?.votesDigest) throw new CodedError('no_approval', 'nobody has approved this erasure');
  return { type: 'erasure.ordered', data: { person, cases: [...closed, ...earlier, id], portals, left, approvals: approval.votesDigest } };
}

/** What two people approve: this person, and these very cases. Nothing is scored; `high` is where people are asked. */
function bindingOf({ id, person }: Erasure, { outcome, policy, tenantData }: ErasureDecided, { closed }: ErasureScope, tenant: string): Binding {
  return { tenant, case: id, outcome, band: 'high', plan: sha256Hex(jcs(closed)), policy, data: tenantData, facts: { subject: person, cases: closed }, phases: ['erase'] };
}

function decideVote(command: ApprovalCommand, state: Erasure, { parties, now }: ErasureCircumstances): readonly ErasureEvent[] {
  if (!state.approval) throw new CodedError('no_approval', 'nobody was asked to approve this erasure');
  const events = decideApproval(command, state.approval, parties, now);
  const settled = events.at(-1)?.type;
  if (settled === 'approval.rejected') return [...events, refused('rejected')];
  return settled === 'approval.expired' ? [...events, refused('expired')] : events;
}

function refused(code: ErasureRefusal, cases: readonly string[] = []): ErasureEvent {
  return { type: 'erasure.refused', data: { code, cases } };
}

// next

export type ErasureTask = { readonly do: 'judgeErasure' } | { readonly do: 'destroyKeys' } | { readonly do: 'expire'; readonly number: number };

/** What should happen now. Keys are destroyed as often as it takes: a second time finds nothing and is as good. */
export function nextInErasure({ ended, parked, ordered, approval, judged }: Erasure, now: Instant): Next<ErasureTask> {
  if (ended || parked !== null) return undefined;
  if (ordered) return { task: { do: 'destroyKeys' } };
  if (approval?.outcome === 'open') {
    const { expiresAt, number } = approval.requested;
    return now >= expiresAt ? { task: { do: 'expire', number } } : { due: expiresAt };
  }
  return judged ? undefined : { task: { do: 'judgeErasure' } };
}
