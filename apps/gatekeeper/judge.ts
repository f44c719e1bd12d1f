import { randomBytes } from 'node:crypto';
import { CodedError, isJsonObject, type JsonObject } from '#decider';
import { type Claim, type Evidence, takeEvidence } from '#evidence';
import { accountsIn, circumstancesOf, type EvidenceTaken, type Judge, type Offboard, openPreconditions, partiesOf, type PlannedAccount, standingApprovers, weighed } from '#lifecycle';
import type { Phase } from '#packet';
import { ENTRYPOINTS } from './gate.js';
import { gateInput } from './gate-input.js';
import type { TenantRuntime } from './tenant.js';

/** After this long a source that stays away counts as unknown, and a human decides with that in view. */
const PATIENCE_MS = 10 * 60_000;

const NOBODY = { privilege: 'unknown', production_owner: 'unknown', recent_escalation: 'unknown', hris_status: 'unknown', employment: 'unknown', accounts: 0 } as const;

/** Looks at HRIS and portals, scores what it saw, asks the gate, and answers the command that records all three. */
export async function judge(runtime: TenantRuntime, found: Offboard, phase: Phase, now: () => Date): Promise<Judge> {
  const { intent } = found.request;
  if (!intent) throw new CodedError('no_intent', 'a case is judged after it was parsed');
  const evidence = await look(runtime, found, phase, now);
  const before = phase === 'soft' ? undefined : found.judgements.soft;
  const { facts, findings } = weighed(before, evidence);
  const subject = before?.evidence.person ?? evidence.person;
  const requester = phase === 'reinstate' ? (found.reinstate?.requester ?? found.request.received.requester) : found.request.received.requester;
  const { input, risk } = gateInput(runtime, {
    phase,
    at: now().toISOString(),
    requester,
    requesters: [...new Set([...found.request.requesters, requester])],
    subject,
    accounts: accountsIn(before?.evidence ?? evidence),
    approvers: standingApprovers(found.approval, phase, { ...partiesOf(runtime.ledger.state, found), subject }),
    intent: { action: intent.action, confidence: intent.confidence, flags: [...intent.flags], source: intent.source },
    evidence: { resolved: evidence.resolved, findings: [...findings], facts, preconditions: openPreconditions(evidence) },
    circumstances: circumstancesOf(runtime.ledger.state, found, evidence.department ?? null, runtime.risk.thresholds, now().toISOString()),
  });
  const decision = await runtime.policy.decide(ENTRYPOINTS.offboard, input);
  return { do: 'judge', phase, evidence, risk: { ...risk, phase, components: [...risk.components] }, input, decision, nonce: randomBytes(32).toString('base64url') };
}

async function look(runtime: TenantRuntime, found: Offboard, phase: Phase, now: () => Date): Promise<EvidenceTaken> {
  const claim = await claimOf(runtime, found, phase);
  if (!claim) return { phase, person: null, resolved: 'none', findings: [{ code: 'nobody', source: 'intake', at: now().toISOString() }], facts: NOBODY, plan: [], sources: [], label: null };
  const evidence = await takeEvidence({
    claim,
    effectiveAt: found.request.effectiveAt,
    now,
    zone: runtime.settings.zone,
    action: 'offboard',
    hris: runtime.hris,
    portals: runtime.portals,
  });
  const silent = evidence.sources.find(({ answered }) => !answered);
  const since = Math.max(Date.parse(found.request.received.at), Date.parse(found.request.effectiveAt), Date.parse(found.reinstate?.at ?? found.request.received.at));
  if (silent && now().getTime() - since < PATIENCE_MS) throw new CodedError('source_unreachable', `${silent.source} did not answer`);
  return {
    phase,
    person: evidence.person,
    resolved: evidence.resolved,
    findings: evidence.findings.map(({ code, source, at }) => ({ code, source, at })),
    facts: evidence.facts,
    plan: planFor(runtime, evidence),
    // while the HRIS is away it is what it said before
    department: evidence.department ?? found.judgements.soft?.evidence.department ?? null,
    sources: evidence.sources.map(({ source, query, at, answered }) => ({ source, query, at, answered })),
    told: evidence.told,
    candidates: evidence.candidates,
    holdings: evidence.holdings,
    preconditions: evidence.preconditions,
    label: await runtime.keys.seal(found.id, `label/${phase}`, evidence.label),
  };
}

/** Whom to look up: what the text named at first, and the person that was found from then on. */
async function claimOf(runtime: TenantRuntime, found: Offboard, phase: Phase): Promise<Claim | undefined> {
  const known = found.judgements.soft?.evidence.person;
  // once an order stood, the case is about that person, whoever the words would find today
  if ((phase !== 'soft' || found.orders.length > 0) && known != null) return { kind: 'employee', value: known.slice(2) };
  const sealed = found.request.intent?.target;
  if (!sealed) return undefined;
  const target = await runtime.keys.unseal(found.id, 'target', sealed);
  if (!isClaim(target)) throw new CodedError('target_shape', 'the sealed target is not a target');
  return target;
}

function isClaim(value: unknown): value is Claim & JsonObject {
  return isJsonObject(value) && typeof value.value === 'string' && (value.kind === 'address' || value.kind === 'name' || value.kind === 'employee');
}

function planFor(runtime: TenantRuntime, evidence: Evidence): readonly PlannedAccount[] {
  return evidence.accounts.map(({ portal, account }) => {
    const connector = runtime.portals.find((candidate) => candidate.portal === portal);
    const effects = (phase: Phase): readonly string[] => connector?.effects(phase).map(({ effect }) => effect) ?? [];
    return { portal, account, soft: effects('soft'), hard: effects('hard'), reinstate: effects('reinstate') };
  });
}
