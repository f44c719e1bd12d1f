import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type Answer, type Decision, type Outcome, OUTCOMES } from './decision.js';
import type { PolicyEngine } from './engine.js';
import type { PolicyInput } from './input.js';

/** A decision as `gate.decided` holds it, with all that the policy was told. */
export interface RecordedDecision extends Answer {
  readonly policy: string;
  readonly tenantData: string;
  readonly digest: string;
  readonly input: PolicyInput;
}

/**
 * How a recorded decision fares under another policy: `changed` where outcome or quorum differ, `reasons` where only these do,
 * `not_reproduced` where the very same Wasm and data answer otherwise than the ledger says.
 */
export type Fate = 'same' | 'reasons' | 'changed' | 'not_reproduced';

/** The decision in the data of a `gate.decided` entry, or undefined where that is of another form. */
export function recordedDecision(data: JsonObject): RecordedDecision | undefined {
  const { outcome, quorum, reasons, policy, tenantData, digest, input } = data;
  const said = OUTCOMES.find((known) => known === outcome);
  if (!said || typeof quorum !== 'number' || !isReasons(reasons) || !isJsonObject(input) || typeof input.pipeline !== 'string') return undefined;
  if (typeof policy !== 'string' || typeof tenantData !== 'string' || typeof digest !== 'string') return undefined;
  // the rules themselves deny an input of another shape, so no more is asked of it here
  return { outcome: said, quorum, reasons, policy, tenantData, digest, input: input as PolicyInput };
}

/** Puts a recorded question to a policy again. */
export async function replay(recorded: RecordedDecision, policy: Pick<PolicyEngine, 'decide'>): Promise<{ readonly fate: Fate; readonly decision: Decision }> {
  const decision = await policy.decide(`gatehouse/${recorded.input.pipeline}/decision`, recorded.input);
  return { fate: fateOf(recorded, decision), decision };
}

function fateOf(was: RecordedDecision, is: Decision): Fate {
  if (was.policy === is.policyDigest && was.tenantData === is.dataDigest) return was.digest === is.digest ? 'same' : 'not_reproduced';
  if (was.outcome !== is.outcome || was.quorum !== is.quorum) return 'changed';
  return rulesOf(was) === rulesOf(is) ? 'same' : 'reasons';
}

function rulesOf({ reasons }: Answer): string {
  return reasons.map(({ rule }) => rule).join();
}

function isReasons(value: JsonValue | undefined): value is readonly (JsonObject & Answer['reasons'][number])[] {
  return Array.isArray(value) && value.every((reason: JsonValue) => isJsonObject(reason) && typeof reason.rule === 'string' && typeof reason.text === 'string');
}

/** Where an outcome goes: `require_hitl of 2 → allow`. */
export function move(was: { readonly outcome: Outcome; readonly quorum: number }, is: { readonly outcome: Outcome; readonly quorum: number }): string {
  const name = ({ outcome, quorum }: typeof was): string => (outcome === 'require_hitl' ? `${outcome} of ${String(quorum)}` : outcome);
  return `${name(was)} → ${name(is)}`;
}
