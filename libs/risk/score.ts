import { COMPONENTS, type ComponentName, type RiskWeights } from './weights.js';

/** What is known about subject and request; classes and numbers only. */
export type RiskInput = Readonly<{
  facts: Readonly<{
    privilege: 'none' | 'elevated' | 'admin' | 'unknown';
    production_owner: boolean | 'unknown';
    recent_escalation: boolean | 'unknown';
    hris_status: 'terminated' | 'leaving' | 'active' | 'unknown' | 'absent';
  }>;
  findings: readonly string[];
  /** Intake's confidence, 0..1. */
  confidence: number;
}>;

/** One part of a score: `value` and `weight` are 0..1 with at most four decimals, `because` is the fact in words. */
export type RiskComponent = Readonly<{ name: ComponentName; value: number; weight: number; because: string }>;
export type RiskScore = Readonly<{ score: number; components: readonly RiskComponent[] }>;

type Reading = Readonly<{ value: number; because: string }>;

// between harmless and harmful: what is not known never looks harmless, and no outage alone makes a case unapprovable
const UNKNOWN = 0.5;

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

/** The risk of a case under a tenant's weights: each component explained, and their sum. */
export function score(input: RiskInput, weights: RiskWeights): RiskScore {
  const { facts, findings, confidence } = input;
  const readings: Record<ComponentName, Reading> = {
    privilege: PRIVILEGE[facts.privilege],
    production_ownership: yesOrNo(facts.production_owner, 'owns a production system', 'owns no production system'),
    hris_disagreement: hris(facts.hris_status, findings),
    recent_escalation: yesOrNo(facts.recent_escalation, 'rights were escalated recently', 'no recent escalation'),
    parse_confidence: doubt(confidence),
  };
  const components = COMPONENTS.map((name) => ({ name, value: readings[name].value, weight: weights[name], because: readings[name].because }));
  return { score: sumOf(components), components };
}

/**
 * The score that components make: the sum of value times weight, rounded half up to four decimals, at most 1.
 * Anyone who holds the components can compute it again, in any order: it is added up in whole ten-thousandths.
 */
export function sumOf(components: readonly Pick<RiskComponent, 'value' | 'weight'>[]): number {
  const sum = components.reduce((total, { value, weight }) => total + parts(value) * parts(weight), 0);
  return Math.min(10_000, Math.round(sum / 10_000)) / 10_000;
}

function parts(share: number): number {
  return Math.round(share * 10_000);
}

function yesOrNo(fact: boolean | 'unknown', yes: string, no: string): Reading {
  if (fact === 'unknown') return { value: UNKNOWN, because: `it is not known: ${yes}?` };
  return fact ? { value: 1, because: yes } : { value: 0, because: no };
}

/** The worst of what the HRIS says and what evidence found; among equals the first in a fixed order. */
function hris(status: RiskInput['facts']['hris_status'], findings: readonly string[]): Reading {
  const found = Object.keys(HRIS_FINDINGS).filter((code) => findings.includes(code));
  return found.reduce((worst, code) => {
    const reading = HRIS_FINDINGS[code];
    return reading !== undefined && reading.value > worst.value ? reading : worst;
  }, HRIS_STATUS[status]);
}

function doubt(confidence: number): Reading {
  const sure = confidence >= 0 && confidence <= 1 ? parts(confidence) : 0; // NaN and nonsense are no confidence at all
  return { value: (10_000 - sure) / 10_000, because: `intake is sure to ${(sure / 10_000).toFixed(2)}` };
}
