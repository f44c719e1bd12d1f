import type { Holdings } from '#portals';

/** What the gate weighs; classes and numbers only. `unknown` is said, never guessed. */
export type Facts = Readonly<{
  privilege: 'none' | 'elevated' | 'admin' | 'unknown';
  production_owner: boolean | 'unknown';
  recent_escalation: boolean | 'unknown';
  /** Someone on leave is active: they stay. `absent`: the HRIS answered and has nobody. */
  hris_status: 'terminated' | 'leaving' | 'active' | 'unknown' | 'absent';
  employment: 'employee' | 'contractor' | 'unknown';
  accounts: number;
}>;

/** Facts with the codes of the findings beside them. */
export type Weighed = Readonly<{ facts: Facts; findings: readonly string[] }>;

// from harmless to harmful, as risk scores them: what is not known lies below the worst that is known
const PRIVILEGE = ['none', 'elevated', 'unknown', 'admin'] as const;
const ANSWER = [false, 'unknown', true] as const;
const HRIS_STATUS = ['terminated', 'leaving', 'absent', 'unknown', 'active'] as const;
const EMPLOYMENT = ['employee', 'contractor', 'unknown'] as const;

/**
 * The worse of two looks at one person, fact by fact, with the findings of both, sorted.
 * A fact that was unknown in one and known to be bad in the other becomes the bad one, and `fact_unknown` keeps that it was unknown.
 */
export function worse(a: Weighed, b: Weighed): Weighed {
  const facts: Facts = {
    privilege: higher(PRIVILEGE, a.facts.privilege, b.facts.privilege),
    production_owner: higher(ANSWER, a.facts.production_owner, b.facts.production_owner),
    recent_escalation: higher(ANSWER, a.facts.recent_escalation, b.facts.recent_escalation),
    hris_status: higher(HRIS_STATUS, a.facts.hris_status, b.facts.hris_status),
    employment: higher(EMPLOYMENT, a.facts.employment, b.facts.employment),
    accounts: Math.max(a.facts.accounts, b.facts.accounts),
  };
  const hidden = (['privilege', 'production_owner', 'recent_escalation'] as const).some(
    (fact) => facts[fact] !== 'unknown' && (a.facts[fact] === 'unknown' || b.facts[fact] === 'unknown'),
  );
  return { facts, findings: [...new Set([...a.findings, ...b.findings, ...(hidden ? ['fact_unknown'] : [])])].sort() };
}

/**
 * What all accounts of a person hold together. A fact that no account tells is unknown, and so is every harmless one
 * while a portal has not answered (`complete` false). Who has no account anywhere holds nothing.
 */
export function held(holdings: readonly Holdings[], complete: boolean): Pick<Facts, 'privilege' | 'production_owner' | 'recent_escalation'> {
  const over = <T>(order: readonly T[], told: readonly (T | undefined)[], harmless: T, unknown: T): T => {
    const known = told.filter((one) => one !== undefined);
    const least = known.length > 0 || holdings.length === 0 ? harmless : unknown;
    return [...known, complete ? least : unknown].reduce((worst, one) => higher(order, worst, one), least);
  };
  return {
    privilege: over<Facts['privilege']>(PRIVILEGE, holdings.map(({ privilege }) => privilege), 'none', 'unknown'),
    production_owner: over<boolean | 'unknown'>(ANSWER, holdings.map((one) => one.production_owner), false, 'unknown'),
    recent_escalation: over<boolean | 'unknown'>(ANSWER, holdings.map((one) => one.recent_escalation), false, 'unknown'),
  };
}

function higher<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
