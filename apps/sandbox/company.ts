import { CAST, castMembers } from './cast.js';
import { type Department, DEPARTMENTS, FIRST_NAMES, LAST_NAMES, PROJECTS, SYSTEMS } from './names.js';
import type { Person } from './person.js';
import { Seeded } from './seeded.js';

/** What a seeded company depends on; `today` is a date `YYYY-MM-DD` to which last days and escalations are counted. */
export interface Founding {
  readonly seed: number;
  readonly size: number;
  readonly today: string;
}

export const DOMAIN = 'acme.example';
const FIRST_NUMBER = 10_001;

/** The people of a company, the same for the same founding: the cast at their fixed numbers and everybody else by chance. */
export function company(founding: Founding): readonly Person[] {
  const chance = new Seeded(founding.seed);
  const daysAgo = (days: number): string => new Date(Date.parse(founding.today) - days * 86_400_000).toISOString().slice(0, 10);
  const cast = castMembers(founding.today, daysAgo);
  const heads = new Map<string, string>();
  const addresses = new Set<string>();
  const people: Person[] = [];
  for (let i = 0; i < founding.size; i++) {
    const employeeNumber = String(FIRST_NUMBER + i);
    const part = cast[employeeNumber];
    const department = part ? named(part.department) : byShare(chance.between(1, 100));
    const firstName = part?.firstName ?? chance.pick(FIRST_NAMES);
    const lastName = part?.lastName ?? chance.pick(LAST_NAMES);
    const head = heads.get(department.name);
    const ordinary = someone(chance, department, founding.today, daysAgo);
    const person: Person = {
      ...ordinary,
      employeeNumber,
      displayName: `${firstName} ${lastName}`,
      workEmail: addressOf(firstName, lastName, addresses),
      personId: `u-${employeeNumber}`,
      aliases: [],
      formerNames: [],
      formerEmails: [],
      managerEmployeeNumber: employeeNumber === CAST.chief ? null : (head ?? CAST.chief),
      // a member of the cast is as the story needs them: by chance they would hold a role or be on leave
      ...(part && { employmentType: 'employee', status: 'active', lastDay: null, roles: [], ownerOf: [], escalations: [] }),
      ...part,
      firstName,
      lastName,
      department: department.name,
    };
    if (head === undefined && employeeNumber !== CAST.chief && person.status === 'active') heads.set(department.name, employeeNumber);
    people.push(person);
  }
  return people;
}

type Chosen = Omit<
  Person,
  'employeeNumber' | 'personId' | 'displayName' | 'firstName' | 'lastName' | 'workEmail' | 'aliases' | 'formerNames' | 'formerEmails' | 'managerEmployeeNumber' | 'department'
>;

function someone(chance: Seeded, department: Department, today: string, daysAgo: (days: number) => string): Chosen {
  const employmentType = chance.chance(0.12) ? 'contractor' : 'employee';
  const technical = ['engineering', 'platform', 'security', 'it'].includes(department.slug);
  const projects = [...new Set(Array.from({ length: chance.between(1, 3) }, () => `project-${chance.pick(PROJECTS)}`))];
  const roll = chance.next();
  const state = roll < 0.03 ? ending(chance, today) : roll < 0.05 ? gone(chance, daysAgo) : roll < 0.07 ? ON_LEAVE : ACTIVE;
  return {
    ...state,
    employmentType,
    hireDate: daysAgo(chance.between(200, 3200)),
    groups: ['all-staff', `dept-${department.slug}`, ...(employmentType === 'contractor' ? ['contractors'] : []), ...projects].sort(),
    roles: rolesOf(chance, department),
    licences: ['mail', ...department.licences].sort(),
    sessions: chance.between(1, 3),
    ownerOf: technical && chance.chance(0.08) ? [{ system: chance.pick(SYSTEMS), production: chance.chance(0.7) }] : [],
    escalations: technical && chance.chance(0.03) ? [{ at: `${daysAgo(chance.between(1, 25))}T09:15:00.000Z`, role: 'break-glass' }] : [],
    onCall: false,
    filesOwned: 0,
    sharedMailboxes: [],
    tokens: 0,
    lastSignIn: `${state.status === 'terminated' && state.lastDay !== null ? state.lastDay : daysAgo(1)}T07:40:00.000Z`,
    portals: employmentType === 'contractor' && chance.chance(0.3) ? ['directory'] : ['directory', 'scim'],
  };
}

const ACTIVE = { status: 'active', lastDay: null } as const;
const ON_LEAVE = { status: 'on_leave', lastDay: null } as const;

function ending(chance: Seeded, today: string): Pick<Person, 'status' | 'lastDay'> {
  const inDays = chance.between(0, 20);
  return { status: 'leaving', lastDay: new Date(Date.parse(today) + inDays * 86_400_000).toISOString().slice(0, 10) };
}

function gone(chance: Seeded, daysAgo: (days: number) => string): Pick<Person, 'status' | 'lastDay'> {
  return { status: 'terminated', lastDay: daysAgo(chance.between(1, 40)) };
}

function rolesOf(chance: Seeded, department: Department): readonly string[] {
  if (department.slug === 'it') return chance.chance(0.25) ? ['admin'] : ['helpdesk-admin'];
  if (department.slug === 'platform') return chance.chance(0.15) ? ['admin'] : [];
  return [];
}

function named(name: string): Department {
  const found = DEPARTMENTS.find((d) => d.name === name);
  if (!found) throw new RangeError(`no department ${name}`);
  return found;
}

function byShare(percentile: number): Department {
  let sum = 0;
  const found = DEPARTMENTS.find((d) => (sum += d.share) >= percentile);
  return found ?? named('Engineering');
}

// two people of one name get addresses that differ by a number, as a mail administrator would give them
function addressOf(firstName: string, lastName: string, taken: Set<string>): string {
  const base = `${firstName}.${lastName}`.toLowerCase().replaceAll(' ', '');
  let address = `${base}@${DOMAIN}`;
  for (let n = 2; taken.has(address); n++) address = `${base}${String(n)}@${DOMAIN}`;
  taken.add(address);
  return address;
}
