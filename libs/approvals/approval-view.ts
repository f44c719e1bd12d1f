import type { Instant } from '#decider';
import type { Vote } from './approver.js';
import type { Band } from './binding.js';

/** One thing that will be done to an account, in words. */
export interface ViewEffect {
  readonly effect: string;
  readonly says: string;
  readonly reversible: boolean;
}

/** What happens in one portal in one phase. */
export interface ViewStep {
  readonly phase: 'soft' | 'hard' | 'reinstate' | 'erase';
  readonly portal: string;
  readonly portalSays: string;
  readonly account: string;
  readonly effects: readonly ViewEffect[];
}

/** One component of the risk score, `because` in words. */
export interface ViewComponent {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
  readonly because: string;
}

/** All that an approver is shown about one request, as the gatekeeper tells it; names are unsealed for this one reader. */
export interface ApprovalView {
  readonly tenant: string;
  readonly case: string;
  readonly request: number;
  readonly title: string;
  readonly requestedAt: Instant;
  readonly requester: { readonly id: string; readonly name: string | null };
  readonly subject: { readonly id: string; readonly name: string; readonly address: string } | null;
  /** When it takes effect, in words of the tenant's time zone. */
  readonly effective: string;
  /** Only where something was scored. */
  readonly risk?: { readonly score: number; readonly band: Band; readonly components: readonly ViewComponent[] };
  readonly reasons: readonly { readonly rule: string; readonly text: string }[];
  /** Only where the HRIS was asked. */
  readonly hris?: string;
  /** What somebody has to see to before the accounts go, in words; absent or empty where there is nothing. */
  readonly preconditions?: readonly string[];
  /** What the requester gave as a reason; shown as it is. */
  readonly reason?: string;
  readonly plan: readonly ViewStep[];
  /** Raw text of a request that is suspicious, or that a model had a part in reading, then without markers; shown as it is and never interpreted. */
  readonly flagged?: { readonly markers: readonly string[]; readonly text: string };
  readonly needed: number;
  readonly votes: readonly Vote[];
  readonly outcome: 'open' | 'granted' | 'rejected' | 'expired' | 'superseded';
  /** What changed, where it is superseded: `outcome`, `band`, …, `quorum`, and `facts.<name>`. */
  readonly because: readonly string[];
  /** How the case got on since: `votes_<n>`, `soft_done`, or how it ended; null where there is nothing to say. */
  readonly news: string | null;
  readonly deadline: Instant;
  /** The text whose bytes are approved, its SHA-256 (lower hex), and that digest's short code. */
  readonly canonical: string;
  readonly digest: string;
  readonly shortCode: string;
}

/** What a page hands to `navigator.credentials.get`; `challenge` is `challengeFor(nonce, view.canonical)`. */
export interface AssertionOptions {
  readonly challenge: string;
  readonly nonce: string;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly type: 'public-key'; readonly id: string; readonly transports?: readonly string[] }[];
  readonly userVerification: 'required';
  /** Milliseconds. */
  readonly timeout: number;
}

/** What stands behind a one-time link now. */
export interface LinkPage {
  readonly state: 'open' | 'used' | 'expired' | 'closed';
  readonly view: ApprovalView;
  readonly options: AssertionOptions;
}

/** Where a decision stands in the ledger. */
export interface VoteReceipt {
  readonly case: string;
  readonly seq: number;
  readonly hash: string;
}
