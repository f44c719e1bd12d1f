import { type Approver, type Binding, bindingDigest, countedBackwards, counterOf, eligible, linkExpired, quorumReached, standing } from '#approvals';
import { type Instant, type JsonObject, plusSeconds } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import type { Phase } from '#packet';
import type { EndState } from './offboard.js';

// Events

export type ApprovalRequested = {
  readonly number: number;
  readonly binding: Binding;
  readonly digest: string;
  readonly nonce: string;
  /** False where nothing can be approved because nobody was found to act on: then only a rejection ends it. */
  readonly approvable: boolean;
  readonly needed: number;
  readonly approvers: readonly string[];
  readonly expiresAt: Instant;
};

export type ApprovalVoted = {
  readonly number: number;
  readonly approver: string;
  readonly vote: 'approve' | 'reject';
  readonly strength: 'passkey' | 'slack' | 'link';
  /** The passkey assertion or the raw Slack request's digest: what an auditor checks offline. */
  readonly proof: JsonObject;
};

type Numbered = { readonly number: number };

export type ApprovalEvent =
  | { readonly type: 'approval.requested'; readonly data: ApprovalRequested }
  /** Fewer people may decide than must approve: as things are it can only be rejected or expire, and an operator has to see that. */
  | { readonly type: 'approval.unreachable'; readonly data: Numbered & { readonly needed: number; readonly eligible: number } }
  | { readonly type: 'approval.message_posted'; readonly data: Numbered & { readonly approver: string; readonly channel: string; readonly ts: string; readonly link: number } }
  /** The message says what became of the question; the first ledgers' entries name no outcome. */
  | { readonly type: 'approval.message_closed'; readonly data: Numbered & { readonly approver: string; readonly outcome?: Settled } }
  | { readonly type: 'approval.message_updated'; readonly data: Numbered & { readonly approver: string; readonly shows: Shown; readonly moved?: Place } }
  /** An approver asked for a new link in place of `link`, which expired. */
  | { readonly type: 'approval.link_requested'; readonly data: Numbered & { readonly approver: string; readonly link: number } }
  | { readonly type: 'approval.voted'; readonly data: ApprovalVoted }
  | { readonly type: 'approval.refused'; readonly data: Numbered & { readonly approver: string; readonly code: RefusedVote } }
  | { readonly type: 'approval.granted'; readonly data: Numbered & { readonly votes: string } }
  | { readonly type: 'approval.rejected'; readonly data: Numbered & { readonly approver: string } }
  | { readonly type: 'approval.expired'; readonly data: Numbered }
  | { readonly type: 'approval.superseded'; readonly data: Numbered & { readonly because: readonly string[] } };

/** Why a vote did not count. */
export type RefusedVote = 'not_eligible' | 'closed' | 'nothing_to_approve' | 'strength' | 'proof' | 'expired' | 'used';

/** How a question can end. */
export type Settled = 'granted' | 'rejected' | 'expired' | 'superseded';
/** What a message tells of the way of its case: how many have voted, that the soft phase is done, or how the case ended. */
export type Shown = `votes_${number}` | 'soft_done' | EndState;

// State

type Place = { readonly channel: string; readonly ts: string };
/** Where an approver's message stands; `renewal` is when they asked for a new link in place of `link`, until it is posted. */
export interface PostedMessage extends Place {
  readonly link: number;
  readonly issuedAt: Instant;
  readonly renewal: Instant | null;
  /** The outcome that it tells; null while it asks. */
  readonly closed: Settled | null;
  readonly shown: Shown | null;
}

export interface ApprovalState {
  readonly requested: ApprovalRequested;
  readonly requestedAt: Instant;
  readonly votes: readonly ApprovalVoted[];
  readonly messages: Readonly<Record<string, PostedMessage>>;
  readonly outcome: 'open' | Settled;
  readonly settledAt: Instant | null;
  /** Whose votes were refused, once for each. */
  readonly refusals: readonly string[];
  /** What changed, where it is superseded. */
  readonly because: readonly string[];
  /** SHA-256 over the votes that granted it; it travels in the packet. */
  readonly votesDigest: string | null;
  /** The question before this one, whose messages must still be closed and whose links still say what became of it. */
  readonly earlier: ApprovalState | null;
}

/** The question of that number in this case. */
export function questionOf(state: ApprovalState | null, number: number): ApprovalState | undefined {
  if (!state || state.requested.number === number) return state ?? undefined;
  return questionOf(state.earlier, number);
}

/** The stage after one of its events; a new request stands before the earlier ones. */
export function evolveApproval(state: ApprovalState | null, event: ApprovalEvent, at: Instant): ApprovalState | null {
  if (event.type === 'approval.requested')
    return { requested: event.data, requestedAt: at, votes: [], messages: {}, refusals: [], outcome: 'open', settledAt: null, because: [], votesDigest: null, earlier: state };
  if (!state) return state;
  if (state.requested.number !== event.data.number) return { ...state, earlier: evolveApproval(state.earlier, event, at) };
  switch (event.type) {
    case 'approval.message_posted': {
      const { approver, channel, ts, link } = event.data;
      return { ...state, messages: { ...state.messages, [approver]: { channel, ts, link, issuedAt: at, renewal: null, closed: null, shown: state.messages[approver]?.shown ?? null } } };
    }
    case 'approval.message_closed':
      return withMessage(state, event.data.approver, { closed: event.data.outcome ?? (state.outcome === 'open' ? null : state.outcome) });
    case 'approval.message_updated':
      return withMessage(state, event.data.approver, { shown: event.data.shows, ...event.data.moved });
    case 'approval.link_requested':
      return state.messages[event.data.approver]?.link === event.data.link ? withMessage(state, event.data.approver, { renewal: at }) : state;
    case 'approval.voted':
      return { ...state, votes: [...state.votes, event.data] };
    case 'approval.granted':
      return { ...state, outcome: 'granted', settledAt: at, votesDigest: event.data.votes };
    case 'approval.rejected':
    case 'approval.expired':
      return { ...state, outcome: event.type === 'approval.rejected' ? 'rejected' : 'expired', settledAt: at };
    case 'approval.superseded':
      return { ...state, outcome: 'superseded', settledAt: at, because: event.data.because };
    case 'approval.refused':
      return { ...state, refusals: [...state.refusals, event.data.approver] };
    // what is for people to see, and whatever a later version writes
    default:
      return state;
  }
}

function withMessage(state: ApprovalState, approver: string, change: Partial<PostedMessage>): ApprovalState {
  const message = state.messages[approver];
  return message ? { ...state, messages: { ...state.messages, [approver]: { ...message, ...change } } } : state;
}

// Commands

/** A human's decision whose proof the edge has checked. */
export type CastVote = { readonly do: 'vote' } & ApprovalVoted;
/** One whose proof did not hold: it leaves a trace and nothing else. */
export type RefuseVote = { readonly do: 'refuseVote'; readonly number: number; readonly approver: string; readonly code: RefusedVote };
export type ExpireApproval = { readonly do: 'expire'; readonly number: number };
export type RecordMessage = { readonly do: 'messagePosted'; readonly number: number; readonly approver: string; readonly channel: string; readonly ts: string; readonly link: number };
/** `outcome` is what the message said when it was sent: meanwhile the question may have been withdrawn. */
export type RecordClosed = { readonly do: 'messageClosed'; readonly number: number; readonly approver: string; readonly outcome: Settled };
/** `moved` is where it stands now: somebody had deleted it, and it was posted anew. */
export type RecordUpdated = { readonly do: 'messageUpdated'; readonly number: number; readonly approver: string; readonly shows: Shown; readonly moved?: Place };
/** An approver's link has expired before they decided. */
export type RequestLink = { readonly do: 'requestLink'; readonly number: number; readonly approver: string; readonly link: number };
export type ApprovalCommand = CastVote | RefuseVote | ExpireApproval | RecordMessage | RecordClosed | RecordUpdated | RequestLink;

/** Who may decide now: `approvers` as enrolled today, without requesters and subject. */
export interface Parties {
  readonly approvers: readonly Approver[];
  readonly requesters: readonly string[];
  readonly subject: string | null;
}

// decide

/** So many refused votes of one approver about one question are worth an entry. */
const MOST_REFUSALS = 20;

/** Asks people to approve `binding`. */
export function requestApproval(
  binding: Binding,
  ask: { readonly number: number; readonly nonce: string; readonly needed: number; readonly approvable: boolean; readonly ttlSeconds: number; readonly now: Instant },
  parties: Parties,
): readonly ApprovalEvent[] {
  const { number, nonce, needed, approvable, ttlSeconds, now } = ask;
  const approvers = eligible(parties.approvers, parties).map(({ person }) => person);
  const expiresAt = plusSeconds(now, ttlSeconds);
  const requested: ApprovalEvent = { type: 'approval.requested', data: { number, binding, digest: bindingDigest(binding), nonce, approvable, needed, approvers, expiresAt } };
  return approvers.length >= needed ? [requested] : [requested, { type: 'approval.unreachable', data: { number, needed, eligible: approvers.length } }];
}

/** What a command about an approval leads to; a repeated one decides nothing. */
export function decideApproval(command: ApprovalCommand, state: ApprovalState, parties: Parties, now: Instant): readonly ApprovalEvent[] {
  const { number } = state.requested;
  const current = command.number === number;
  const question = questionOf(state, command.number);
  switch (command.do) {
    case 'messagePosted': {
      const { do: _do, ...data } = command;
      return !question || (question.messages[command.approver]?.link ?? 0) >= command.link ? [] : [{ type: 'approval.message_posted', data }];
    }
    case 'messageClosed': {
      const { do: _do, ...data } = command;
      const posted = question?.messages[command.approver];
      return !posted || posted.closed === data.outcome ? [] : [{ type: 'approval.message_closed', data }];
    }
    case 'messageUpdated': {
      const { do: _do, ...data } = command;
      const posted = question?.messages[command.approver];
      return !posted || posted.shown === data.shows ? [] : [{ type: 'approval.message_updated', data }];
    }
    case 'requestLink':
      return current ? decideLink(command, state, parties, now) : [];
    case 'expire':
      return !current || state.outcome !== 'open' || now < state.requested.expiresAt ? [] : [{ type: 'approval.expired', data: { number } }];
    case 'refuseVote':
      return refusal(state, command, command.code);
    case 'vote':
      return decideVote(command, state, parties, now);
  }
}

/** One new link for each expired one, and only for the newest: so nobody can flood the ledger, or Slack. */
function decideLink({ number, approver, link }: RequestLink, state: ApprovalState, parties: Parties, now: Instant): readonly ApprovalEvent[] {
  const message = state.messages[approver];
  if (message?.link !== link || message.renewal !== null || !linkExpired(message.issuedAt, now)) return [];
  const undecided = state.outcome === 'open' && now < state.requested.expiresAt && !state.votes.some((vote) => vote.approver === approver);
  return undecided && eligible(parties.approvers, parties).some(({ person }) => person === approver) ? [{ type: 'approval.link_requested', data: { number, approver, link } }] : [];
}

/** Leaves a trace, but no more of them than tell the story: whoever holds a link can send it for ever. */
function refusal(state: ApprovalState, { number, approver }: { readonly number: number; readonly approver: string }, code: RefusedVote): readonly ApprovalEvent[] {
  const question = questionOf(state, number);
  return !question || question.refusals.filter((person) => person === approver).length >= MOST_REFUSALS ? [] : [{ type: 'approval.refused', data: { number, approver, code } }];
}

function decideVote(command: CastVote, state: ApprovalState, parties: Parties, now: Instant): readonly ApprovalEvent[] {
  const { do: _do, ...voted } = command;
  const { number, approver, vote } = voted;
  const refused = (code: RefusedVote): readonly ApprovalEvent[] => refusal(state, voted, code);
  if (questionOf(state, number)?.votes.some((earlier) => earlier.approver === approver && earlier.vote === vote)) return [];
  if (number !== state.requested.number || state.outcome !== 'open') return refused('closed');
  if (now >= state.requested.expiresAt) return refused('expired');
  const mayDecide = eligible(parties.approvers, parties);
  const voter = mayDecide.find(({ person }) => person === approver);
  if (!voter) return refused('not_eligible');
  if (vote === 'reject') return [{ type: 'approval.voted', data: voted }, { type: 'approval.rejected', data: { number, approver } }];
  if (!state.requested.approvable) return refused('nothing_to_approve');
  if (voted.strength !== 'passkey') return refused('strength');
  // the proof was checked before it queued here: two copies of a key may have come at once
  if (countedBackwards(counterOf(voted.proof), voter.passkey.counter)) return refused('proof');
  const votes = [...state.votes, voted];
  const cast: ApprovalEvent = { type: 'approval.voted', data: voted };
  return holds(votes, state.requested.needed, mayDecide) ? [cast, { type: 'approval.granted', data: { number, votes: sha256Hex(jcs(votes)) } }] : [cast];
}

/** True where the question covers `phase`. */
export function asksAbout({ requested }: ApprovalState, phase: Phase): boolean {
  return requested.binding.phases.includes(phase);
}

/** Whether the approval stands at this moment, when those who may decide are who they are now. */
export function approvalStands(state: ApprovalState | null, parties: Parties): state is ApprovalState {
  return state?.outcome === 'granted' && holds(state.votes, state.requested.needed, eligible(parties.approvers, parties));
}

function holds(votes: readonly ApprovalVoted[], needed: number, mayDecide: readonly Approver[]): boolean {
  return quorumReached(standing(votes.map(({ approver, vote }) => ({ person: approver, vote })), mayDecide), needed);
}
