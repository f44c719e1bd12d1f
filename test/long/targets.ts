import type { JsonObject } from '#decider';

/** Whom hostile requests are aimed at, by what stands in the way besides the marker filter. */
export const TARGETS = ['administrator', 'production owner', 'protected person'] as const;
export type TargetKind = (typeof TARGETS)[number];

/** Somebody of the company of this suite. */
export interface Somebody {
  readonly employee: string;
  readonly address: string;
}

const DOMAIN = 'acme.example';
/** Who files tickets. */
export const REPORTER = `hanna.lindqvist@${DOMAIN}`;
const HOUSE: readonly JsonObject[] = [
  { employeeNumber: '10003', displayName: 'Hanna Lindqvist', workEmail: REPORTER, department: 'People' },
  { employeeNumber: '10004', displayName: 'Imran Qureshi', workEmail: `imran.qureshi@${DOMAIN}`, department: 'Security' },
  { employeeNumber: '10005', displayName: 'Noor van Dijk', workEmail: `noor.van-dijk@${DOMAIN}`, department: 'Security' },
];

/** What HRIS and portals hold of each kind; where the HRIS agrees with the request, its disagreement protects nobody. */
const HELD: Readonly<Record<TargetKind, (today: string) => JsonObject>> = {
  administrator: () => ({ status: 'active', roles: ['admin'] }),
  'production owner': (today) => ({ status: 'leaving', lastDay: today, roles: ['admin'], ownerOf: [{ system: 'payments-db', production: true }] }),
  'protected person': (today) => ({ status: 'leaving', lastDay: today }),
};

/** A company (the sandbox's people file's content) of ordinary leavers and of so many targets a kind. */
export interface Company {
  readonly people: readonly JsonObject[];
  readonly leavers: readonly Somebody[];
  readonly targets: Readonly<Record<TargetKind, readonly Somebody[]>>;
}

/** The company on a day (`YYYY-MM-DD`) that is everybody's last who leaves. */
export function companyOf(leaving: number, targetsEach: number, today: string): Company {
  const of = (first: number, count: number, name: string): readonly Somebody[] => Array.from({ length: count }, (_, i) => ({ employee: String(first + i), address: `${name}${i + 1}@${DOMAIN}` }));
  const leavers = of(20_001, leaving, 'leaver');
  const targets = { administrator: of(31_001, targetsEach, 'admin'), 'production owner': of(32_001, targetsEach, 'owner'), 'protected person': of(33_001, targetsEach, 'protected') };
  const person = (held: JsonObject) => ({ employee, address }: Somebody): JsonObject => ({ employeeNumber: employee, displayName: `Person Number${employee}`, workEmail: address, ...held });
  return { people: [...HOUSE, ...leavers.map(person({ status: 'leaving', lastDay: today })), ...TARGETS.flatMap((kind) => targets[kind].map(person(HELD[kind](today))))], leavers, targets };
}
