import { CodedError, isJsonObject, type JsonValue } from '#decider';

/** What a score is made of, in the order in which it is shown. */
export const COMPONENTS = ['privilege', 'production_ownership', 'hris_disagreement', 'recent_escalation', 'parse_confidence'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** How much each component adds at its full value; 0..1, at most four decimals. */
export type RiskWeights = Readonly<Record<ComponentName, number>>;

/**
 * An administrator who owns production scores 0.80 and so meets a human (0.75). Only where the HRIS is known to disagree and
 * an escalation is known to be recent as well does the score pass 0.95, where nobody may approve.
 */
export const DEFAULT_WEIGHTS: RiskWeights = {
  privilege: 0.42,
  production_ownership: 0.38,
  hris_disagreement: 0.08,
  recent_escalation: 0.08,
  parse_confidence: 0.02,
};

/**
 * A tenant's weights, from its settings.
 * @throws CodedError `risk_weights` that names the member: one is missing, misspelt, not in 0..1 or finer than four decimals.
 */
export function parseWeights(value: JsonValue): RiskWeights {
  const refuse = (why: string): never => {
    throw new CodedError('risk_weights', `risk weights: ${why}`);
  };
  if (!isJsonObject(value)) return refuse('must be an object of name and number');
  for (const name of Object.keys(value)) if (!COMPONENTS.some((known) => known === name)) refuse(`${name} is not a component`);
  const weight = (name: ComponentName): number => {
    const given = value[name];
    if (typeof given !== 'number' || !(given >= 0 && given <= 1)) return refuse(`${name} must be a number from 0 to 1`);
    return Math.round(given * 10_000) / 10_000 === given ? given : refuse(`${name} must have at most four decimals`);
  };
  return {
    privilege: weight('privilege'),
    production_ownership: weight('production_ownership'),
    hris_disagreement: weight('hris_disagreement'),
    recent_escalation: weight('recent_escalation'),
    parse_confidence: weight('parse_confidence'),
  };
}
