import { Map } from 'immutable';
import { type Approver, counterOf } from '#approvals';
import { CodedError, type Instant, type JsonObject } from '#decider';
import { DOER_EVENT_TYPES } from '#execution';
import { type BookMachine, Cases, type Entry, type NewEntry, type Reopening } from '#ledger';
import type { ApprovalVoted, Parties } from './approval.js';
import { OFFBOARD_CASES } from './case-codec.js';
import { outrun } from './circumstances.js';
import { joins } from './duplicates.js';
import { asksAgain, decideErasure, type Erasure, type ErasureCommand, type ErasureEvent, type ErasureRequested, evolveErasure, requestErasure } from './erasure.js';
import { erasureScope } from './erasure-scope.js';
import { type History, NO_HISTORY, requestsBefore, withLeaver, withRequest } from './history.js';
import { isErasure, type Matter, matterOf } from './matter.js';
import { beingReinstated, decide, decideAfterReceipt, evolve, type Offboard, type OffboardCommand, type OffboardEvent } from './offboard.js';
import type { RequestReceived } from './request.js';
import type { Terms } from './verdict.js';

// Events beside the cases' own

export type TenantEvent =
  | { readonly type: 'ledger.opened'; readonly data: { readonly by: string } }
  | { readonly type: 'ledger.reopened'; readonly data: Reopening }
  | { readonly type: 'approver.enrolled'; readonly data: Approver }
  | { readonly type: 'approver.revoked'; readonly data: { readonly person: string } }
  | { readonly type: 'dependency.lost' | 'dependency.restored'; readonly data: { readonly dependency: string } };

// State

/** All of a tenant, folded from its ledger. */
export interface Tenant {
  readonly cases: Cases<Offboard>;
  readonly erasures: Map<string, Erasure>;
  /** The open case about a person. */
  readonly openByPerson: Map<string, string>;
  readonly byIdempotency: Map<string, string>;
  readonly approvers: Map<string, Approver>;
  readonly lost: Map<string, Instant>;
  /** The last journal entry that was taken up. */
  readonly receipts: { readonly seq: number; readonly hash: string };
  /** How people ask and leave here, by which the unusual is told. */
  readonly history: History;
}

const NOTHING: Tenant = { cases: Cases.none(OFFBOARD_CASES), erasures: Map<string, Erasure>(), openByPerson: Map<string, string>(), byIdempotency: Map<string, string>(), approvers: Map<string, Approver>(), lost: Map<string, Instant>(), receipts: { seq: -1, hash: '0'.repeat(64) }, history: NO_HISTORY };

// evolve

function evolveTenant(state: Tenant, entry: Entry): Tenant {
  const event = entry as Entry & (TenantEvent | OffboardEvent | ErasureEvent);
  switch (event.type) {
    case 'approver.enrolled':
      return { ...state, approvers: state.approvers.set(event.data.person, event.data) };
    case 'approver.revoked':
      return { ...state, approvers: state.approvers.delete(event.data.person) };
    case 'dependency.lost':
      return { ...state, lost: state.lost.set(event.data.dependency, entry.at) };
    case 'dependency.restored':
      return { ...state, lost: state.lost.delete(event.data.dependency) };
    case 'approval.voted':
      return evolveMatter({ ...state, approvers: counted(state.approvers, event.data) }, entry, event);
    case 'receipt.taken':
      return evolveMatter({ ...state, receipts: { seq: event.data.seq, hash: event.data.hash } }, entry, event);
    case 'ledger.opened':
    case 'ledger.reopened':
      return state;
    default:
      return evolveMatter(state, entry, event);
  }
}

function evolveMatter(state: Tenant, entry: Entry, event: OffboardEvent | ErasureEvent): Tenant {
  const erasure = state.erasures.get(entry.case ?? '') ?? null;
  if (entry.case === null || (!erasure && event.type !== 'erasure.requested')) return evolveCase(state, entry, event as OffboardEvent);
  const after = evolveErasure(erasure, event as ErasureEvent, entry.at, entry.case);
  return after ? { ...state, erasures: state.erasures.set(entry.case, after) } : state;
}

function evolveCase(state: Tenant, entry: Entry, event: OffboardEvent): Tenant {
  if (entry.case === null) return state;
  const before = state.cases.get(entry.case) ?? null;
  const requests = event.type === 'request.received' ? requestsBefore(state.history, event.data.requester, entry.at) : undefined;
  const after = evolve(before, event, entry.at, entry.case, requests);
  if (!after) return state;
  const cases = state.cases.set(entry.case, after);
  const history = evolveHistory(state.history, before, event, entry.at);
  if (event.type === 'request.received' && event.data.idempotency !== null)
    return { ...state, cases, history, byIdempotency: state.byIdempotency.set(event.data.idempotency, entry.case) };
  return { ...state, cases, history, openByPerson: evolveOpen(state.openByPerson, entry.case, before?.judgements.soft?.evidence.person, after) };
}

/** A request is counted when it comes, and a leaver once: when the first order about them is placed. */
function evolveHistory(history: History, before: Offboard | null, event: OffboardEvent, at: Instant): History {
  if (event.type === 'request.received') return withRequest(history, event.data.requester, at);
  if (event.type !== 'soft.ordered' || !before || before.orders.length > 0) return history;
  return withLeaver(history, { source: before.request.received.channel, department: before.judgements.soft?.evidence.department ?? null }, at);
}

/** The passkey's counter as it was last seen (WebAuthn 6.1.1), so that a copy of the key shows. */
function counted(approvers: Map<string, Approver>, { approver, proof }: ApprovalVoted): Map<string, Approver> {
  const known = approvers.get(approver);
  if (!known || proof.credentialId !== known.passkey.credentialId) return approvers;
  const counter = Math.max(known.passkey.counter, counterOf(proof));
  return approvers.set(approver, { ...known, passkey: { ...known.passkey, counter } });
}

/** The first open case about a person stays the one that others join, as long as it is open, about that person, and takes away. */
function evolveOpen(openByPerson: Map<string, string>, id: string, before: string | null | undefined, found: Offboard): Map<string, string> {
  const { judgements } = found;
  const person = judgements.soft?.evidence.person;
  const ended = found.ended !== null || beingReinstated(found);
  const left = before != null && (ended || person !== before) && openByPerson.get(before) === id ? openByPerson.delete(before) : openByPerson;
  return person != null && judgements.soft?.gate && !ended && !left.has(person) ? left.set(person, id) : left;
}

// Commands

/** A request and the case that it opens. */
export interface Received {
  readonly case: string;
  readonly request: RequestReceived;
}

export type TenantCommand =
  | ({ readonly do: 'receive' } & Received)
  | { readonly do: 'receiveSeveral'; readonly requests: readonly Received[] }
  | { readonly do: 'requestErasure'; readonly erasure: string; readonly asked: ErasureRequested }
  | { readonly do: 'enrol'; readonly approvers: readonly Approver[] }
  | { readonly do: 'takeReceipt'; readonly seq: number; readonly hash: string; readonly entry: JsonObject }
  | { readonly do: 'lose' | 'restore'; readonly dependency: string }
  | { readonly do: 'inCase'; readonly case: string; readonly actor: string; readonly command: OffboardCommand | ErasureCommand };

// decide

const SELF = 'gatekeeper';

function decideTenant(command: TenantCommand, state: Tenant, terms: Terms, now: Instant): readonly NewEntry[] {
  switch (command.do) {
    case 'receive':
      return receive([command], state);
    case 'receiveSeveral':
      return receive(command.requests, state);
    case 'requestErasure':
      return decideRequest(command, state);
    case 'enrol':
      return enrol(command.approvers, state.approvers);
    case 'lose':
    case 'restore':
      if (state.lost.has(command.dependency) === (command.do === 'lose')) return [];
      return [{ type: command.do === 'lose' ? 'dependency.lost' : 'dependency.restored', case: null, actor: SELF, data: { dependency: command.dependency } }];
    case 'takeReceipt':
      return takeReceipt(command, state, now);
    case 'inCase':
      return decideInCase(command, state, terms, now);
  }
}

/** All requests of one message, or none where one of them was taken before. */
function receive(requests: readonly Received[], { cases, byIdempotency }: Tenant): readonly NewEntry[] {
  const known = requests.some(({ case: id, request: { idempotency } }) => cases.has(id) || (idempotency !== null && byIdempotency.has(idempotency)));
  return known ? [] : requests.map(({ case: id, request }) => ({ type: 'request.received', case: id, actor: request.requester, data: request }));
}

function decideInCase(command: TenantCommand & { do: 'inCase' }, state: Tenant, terms: Terms, now: Instant): readonly NewEntry[] {
  const found = matterOf(state, command.case);
  if (!found) throw new CodedError('unknown_case', 'there is no such case');
  const parties = partiesOf(state, found);
  if (isErasure(found)) {
    const around = { tenant: terms.tenant, scope: erasureScope(state, found, found.id), parties, approvalSeconds: terms.approvalSeconds, now };
    return decideErasure(command.command as ErasureCommand, found, around).map((event) => entryOf(event, found.id, command.actor));
  }
  if (command.command.do === 'judge' && outrun(state, found, command.command, terms.leaverLimits, now)) return [];
  const events = decide(command.command as OffboardCommand, found, parties, terms, now);
  const joined = command.command.do === 'judge' ? joins(state, found, events, now) : undefined;
  return (joined ?? events.map((event) => ({ event, case: command.case }))).map(({ event, case: id }) => entryOf(event, id, command.actor));
}

/** A person is erased by one procedure at a time: the same requester, asking again, is told of the one that runs. */
function decideRequest({ erasure, asked }: TenantCommand & { do: 'requestErasure' }, state: Tenant): readonly NewEntry[] {
  const scope = erasureScope(state, asked, erasure);
  const running = state.erasures.get(scope.underWay ?? '');
  if (matterOf(state, erasure) || (running && asksAgain(running, asked))) return [];
  return requestErasure(asked, scope).map((event) => entryOf(event, erasure, asked.requester));
}

/** The start configuration says who approves: who is new or has another key or channel is enrolled, who is gone is revoked. */
function enrol(wanted: readonly Approver[], enrolled: Tenant['approvers']): readonly NewEntry[] {
  const by = { case: null, actor: 'start-configuration' };
  const gone = [...enrolled.keys()].filter((person) => !wanted.some((approver) => approver.person === person));
  const changed = wanted.filter((approver) => !sameEnrolment(approver, enrolled.get(approver.person)));
  return [...gone.map((person) => ({ type: 'approver.revoked', ...by, data: { person } })), ...changed.map((data) => ({ type: 'approver.enrolled', ...by, data }))];
}

// the counter moves by itself with each vote
function sameEnrolment(a: Approver, b: Approver | undefined): boolean {
  const said = ({ person, slack, passkey, roles }: Approver): string => JSON.stringify([person, slack.team, slack.user, passkey.credentialId, passkey.publicKey, [...roles].sort()]);
  return b !== undefined && said(a) === said(b);
}

/** Exactly once, in order, and only what a doer may say: a stolen doer cannot write an approval. */
function takeReceipt(command: TenantCommand & { do: 'takeReceipt' }, state: Tenant, now: Instant): readonly NewEntry[] {
  const { seq, hash, entry } = command;
  if (seq <= state.receipts.seq) return [];
  if (seq !== state.receipts.seq + 1) throw new CodedError('receipt_gap', `receipt ${String(seq)} after ${String(state.receipts.seq)}`);
  if (typeof entry.type !== 'string' || !DOER_EVENT_TYPES.some((type) => type === entry.type)) throw new CodedError('receipt_foreign', 'a doer may not say this');
  const about = typeof entry.case === 'string' ? state.cases.get(entry.case) : undefined;
  const taken = { type: 'receipt.taken', data: { seq, hash, entry } } as const;
  const receipt = entryOf(taken, about?.id ?? null, SELF);
  if (!about) return [receipt];
  const after = evolve(about, taken, now, about.id);
  return [receipt, ...(after ? decideAfterReceipt(after) : []).map((event) => entryOf(event, about.id, SELF))];
}

function entryOf(event: OffboardEvent | ErasureEvent, caseId: string | null, actor: string): NewEntry {
  return { type: event.type, case: caseId, actor, data: event.data };
}

/** Who may decide about a case or procedure: the approvers as they are now, and whom they must not be. */
export function partiesOf(state: Tenant, found: Matter): Parties {
  const approvers = [...state.approvers.values()];
  if (isErasure(found)) return { approvers, requesters: [found.requester], subject: found.person };
  return {
    approvers,
    requesters: [...found.request.requesters, ...found.reinstaters],
    subject: found.judgements.soft?.evidence.person ?? null,
  };
}

/** The machine of a tenant's ledger. */
export function tenantLedger(terms: Terms): BookMachine<Tenant, TenantCommand> {
  return {
    initial: NOTHING,
    evolve: evolveTenant,
    decide: (command, state, now) => decideTenant(command, state, terms, now),
    entriesOf: (state, caseId) => matterOf(state, caseId)?.entries ?? 0,
  };
}
