import type { Answer } from './decision.js';

/** Why the gate itself said no; what is in the ledger under these names is there for ever. */
const REFUSALS = {
  'policy.bundle': 'The policy bundle is missing or cannot be loaded',
  'policy.digest': 'The policy bundle is not the one that is expected',
  'policy.signature': 'The policy bundle is not signed with the configured key',
  'policy.outdated': 'The policy bundle is older than it may be',
  'policy.entrypoint': 'The policy bundle has no such entrypoint',
  'policy.input': 'The input cannot be put to the policy',
  'policy.deadline': 'The policy did not answer in time',
  'policy.error': 'The policy failed while it was evaluated',
  'policy.undefined': 'The policy gave no answer',
  'policy.answer': 'The policy gave an answer of another form',
  'policy.closed': 'The gate was shut down before it answered',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** The answer where there is none from the policy: deny, and two people should anyone ever read the quorum. */
export function refusal(code: RefusalCode): Answer {
  return { outcome: 'deny', reasons: [{ rule: code, text: REFUSALS[code] }], quorum: 2 };
}

export function isRefusalCode(code: string | undefined): code is RefusalCode {
  return code !== undefined && Object.hasOwn(REFUSALS, code);
}
