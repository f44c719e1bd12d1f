import type { Instant } from '#decider';
import { type AccountRef, type Connector, type Holdings, type PortalState, type Precondition, sameText, type Subject } from '#portals';
import { type Asked, Asking } from './asking.js';
import { type Candidate, candidatesFor } from './candidates.js';
import { type Claim, looksAlike } from './claim.js';
import { departmentClass } from './department.js';
import { type Facts, held } from './facts.js';
import { distinct, type Finding } from './finding.js';
import { countsOf, type HoldingCounts } from './holdings.js';
import type { Employee, Hris, HrisQuery } from './hris.js';
import { hrisFindings, linkFindings, signInFindings } from './judge-person.js';
import { accountsOf, meantBy, type Sightings } from './person.js';
import { type Beside, namesOf, NOTHING_BESIDE, stays } from './staying.js';
import { type Told, toldByHris, toldByPortal } from './told.js';

/** Who is meant and whether it is true. Only `label` and the `state`s are personal: the caller seals or drops them. */
export interface Evidence {
  /** `p-<HRIS number>`, or null unless exactly one person is meant. */
  readonly person: string | null;
  readonly resolved: 'one' | 'none' | 'several';
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  /** What each source said towards each fact, in answer to what, and when. */
  readonly told: readonly Told[];
  /** What each of the person's accounts holds, counted. */
  readonly holdings: readonly Readonly<{ portal: string; account: string; counts: HoldingCounts }>[];
  /** What people must see to before the accounts go; a portal that was silent is a finding and may hide more. */
  readonly preconditions: readonly OpenPrecondition[];
  /** Everybody whom the claim could mean, with what speaks for each. */
  readonly candidates: readonly Candidate[];
  /** The person's accounts with what they are now, to plan from. */
  readonly accounts: readonly { readonly portal: string; readonly account: string; readonly state: PortalState }[];
  readonly sources: readonly Asked[];
  /** As a class, null where the HRIS does not say. */
  readonly department: string | null;
  readonly label: Label;
}

/** One precondition, as a source told it. */
export type OpenPrecondition = Readonly<{ code: Precondition; source: string; query: string; at: Instant }>;

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
  const candidates = candidatesFor(claim, sightings, meant);
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
      told: toldByHris(asking.questioned('hris'), { hris_status }),
      holdings: [],
      preconditions: [],
      candidates,
      accounts: [],
      sources: asking.asked(),
      department: null,
      label: labelOf(undefined, sightings),
    };
  }

  const { employee, beside, accounts: more } = await secondLook(asking, question, meant.number, sightings);
  const accounts = accountsOf(meant.number, [...sightings.accounts, ...more]);
  const hrisKnown = asking.isKnown('hris');
  findings.push(...hrisFindings(employee, beside, hrisKnown, question, at), ...linkFindings(sightings.accounts, meant.number, at), ...signInFindings(accounts, employee, question.zone, at));

  const complete = portals.every(({ portal }) => asking.isKnown(portal));
  const holdingsIn = (connector: Connector): readonly Holdings[] => accounts.filter(({ portal }) => portal === connector.portal).map(({ state }) => connector.holds(state, at));
  const ofHris = { hris_status: statusOf(employee, beside, hrisKnown), employment: employee?.employmentType ?? 'unknown' } as const;
  return {
    person: `p-${meant.number}`,
    resolved: 'one',
    findings: distinct([...findings, ...asking.silent()]),
    facts: { ...held(portals.flatMap(holdingsIn), complete), ...ofHris, accounts: accounts.length },
    told: [...toldByHris(asking.questioned('hris'), ofHris), ...portals.flatMap((one) => toldByPortal(asking.questioned(one.portal), holdingsIn(one)))],
    holdings: accounts.map(({ portal, account, state }) => ({ portal, account, counts: countsOf(state) })),
    preconditions: portals.flatMap((one) => preconditionsIn(asking.questioned(one.portal), holdingsIn(one))),
    candidates,
    accounts: accounts.map(({ portal, account, state }) => ({ portal, account, state })),
    sources: asking.asked(),
    department: departmentClass(employee?.department),
    label: labelOf(employee, { employees: employee ? [employee] : [], accounts }),
  };
}

function preconditionsIn(asked: Asked | undefined, holdings: readonly Holdings[]): readonly OpenPrecondition[] {
  if (!asked) return [];
  const codes = [...new Set(holdings.flatMap(({ preconditions }) => preconditions ?? []))].sort();
  return codes.map((code) => ({ code, source: asked.source, query: asked.query, at: asked.at }));
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

interface SecondLook {
  readonly employee: Employee | undefined;
  readonly beside: Beside;
  readonly accounts: readonly AccountRef[];
}

async function secondLook(asking: Asking, question: Question, number: string, first: Sightings): Promise<SecondLook> {
  // whoever was looked up by number has been looked up everywhere; a portal that has just failed is not asked again: the caller comes back when it answers
  const again = question.claim.kind === 'employee' ? [] : question.portals.filter(({ portal }) => asking.isKnown(portal));
  const [record, accounts] = await Promise.all([
    recordOf(asking, question, number, first),
    Promise.all(again.map((portal) => askPortal(asking, portal, { employee: number }))),
  ]);
  return { ...record, accounts: accounts.flat() };
}

/** The record of that number and, where somebody is to leave, what stands beside it. */
async function recordOf(asking: Asking, { claim, action, hris }: Question, number: string, first: Sightings): Promise<Omit<SecondLook, 'accounts'>> {
  const seen = first.employees.find(({ employeeNumber }) => employeeNumber === number);
  const unseen = claim.kind !== 'employee' && first.employees.length === 0 && asking.isKnown('hris');
  const employee = seen ?? (unseen ? (await askHris(asking, hris, { employeeNumber: number }))[0] : undefined);
  if (!employee || action !== 'offboard' || !asking.isKnown('hris')) return { employee, beside: NOTHING_BESIDE };
  const { personId, workEmail } = employee;
  const asked = claim.kind === 'address' && sameText(claim.value, workEmail);
  const addresses: HrisQuery[] = asked || workEmail === '' ? [] : [{ email: workEmail }, { formerEmail: workEmail }];
  const [linked, ...alike] = await Promise.all([
    personId === undefined ? [] : askHris(asking, hris, { personId }),
    ...[...namesOf(employee).map((name) => ({ name })), ...addresses].map((query) => askHris(asking, hris, query)),
  ]);
  return { employee, beside: { linked, alike: [...first.employees, ...alike.flat()] } };
}

const askHris = async (asking: Asking, hris: Hris, query: HrisQuery): Promise<readonly Employee[]> =>
  (await asking.ask('hris', Object.keys(query).join(), () => hris.find(query))) ?? [];

const askPortal = async (asking: Asking, portal: Connector, subject: Subject): Promise<readonly AccountRef[]> =>
  (await asking.ask(portal.portal, Object.keys(subject).join(), () => portal.find(subject))) ?? [];

function statusOf(employee: Employee | undefined, beside: Beside, hrisKnown: boolean): Facts['hris_status'] {
  if (!hrisKnown) return 'unknown';
  if (!employee) return 'absent';
  if (stays(employee, beside)) return 'active';
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
