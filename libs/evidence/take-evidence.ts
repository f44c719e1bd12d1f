import type { Instant } from '#decider';
import type { AccountRef, Connector, PortalState, Subject } from '#portals';
import { type Asked, Asking } from './asking.js';
import { type Claim, looksAlike } from './claim.js';
import { departmentClass } from './department.js';
import { type Facts, held } from './facts.js';
import { distinct, type Finding } from './finding.js';
import type { Employee, Hris, HrisQuery } from './hris.js';
import { hrisFindings, linkFindings } from './judge-person.js';
import { accountsOf, meantBy, type Sightings } from './person.js';

/** Who is meant and whether it is true. Only `label` and the `state`s are personal: the caller seals or drops them. */
export interface Evidence {
  /** `p-<HRIS number>`, or null unless exactly one person is meant. */
  readonly person: string | null;
  readonly resolved: 'one' | 'none' | 'several';
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  /** The person's accounts with what they are now, to plan from. */
  readonly accounts: readonly { readonly portal: string; readonly account: string; readonly state: PortalState }[];
  readonly sources: readonly Asked[];
  /** As a class, null where the HRIS does not say. */
  readonly department: string | null;
  readonly label: Label;
}

/** Personal. `candidates` are all whom the claim could mean. */
// a type, not an interface, so that it is a JsonObject as well
export type Label = Readonly<{
  name: string | null;
  address: string | null;
  candidates: readonly Readonly<{ person: string; name: string; address: string }>[];
}>;

export interface Question {
  readonly claim: Claim;
  /** What is to happen to the person; only an offboarding expects the HRIS to say that they leave. */
  readonly action: string;
  readonly effectiveAt: Instant;
  readonly now: () => Date;
  /** The tenant's IANA zone, in which the HRIS's last day is a day. */
  readonly zone: string;
  readonly hris: Hris;
  readonly portals: readonly Connector[];
}

/**
 * Looks a claim up in the HRIS and every portal, with read-only credentials: first all side by side by what the claim says, then the portals by
 * the person's number, because an account under another address is the person's as well. A source that fails makes facts unknown, never guessed.
 */
export async function takeEvidence(question: Question): Promise<Evidence> {
  const { claim, hris, portals } = question;
  const asking = new Asking(question.now);
  const sightings = await firstLook(asking, claim, hris, portals);
  const meant = meantBy(sightings);
  const findings: Finding[] = [];
  const at = question.now().toISOString();
  const note = (code: Finding['code'], source: string): void => void findings.push({ code, source, at });
  if (looksAlike(claim)) note('homograph', 'claim');

  if (meant.resolved !== 'one') {
    note(meant.resolved === 'several' ? 'several_people' : 'nobody', 'claim');
    findings.push(...linkFindings(sightings.accounts, undefined, at));
    const unknown = { privilege: 'unknown', production_owner: 'unknown', recent_escalation: 'unknown', employment: 'unknown', accounts: 0 } as const;
    const hris_status = meant.resolved === 'none' && asking.isKnown('hris') ? 'absent' : 'unknown';
    return {
      person: null,
      resolved: meant.resolved,
      findings: distinct([...findings, ...asking.silent()]),
      facts: { ...unknown, hris_status },
      accounts: [],
      sources: asking.asked(),
      department: null,
      label: labelOf(undefined, sightings),
    };
  }

  const more = await secondLook(asking, claim, meant.number, sightings, hris, portals);
  const employee = sightings.employees[0] ?? more.employees[0];
  const accounts = accountsOf(meant.number, [...sightings.accounts, ...more.accounts]);
  const hrisKnown = asking.isKnown('hris');
  findings.push(...hrisFindings(employee, hrisKnown, question, at), ...linkFindings(sightings.accounts, meant.number, at));

  const complete = portals.every(({ portal }) => asking.isKnown(portal));
  const holdings = accounts.map(({ portal, state }) => portals.find((one) => one.portal === portal)?.holds(state, at) ?? {});
  return {
    person: `p-${meant.number}`,
    resolved: 'one',
    findings: distinct([...findings, ...asking.silent()]),
    facts: {
      ...held(holdings, complete),
      hris_status: statusOf(employee, hrisKnown),
      employment: employee?.employmentType ?? 'unknown',
      accounts: accounts.length,
    },
    accounts: accounts.map(({ portal, account, state }) => ({ portal, account, state })),
    sources: asking.asked(),
    department: departmentClass(employee?.department),
    label: labelOf(employee, { employees: employee ? [employee] : [], accounts }),
  };
}

async function firstLook(asking: Asking, claim: Claim, hris: Hris, portals: readonly Connector[]): Promise<Sightings> {
  const value = claim.value.trim();
  const [subject, queries]: [Subject, HrisQuery[]] =
    claim.kind === 'address'
      ? [{ address: value }, [{ email: value }, { formerEmail: value }]]
      : claim.kind === 'employee'
        ? [{ employee: value }, [{ employeeNumber: value }]]
        : [{ name: value }, [{ name: value }]];
  const [employees, accounts] = await Promise.all([
    Promise.all(queries.map((query) => askHris(asking, hris, query))),
    Promise.all(portals.map((portal) => askPortal(asking, portal, subject))),
  ]);
  return { employees: employees.flat(), accounts: accounts.flat() };
}

async function secondLook(asking: Asking, claim: Claim, number: string, first: Sightings, hris: Hris, portals: readonly Connector[]): Promise<Sightings> {
  if (claim.kind === 'employee') return { employees: [], accounts: [] };
  const unseen = first.employees.length === 0 && asking.isKnown('hris');
  const [employees, accounts] = await Promise.all([
    unseen ? askHris(asking, hris, { employeeNumber: number }) : [],
    // a portal that has just failed is not asked again: the caller comes back when it answers
    Promise.all(portals.filter(({ portal }) => asking.isKnown(portal)).map((portal) => askPortal(asking, portal, { employee: number }))),
  ]);
  return { employees, accounts: accounts.flat() };
}

const askHris = async (asking: Asking, hris: Hris, query: HrisQuery): Promise<readonly Employee[]> =>
  (await asking.ask('hris', Object.keys(query).join(), () => hris.find(query))) ?? [];

const askPortal = async (asking: Asking, portal: Connector, subject: Subject): Promise<readonly AccountRef[]> =>
  (await asking.ask(portal.portal, Object.keys(subject).join(), () => portal.find(subject))) ?? [];

function statusOf(employee: Employee | undefined, hrisKnown: boolean): Facts['hris_status'] {
  if (!hrisKnown) return 'unknown';
  if (!employee) return 'absent';
  return employee.status === 'on_leave' ? 'active' : employee.status;
}

function labelOf(employee: Employee | undefined, { employees, accounts }: Sightings): Label {
  const [account] = accounts;
  return {
    name: employee?.displayName ?? account?.label.name ?? null,
    address: employee?.workEmail ?? account?.label.address ?? null,
    candidates: employees.map(({ employeeNumber, displayName, workEmail }) => ({ person: `p-${employeeNumber}`, name: displayName, address: workEmail })),
  };
}
