import type { ApprovalState } from './approval.js';

/** A message that has to be sent or taken back. */
export type NoticeTask = { readonly do: 'postMessage' | 'closeMessage'; readonly number: number; readonly approver: string };

/**
 * The next message to send, or to update because the request is settled; those of a withdrawn question come first.
 * @param turn - which of the pending ones, from 0 on and around: who cannot be reached must not keep the others from being asked.
 */
export function nextNotice(state: ApprovalState | null, turn = 0): NoticeTask | undefined {
  const pending = pendingNotices(state);
  return pending[turn % Math.max(1, pending.length)];
}

function pendingNotices(state: ApprovalState | null): readonly NoticeTask[] {
  if (!state) return [];
  const { number, approvers } = state.requested;
  const waiting =
    state.outcome === 'open'
      ? approvers.filter((person) => state.messages[person]?.renewal !== null).map((approver) => ({ do: 'postMessage', number, approver }) as const)
      : Object.entries(state.messages).flatMap(([approver, { closed }]) => (closed ? [] : [{ do: 'closeMessage', number, approver } as const]));
  return [...pendingNotices(state.earlier), ...waiting];
}
