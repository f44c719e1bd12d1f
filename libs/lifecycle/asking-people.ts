import { type Binding, differences, eligible, sameBinding } from '#approvals';
import type { Instant } from '#decider';
import type { Phase } from '#packet';
import { type ApprovalEvent, type ApprovalState, approvalStands, asksAbout, type Parties, requestApproval } from './approval.js';

/** How people are asked; `needed` distinct people must approve. */
export interface Ask {
  /** 32 random bytes, base64url. */
  readonly nonce: string;
  readonly needed: number;
  readonly approvable: boolean;
  readonly ttlSeconds: number;
  readonly now: Instant;
}

/** Asks people to approve `binding`: nothing where they are being asked already, undefined where an approval of it stands. */
export function askUnlessApproved(approval: ApprovalState | null, binding: Binding, ask: Ask, parties: Parties): readonly ApprovalEvent[] | undefined {
  const asked = approval?.requested;
  // the same facts may ask for more people than before, since a score moves within its band
  const unchanged = asked !== undefined && sameBinding(asked.binding, binding) && asked.needed >= ask.needed;
  if (unchanged && approvalStands(approval, parties)) return undefined;
  if (unchanged && approval?.outcome === 'open') return [];
  const because = asked ? differences(asked.binding, binding) : [];
  const number = (asked?.number ?? 0) + 1;
  return [...withdrawQuestion(approval, because.length > 0 ? because : ['quorum']), ...requestApproval(binding, { ...ask, number }, parties)];
}

/** On whose approval an order of `phase` would rest at this moment. */
export function standingApprovers(approval: ApprovalState | null, phase: Phase, parties: Parties): readonly string[] {
  if (!approvalStands(approval, parties) || !asksAbout(approval, phase)) return [];
  const mayDecide = new Set(eligible(parties.approvers, parties).map(({ person }) => person));
  return approval.votes.map(({ approver }) => approver).filter((person) => mayDecide.has(person));
}

/** Takes back what people were asked or have granted. */
export function withdrawQuestion(approval: ApprovalState | null, because: readonly string[]): readonly ApprovalEvent[] {
  if (approval?.outcome !== 'open' && approval?.outcome !== 'granted') return [];
  return [{ type: 'approval.superseded', data: { number: approval.requested.number, because } }];
}
