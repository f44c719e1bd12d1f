import { sameText } from '#portals';
import type { Claim } from './claim.js';
import type { Employee } from './hris.js';
import type { Meant, Sightings } from './person.js';

/** What a claim matched exactly; nothing is ever matched by likeness. */
export type Match = 'employee' | 'address' | 'alias' | 'former_address' | 'name' | 'former_name';

/**
 * Somebody whom the claim could mean, by the word of one source. `verdict`: `meant`; `earlier_record` of the same human being, or of whoever had the address before;
 * `other_person` for an account under the claim whose number is another; `one_of_several`, of whom nobody is chosen. Nothing of it is personal.
 */
export type Candidate = Readonly<{ person: string; source: string; matchedOn: readonly Match[]; verdict: 'meant' | 'earlier_record' | 'other_person' | 'one_of_several' }>;

/** All whom the sightings show, with what speaks for each, in a fixed order. */
export function candidatesFor(claim: Claim, { employees, accounts }: Sightings, meant: Meant): readonly Candidate[] {
  const candidates = [
    ...employees.map((employee) => ({ number: employee.employeeNumber, source: 'hris', matchedOn: matchesOf(employee, claim) })),
    ...accounts.flatMap(({ portal, employee, matchedOn }) => (employee === null ? [] : [{ number: employee, source: portal, matchedOn: [matchedOn] }])),
  ].map(({ number, source, matchedOn }): Candidate => ({ person: `p-${number}`, source, matchedOn, verdict: verdictOn(number, source, meant) }));
  const each = new Map(candidates.map((candidate) => [`${candidate.person} ${candidate.source} ${candidate.matchedOn.join()}`, candidate]));
  return [...each.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candidate]) => candidate);
}

function verdictOn(number: string, source: string, meant: Meant): Candidate['verdict'] {
  if (meant.resolved !== 'one') return 'one_of_several';
  if (meant.number === number) return 'meant';
  return source === 'hris' ? 'earlier_record' : 'other_person';
}

function matchesOf(employee: Employee, { kind, value }: Claim): readonly Match[] {
  const among: readonly (readonly [Match, readonly string[]])[] =
    kind === 'employee'
      ? [['employee', [employee.employeeNumber]]]
      : kind === 'address'
        ? [['address', [employee.workEmail]], ['alias', employee.aliases], ['former_address', employee.formerEmails]]
        : [['name', [employee.displayName]], ['former_name', employee.formerNames]];
  return among.flatMap(([match, texts]) => (texts.some((text) => sameText(text, value)) ? [match] : []));
}
