import type { PolicyInput } from '#policy';
import { type RiskScore, score } from '#risk';
import type { TenantRuntime } from './tenant.js';

/** The question that is put to the gate about one look at a person, and the score over that look. */
export function gateInput(
  runtime: Pick<TenantRuntime, 'settings' | 'risk'>,
  asked: Omit<PolicyInput, 'v' | 'tenant' | 'pipeline' | 'risk'>,
): { readonly input: PolicyInput; readonly risk: RiskScore } {
  const { intent, evidence, circumstances } = asked;
  const { facts, findings, resolved } = evidence;
  const risk = score({ facts, findings, resolved, confidence: intent.confidence, circumstances }, runtime.risk);
  const components = risk.components.map(({ name, value, weight }) => ({ name, value, weight }));
  return { input: { v: 1, tenant: runtime.settings.id, pipeline: 'offboard', ...asked, risk: { score: risk.score, components } }, risk };
}
