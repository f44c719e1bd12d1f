import type { AccountRef } from '#portals';
import type { Employee } from './hris.js';

/** What the first look-up gave, before anybody has decided who is meant. */
export interface Sightings {
  /** Employees whom the HRIS knows under the claim, now or formerly. */
  readonly employees: readonly Employee[];
  readonly accounts: readonly AccountRef[];
}

/** Whom the sightings mean: one HRIS number, nobody, or several. */
export type Meant = { readonly resolved: 'one'; readonly number: string } | { readonly resolved: 'none' } | { readonly resolved: 'several' };

/**
 * The HRIS decides, where it knows the claim; else the portals, if they all mean the same number.
 * An account without a number means nobody: an address alone makes no person.
 */
export function meantBy({ employees, accounts }: Sightings): Meant {
  const byHris = new Set(employees.map(({ employeeNumber }) => employeeNumber));
  const numbers = byHris.size > 0 ? byHris : new Set(accounts.flatMap(({ employee }) => employee ?? []));
  const [number, ...more] = numbers;
  if (number === undefined) return { resolved: 'none' };
  return more.length > 0 ? { resolved: 'several' } : { resolved: 'one', number };
}

/** The accounts that carry this number, each once. An account of another number, or of none, is never among them. */
export function accountsOf(number: string, accounts: readonly AccountRef[]): readonly AccountRef[] {
  const each = new Map(accounts.filter(({ employee }) => employee === number).map((ref) => [`${ref.portal} ${ref.account}`, ref]));
  return [...each.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
