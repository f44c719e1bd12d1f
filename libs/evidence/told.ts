import type { Instant } from '#decider';
import type { Holdings } from '#portals';
import type { Asked } from './asking.js';
import { type Facts, held } from './facts.js';

/** What one source says towards one fact, the kinds of question that it answered or failed to answer, and when it did last. Nothing of it is personal. */
export type Told = Readonly<{ fact: keyof Facts; source: string; query: string; at: Instant; says: string | boolean | number }>;

/** What the HRIS says of the person. */
export function toldByHris(asked: Asked | undefined, facts: Partial<Pick<Facts, 'hris_status' | 'employment'>>): readonly Told[] {
  return asked ? tell(asked, facts) : [];
}

/** What a portal says of all the person's accounts there: a fact that it cannot tell is left out, and every harmless one is `unknown` where it was silent. */
export function toldByPortal(asked: Asked | undefined, holdings: readonly Holdings[]): readonly Told[] {
  if (!asked) return [];
  const together = held(holdings, asked.answered);
  const canTell = (fact: keyof typeof together): boolean => !asked.answered || holdings.length === 0 || holdings.some((one) => one[fact] !== undefined);
  const facts = { ...together, accounts: asked.answered ? holdings.length : ('unknown' as const) };
  return tell(asked, facts).filter(({ fact }) => (fact !== 'privilege' && fact !== 'production_owner' && fact !== 'recent_escalation') || canTell(fact));
}

function tell({ source, query, at }: Asked, facts: Readonly<Partial<Record<keyof Facts, Told['says']>>>): readonly Told[] {
  const names = Object.keys(facts) as (keyof Facts)[];
  return names.flatMap((fact) => (facts[fact] === undefined ? [] : [{ fact, source, query, at, says: facts[fact] }]));
}
