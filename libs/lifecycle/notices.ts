import { type ApprovalState, asksAbout, type PostedMessage, type Settled, type Shown } from './approval.js';
import { isErasure, type Matter } from './matter.js';
import { carriedOut } from './order.js';

type Addressed = { readonly number: number; readonly approver: string };

/** A message that has to be sent, to say more than it does, or to be taken back. */
export type NoticeTask =
  | ({ readonly do: 'postMessage' } & Addressed)
  | ({ readonly do: 'updateMessage'; readonly shows: Shown } & Addressed)
  | ({ readonly do: 'closeMessage'; readonly outcome: Settled } & Addressed);

/**
 * The next message to send or to change; those of a withdrawn question come first, and news of how the case gets on last.
 * @param turn - which of the pending ones, from 0 on and around: who cannot be reached must not keep the others from being asked.
 */
export function nextNotice(found: Matter, turn = 0): NoticeTask | undefined {
  const pending = [...pendingQuestions(found.approval), ...pendingNews(found)];
  return pending[turn % Math.max(1, pending.length)];
}

function pendingQuestions(state: ApprovalState | null): readonly NoticeTask[] {
  if (!state) return [];
  const { outcome } = state;
  const { number, approvers } = state.requested;
  const waiting: readonly NoticeTask[] =
    outcome === 'open'
      ? approvers.filter((approver) => state.messages[approver]?.renewal !== null).map((approver) => ({ do: 'postMessage', number, approver }))
      : messagesOf(state).flatMap(([approver, { closed }]) => (closed === outcome ? [] : [{ do: 'closeMessage', number, approver, outcome }]));
  return [...pendingQuestions(state.earlier), ...waiting];
}

/** Only the newest question's messages tell of the case: what became of it says all about an earlier one. */
function pendingNews(found: Matter): readonly NoticeTask[] {
  const { approval } = found;
  const shows = approval && newsOf(found, approval);
  if (!approval || !shows) return [];
  const { number } = approval.requested;
  return messagesOf(approval).flatMap(([approver, { shown }]) => (shown === shows ? [] : [{ do: 'updateMessage', number, approver, shows }]));
}

/** What a question's messages should say beside the question or its outcome; null where that says all. */
export function newsOf(found: Matter, question: ApprovalState): Shown | null {
  if (question.outcome === 'open') return question.votes.length > 0 ? `votes_${question.votes.length}` : null;
  // what becomes of an erasure is what its question came to
  if (isErasure(found)) return null;
  const { orders, ended } = found;
  if (ended) return ended.as === question.outcome ? null : ended.as;
  return asksAbout(question, 'soft') && orders.some((order) => order.phase === 'soft' && carriedOut(order)) ? 'soft_done' : null;
}

/** Who has voted on a question is not asked again. */
export function hasVoted(question: ApprovalState, person: string): boolean {
  return question.votes.some(({ approver }) => approver === person);
}

function messagesOf({ messages }: ApprovalState): readonly (readonly [string, PostedMessage])[] {
  return Object.entries(messages);
}
