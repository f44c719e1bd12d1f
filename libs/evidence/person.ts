import { type AccountRef, sameText } from '#portals';
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
  const byHris = new Set(presentHolders(presentRecords(employees), accounts).map(({ employeeNumber }) => employeeNumber));
  const numbers = byHris.size > 0 ? byHris : new Set(accounts.flatMap(({ employee }) => employee ?? []));
  const [number, ...more] = numbers;
  if (number === undefined) return { resolved: 'none' };
  return more.length > 0 ? { resolved: 'several' } : { resolved: 'one', number };
}

/** One record a human being: of several that the HRIS itself links, the one that has not ended, or else the latest. */
export function presentRecords(employees: readonly Employee[]): readonly Employee[] {
  const present = new Map<string, Employee>();
  for (const record of employees) {
    const being = record.personId === undefined ? `record ${record.employeeNumber}` : `person ${record.personId}`;
    const known = present.get(being);
    if (!known || standing(record) > standing(known)) present.set(being, record);
  }
  return [...present.values()];
}

const standing = ({ status, hireDate, employeeNumber }: Employee): string => `${status === 'terminated' ? 'ended' : 'open'} ${hireDate ?? ''} ${employeeNumber}`;

// an address is given to the next when its holder has gone: whoever ended before the next began, and has no account under the claim, is not meant
function presentHolders(records: readonly Employee[], accounts: readonly AccountRef[]): readonly Employee[] {
  const holdsAccount = (number: string): boolean => accounts.some(({ employee }) => employee === number);
  return records.filter((one) => holdsAccount(one.employeeNumber) || !records.some((next) => succeeds(next, one)));
}

function succeeds(next: Employee, { status, lastDay, workEmail }: Employee): boolean {
  return status === 'terminated' && lastDay !== null && next.hireDate !== undefined && next.hireDate > lastDay && sameText(next.workEmail, workEmail);
}

/** The accounts that carry this number, each once. An account of another number, or of none, is never among them. */
export function accountsOf(number: string, accounts: readonly AccountRef[]): readonly AccountRef[] {
  const each = new Map(accounts.filter(({ employee }) => employee === number).map((ref) => [`${ref.portal} ${ref.account}`, ref]));
  return [...each.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
