import type { Instant } from '#decider';
import { takeEvidence } from '#evidence';
import { circumstancesAhead, erasureInput, erasureScope, openPreconditions } from '#lifecycle';
import type { Decision, ErasureInput, PolicyInput } from '#policy';
import { ENTRYPOINTS } from './gate.js';
import { gateInput } from './gate-input.js';
import type { TenantRuntime } from './tenant.js';

/** The channel that a request like this would come through. */
const SOURCE = 'api';

export const ACTIONS = ['offboard', 'reinstate', 'erase'] as const;

/** What somebody would ask for. People are opaque ids such as `p-10042`. */
export interface Wish {
  readonly requester: string;
  readonly action: (typeof ACTIONS)[number];
  readonly person: string;
  /** The last day, for an offboarding. */
  readonly effectiveAt: Instant;
}

/**
 * What policy would say of a request that were filed now, from a fresh look with read-only credentials. Nothing is written and nothing is
 * executed; a source that is silent makes facts unknown at once, where a case would wait for it.
 * @throws CodedError `policy_unavailable`.
 */
export async function evaluate(runtime: Pick<TenantRuntime, 'settings' | 'risk' | 'ledger' | 'policy' | 'hris' | 'portals'>, wish: Wish, now: () => Date): Promise<Decision> {
  const { requester, action, person, effectiveAt } = wish;
  const { settings, ledger, policy, hris, portals } = runtime;
  if (action === 'erase') {
    const input: ErasureInput = erasureInput({ person, requester }, erasureScope(ledger.state, { person, cases: [] }, null), settings.id);
    return policy.decide(ENTRYPOINTS.erasure, input);
  }
  const claim = { kind: 'employee', value: person.slice(2) } as const;
  const evidence = await takeEvidence({ claim, action: 'offboard', effectiveAt, now, zone: settings.zone, hris, portals });
  const { person: subject, resolved, findings, facts, accounts, department } = evidence;
  const at = now().toISOString();
  const { input } = gateInput(runtime, {
    phase: action === 'offboard' ? 'soft' : 'reinstate',
    at,
    requester,
    requesters: [requester],
    subject,
    accounts: accounts.map(({ portal, account }) => ({ portal, account })),
    approvers: [],
    // a structured question says what it means: there is no text that could have been misread
    intent: { action: 'offboard', confidence: 1, flags: [], source: 'json' } satisfies PolicyInput['intent'],
    evidence: { resolved, findings: [...new Set(findings.map(({ code }) => code))].sort(), facts, preconditions: openPreconditions(evidence) },
    circumstances: circumstancesAhead(ledger.state, { source: SOURCE, department, requester }, runtime.risk.thresholds, at),
  });
  return policy.decide(ENTRYPOINTS.offboard, input);
}
