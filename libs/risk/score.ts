import type { Circumstances } from './circumstances.js';
import type { RiskProfile } from './profile.js';
import { crowding, doubt, oddHour, type Reading, strangeness, UNKNOWN, worstFound, yesOrNo } from './readings.js';
import { parts, PARTS } from './share.js';
import { COMPONENTS, type ComponentName, GROUNDS } from './weights.js';

/** What is known about subject and request; classes and numbers only. */
export type RiskInput = Readonly<{
  facts: Readonly<{
    privilege: 'none' | 'elevated' | 'admin' | 'unknown';
    production_owner: boolean | 'unknown';
    recent_escalation: boolean | 'unknown';
    hris_status: 'terminated' | 'leaving' | 'active' | 'unknown' | 'absent';
  }>;
  findings: readonly string[];
  /** How many people the request could be about. */
  resolved: 'one' | 'none' | 'several';
  /** Intake's confidence, 0..1. */
  confidence: number;
  /** Undefined where nothing was counted: that is not known, and not harmless. */
  circumstances: Circumstances | undefined;
}>;

/** One part of a score: `value` and `weight` are 0..1 with at most four decimals, `because` is the fact in words. */
export type RiskComponent = Readonly<{ name: ComponentName; value: number; weight: number; because: string }>;
/** `ceiling` is what the sum is cut to: below 1 while the grounds against the order are not all known to their full. */
export type RiskScore = Readonly<{ score: number; ceiling: number; components: readonly RiskComponent[] }>;

const PRIVILEGE: Record<RiskInput['facts']['privilege'], Reading> = {
  none: { value: 0, because: 'holds no elevated rights' },
  elevated: { value: 0.5, because: 'holds elevated rights' },
  admin: { value: 1, because: 'holds administrator rights' },
  unknown: { value: UNKNOWN, because: 'it is not known which rights are held' },
};

const HRIS_STATUS: Record<RiskInput['facts']['hris_status'], Reading> = {
  terminated: { value: 0, because: 'the HRIS agrees: terminated' },
  leaving: { value: 0, because: 'the HRIS agrees: leaving' },
  active: { value: 1, because: 'the HRIS says that the person stays' },
  unknown: { value: UNKNOWN, because: 'the HRIS gave no answer' },
  absent: { value: UNKNOWN, because: 'the HRIS does not know the person' },
};

const HRIS_FINDINGS: Readonly<Record<string, Reading>> = {
  hris_not_terminated: { value: 1, because: 'the HRIS does not say that the person is leaving' },
  hris_other_person: { value: 1, because: 'the HRIS knows the account as another person' },
  renamed: { value: 1, because: 'the HRIS knows the person under a new name' },
  hris_date_differs: { value: 0.5, because: 'the HRIS has another last day' },
  hris_unknown: { value: UNKNOWN, because: 'the HRIS says nothing about the person' },
};

const RESOLVED: Record<RiskInput['resolved'], Reading> = {
  one: { value: 0, because: 'one person is meant' },
  none: { value: UNKNOWN, because: 'nobody was found' },
  several: { value: 1, because: 'several people could be meant' },
};

const IDENTITY_FINDINGS: Readonly<Record<string, Reading>> = {
  homograph: { value: 1, because: 'the request names somebody in look-alike letters' },
  account_unlinked: { value: 0.5, because: 'an account under that name carries no employee number' },
};

/** The risk of a case under a tenant's profile: each component explained, and their sum. */
export function score(input: RiskInput, { weights, thresholds }: RiskProfile): RiskScore {
  const { facts, findings, confidence, resolved, circumstances } = input;
  const counted = (read: (from: Circumstances) => Reading): Reading => (circumstances ? read(circumstances) : { value: UNKNOWN, because: 'it was not counted' });
  const readings: Record<ComponentName, Reading> = {
    privilege: PRIVILEGE[facts.privilege],
    production_ownership: yesOrNo(facts.production_owner, 'owns a production system', 'owns no production system'),
    hris_disagreement: worstFound(HRIS_FINDINGS, findings, HRIS_STATUS[facts.hris_status]),
    recent_escalation: yesOrNo(facts.recent_escalation, 'rights were escalated recently', 'no recent escalation'),
    parse_confidence: doubt(confidence),
    identity_ambiguity: worstFound(IDENTITY_FINDINGS, findings, RESOLVED[resolved]),
    blast_radius: counted((from) => crowding(from, thresholds)),
    unusual_requester: counted((from) => strangeness(from, thresholds)),
    unusual_hour: counted((from) => oddHour(from, thresholds)),
  };
  const components = COMPONENTS.map((name) => ({ name, value: readings[name].value, weight: weights[name], because: readings[name].because }));
  const ceiling = GROUNDS.every((name) => readings[name].value === 1) ? 1 : thresholds.short_of_all_grounds;
  return { score: sumOf(components, ceiling), ceiling, components };
}

/**
 * The score that components make: the sum of value times weight, rounded half up to four decimals, at most `ceiling`.
 * Anyone who holds the components can compute it again, in any order: it is added up in whole ten-thousandths.
 */
export function sumOf(components: readonly Pick<RiskComponent, 'value' | 'weight'>[], ceiling = 1): number {
  const sum = components.reduce((total, { value, weight }) => total + parts(value) * parts(weight), 0);
  return Math.min(parts(ceiling), Math.round(sum / PARTS)) / PARTS;
}
