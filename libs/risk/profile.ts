import { CodedError, isJsonObject, type JsonValue } from '#decider';
import { DEFAULT_THRESHOLDS, parseThresholds, type RiskThresholds } from './thresholds.js';
import { DEFAULT_WEIGHTS, parseWeights, type RiskWeights } from './weights.js';

/** By what a tenant's cases are scored. */
export interface RiskProfile {
  readonly weights: RiskWeights;
  readonly thresholds: RiskThresholds;
}

export const DEFAULT_PROFILE: RiskProfile = { weights: DEFAULT_WEIGHTS, thresholds: DEFAULT_THRESHOLDS };

/**
 * A tenant's risk profile, from its settings: `{weights, thresholds}`, each whole or left out for the default. `at` is where it stands, for messages.
 * @throws CodedError `risk_profile`, `risk_weights` or `risk_thresholds` that names the member.
 */
export function parseProfile(value: JsonValue, at: string): RiskProfile {
  if (!isJsonObject(value)) throw new CodedError('risk_profile', `${at}: must be an object with weights, thresholds or both`);
  const { weights, thresholds, ...rest } = value;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) throw new CodedError('risk_profile', `${at}: ${stray} is neither weights nor thresholds`);
  return {
    weights: weights === undefined ? DEFAULT_WEIGHTS : parseWeights(weights, `${at}.weights`),
    thresholds: thresholds === undefined ? DEFAULT_THRESHOLDS : parseThresholds(thresholds, `${at}.thresholds`),
  };
}
