import type { Instant, JsonObject } from '#decider';
import type { Reopening } from '#ledger';
import type { PacketRejection, PacketStep, Phase } from '#packet';
import type { Sealed } from '#vault';
import type { ExecutionEvent } from './order-execution.js';

/** Why an order with good signatures was not taken. */
export type OrderRefusal =
  | 'tenant'
  | 'order_used'
  | 'order_lower'
  | 'phase'
  | 'previous'
  | 'too_early'
  | 'expired'
  | 'window'
  | 'grant_missing';

export type PacketAccepted = {
  readonly order: number;
  readonly phase: Phase;
  readonly digest: string;
  /** The packet's bytes, base64url. */
  readonly packet: string;
  readonly steps: readonly PacketStep[];
};
export type OrderRejected = { readonly reason: OrderRefusal; readonly digest: string; readonly source: string; readonly order: number };
export type LeaseRequested = { readonly order: number; readonly portal: string };
export type LeaseIssued = LeaseRequested & { readonly accessor: string; readonly expiresAt: Instant };
export type LeaseRefused = LeaseRequested & { readonly code: string };
export type LeaseReturned = LeaseRequested & { readonly accessor: string; readonly confirmed: boolean };
/** A piece of the before-state, sealed; long states take several entries of one commit. */
export type StateRecorded = {
  readonly portal: string;
  readonly account: string;
  readonly part: number;
  readonly parts: number;
  readonly sealed: Sealed;
};
/** `effects` are those that this lease brought about; the state was read back and nothing was left to do. */
export type StepApplied = LeaseRequested & { readonly account: string; readonly effects: readonly string[]; readonly read: 'confirmed' };
export type StepFailed = LeaseRequested & { readonly account: string; readonly code: string; readonly attempt: number };
export type PortalGivenUp = LeaseRequested & { readonly code: string };
export type GrantsNeeded = { readonly order: number; readonly portals: readonly string[] };
export type AccountOutcome = { readonly portal: string; readonly account: string; readonly outcome: 'done' | 'already' | 'failed' };
export type OrderFinished = { readonly order: number; readonly phase: Phase; readonly outcomes: readonly AccountOutcome[] };

/** What was no packet of ours: only digests of it are kept. */
export type SignatureRejected = { readonly reason: PacketRejection | 'delivery'; readonly digest: string; readonly source: string };
/** How many more of these came while single entries would have filled the journal. */
export type RejectionsSummarised = { readonly count: number; readonly from: Instant; readonly to: Instant };

/** Everything that a doer's journal may say. */
export type DoerEvent =
  | ExecutionEvent
  | { readonly type: 'journal.opened'; readonly data: JsonObject }
  | { readonly type: 'journal.reopened'; readonly data: Reopening }
  | { readonly type: 'doer.signature_rejected'; readonly data: SignatureRejected }
  | { readonly type: 'doer.rejections_summarised'; readonly data: RejectionsSummarised };

const types = {
  'journal.opened': true,
  'journal.reopened': true,
  'packet.accepted': true,
  'doer.signature_rejected': true,
  'doer.order_rejected': true,
  'doer.rejections_summarised': true,
  'lease.requested': true,
  'lease.issued': true,
  'lease.refused': true,
  'lease.returned': true,
  'state.recorded': true,
  'step.applied': true,
  'step.failed': true,
  'portal.given_up': true,
  'grants.needed': true,
  'order.finished': true,
} satisfies Record<DoerEvent['type'], true>;

/** The closed list: a receipt of any other type is not the doer's. */
export const DOER_EVENT_TYPES: readonly string[] = Object.keys(types);
