import { type Binding, bandOf } from '#approvals';
import type { Instant, JsonObject } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import type { PacketStep, Phase } from '#packet';
import type { LeaverLimits } from '#risk';
import { asksAbout, type Parties } from './approval.js';
import { askUnlessApproved, withdrawQuestion } from './asking-people.js';
import type { GateDecided, Judge, Judgement, PlannedAccount } from './judgement.js';
import type { Offboard, OffboardEvent } from './offboard.js';
import { dueAt } from './offboard.js';
import { type PacketTerms, placeOrder } from './order.js';

/** The tenant's settings that decisions rest on, in seconds. */
export interface Terms extends PacketTerms {
  /** Between the soft and the hard phase. */
  readonly windowSeconds: number;
  /** How long people may take to decide. */
  readonly approvalSeconds: number;
  /** Beyond these two people decide; the same that policy is told of. The default where absent. */
  readonly leaverLimits?: LeaverLimits;
}

/** What follows from a judgement that was just made: an order, a question to people, or an end. */
export function consequences(state: Offboard, command: Judge, parties: Parties, terms: Terms, now: Instant): readonly OffboardEvent[] {
  const judged = state.judgements[command.phase];
  if (!judged?.gate) return [];
  switch (judged.gate.outcome) {
    case 'deny':
    case 'block':
      return refusal(state, judged.gate);
    case 'require_hitl':
      return askPeople(state, command, judged, parties, terms, now);
    case 'allow':
      return [...withdrawQuestion(state.approval, ['outcome']), ...order(state, command.phase, judged.gate, null, terms, now)];
  }
}

/** What an approval of this judgement is an approval of: classes and digests, no times and no counters. */
export function bindingOf(state: Offboard, gate: GateDecided, tenant: string, phases: Binding['phases']): Binding {
  const { evidence, risk } = gate.input;
  const { privilege, production_owner, recent_escalation, hris_status } = evidence.facts;
  const facts: JsonObject = { subject: gate.input.subject, resolved: evidence.resolved, privilege, production_owner, recent_escalation, hris_status, findings: evidence.findings };
  const plan = sha256Hex(jcs(planOf(state)));
  return { tenant, case: state.id, outcome: gate.outcome, band: bandOf(risk.score), plan, policy: gate.policy, data: gate.tenantData, facts, phases };
}

/** The accounts that the case acts on: what was found before soft stays the plan until the end. */
export function planOf(state: Offboard): readonly PlannedAccount[] {
  return state.judgements.soft?.evidence.plan ?? [];
}

function refusal(state: Offboard, { phase, outcome }: GateDecided): readonly OffboardEvent[] {
  const withdrawn = state.approval && asksAbout(state.approval, phase) ? withdrawQuestion(state.approval, ['outcome']) : [];
  if (phase === 'reinstate' && state.reinstate) return [...withdrawn, { type: 'reinstate.refused', data: { requester: state.reinstate.requester, code: 'denied' } }];
  // once something was done, a refusal leaves the account disabled and asks a person
  if (state.orders.length > 0) return [...withdrawn, { type: 'person.needed', data: { code: `${outcome}_at_${phase}` } }];
  return [...withdrawn, { type: 'case.ended', data: { as: outcome === 'block' ? 'blocked' : 'denied', into: null } }];
}

function askPeople(state: Offboard, command: Judge, judged: Judgement, parties: Parties, terms: Terms, now: Instant): readonly OffboardEvent[] {
  const { gate } = judged;
  if (!gate) return [];
  const { approval } = state;
  const asked = approval?.requested.binding;
  const phases: Binding['phases'] = asked?.phases.includes(gate.phase) ? asked.phases : gate.phase === 'soft' ? (['soft', 'hard'] as const) : [gate.phase];
  const binding = bindingOf(state, gate, terms.tenant, phases);
  const approvable = gate.input.subject !== null && planOf(state).length > 0;
  const ask = { nonce: command.nonce, needed: gate.quorum, approvable, ttlSeconds: terms.approvalSeconds, now };
  return askUnlessApproved(approval, binding, ask, parties) ?? order(state, gate.phase, gate, approval?.votesDigest ?? null, terms, now);
}

function order(state: Offboard, phase: Phase, gate: GateDecided, approvals: string | null, terms: Terms, now: Instant): readonly OffboardEvent[] {
  if (now < dueAt(state, phase, terms)) return [];
  const steps = stepsOf(planOf(state), phase);
  // nothing is held anywhere: there is nothing to order
  if (steps.length === 0) return [{ type: 'case.ended', data: { as: 'done', into: null } }];
  return [placeOrder({ case: state.id, phase, steps, decision: gate.digest, approvals }, state.orders, terms, now)];
}

function stepsOf(plan: readonly PlannedAccount[], phase: Phase): readonly PacketStep[] {
  const steps = plan.map((planned) => ({ portal: planned.portal, account: planned.account, effects: planned[phase] }));
  // a portal that has nothing to do in a phase has no step in it
  return steps.filter(({ effects }) => effects.length > 0);
}
