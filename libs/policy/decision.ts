import type { JsonObject } from '#decider';
import { jcs, sha256Hex } from '#ledger';

export const OUTCOMES = ['allow', 'require_hitl', 'deny', 'block'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Reason = Readonly<{ rule: string; text: string }>;

/** What the policy said: outcome, reasons (worst first), and how many distinct people must approve where one is asked. */
export interface Answer {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly quorum: number;
}

/** An answer and what it rests on; all digests are SHA-256 as 64 lower-case hex digits. */
export interface Decision extends Answer {
  /** Over the policy's Wasm. */
  readonly policyDigest: string;
  /** Over the canonical tenant data. */
  readonly dataDigest: string;
  /** Over the canonical input. */
  readonly inputDigest: string;
  /** Over entrypoint, input, Wasm, tenant data and answer. */
  readonly digest: string;
}

/** The digest of something that was not there to be hashed. */
export const NO_DIGEST = '0'.repeat(64);

/** The decision that an answer becomes; anyone who holds the parts can compute `digest` again. */
export function decisionOf(
  entrypoint: string,
  rests: Pick<Decision, 'policyDigest' | 'dataDigest' | 'inputDigest'>,
  answer: Answer,
): Decision {
  const { policyDigest, dataDigest, inputDigest } = rests;
  // in the order of the canonical form, which is written several times faster so
  const covered: JsonObject = {
    data: dataDigest,
    entrypoint,
    input: inputDigest,
    outcome: answer.outcome,
    policy: policyDigest,
    quorum: answer.quorum,
    reasons: answer.reasons.map(({ rule, text }) => ({ rule, text })),
    v: 1,
  };
  return { ...answer, policyDigest, dataDigest, inputDigest, digest: sha256Hex(jcs(covered)) };
}
