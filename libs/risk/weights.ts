import type { JsonValue } from '#decider';
import { numbersIn, SHARE } from './tenant-numbers.js';

/** What speaks against an order in itself. Only where each of them is known to its full do people have no say any more. */
export const GROUNDS = ['privilege', 'production_ownership', 'hris_disagreement', 'recent_escalation'] as const;
/** What a score is made of, in the order in which it is shown. */
export const COMPONENTS = [...GROUNDS, 'parse_confidence', 'identity_ambiguity', 'blast_radius', 'unusual_requester', 'unusual_hour'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** How much each component adds at its full value; 0..1, at most four decimals. */
export type RiskWeights = Readonly<Record<ComponentName, number>>;

/**
 * An administrator who owns production scores 0.80 and so meets a human (0.75). Only where the HRIS is known to disagree and
 * an escalation is known to be recent as well does the score pass 0.95, where nobody may approve. The four last, together 0.30,
 * bring an administrator with one more ground before a human, and never an ordinary leaver.
 */
export const DEFAULT_WEIGHTS: RiskWeights = {
  privilege: 0.42,
  production_ownership: 0.38,
  hris_disagreement: 0.08,
  recent_escalation: 0.08,
  parse_confidence: 0.02,
  identity_ambiguity: 0.1,
  blast_radius: 0.1,
  unusual_requester: 0.06,
  unusual_hour: 0.04,
};

/**
 * A tenant's weights, from its settings.
 * @throws CodedError `risk_weights` that names the member: one is missing, misspelt, not in 0..1 or finer than four decimals.
 */
export function parseWeights(value: JsonValue, about = 'risk weights'): RiskWeights {
  const weight = numbersIn(value, COMPONENTS, { code: 'risk_weights', about });
  return {
    privilege: weight('privilege', SHARE),
    production_ownership: weight('production_ownership', SHARE),
    hris_disagreement: weight('hris_disagreement', SHARE),
    recent_escalation: weight('recent_escalation', SHARE),
    parse_confidence: weight('parse_confidence', SHARE),
    identity_ambiguity: weight('identity_ambiguity', SHARE),
    blast_radius: weight('blast_radius', SHARE),
    unusual_requester: weight('unusual_requester', SHARE),
    unusual_hour: weight('unusual_hour', SHARE),
  };
}
