import { writeFileSync } from 'node:fs';
import { ZONE } from '../../apps/console/set-up.js';

const FIRST_LEAVER = 20_001;
/** Requesters and approvers of the first start: they must be somebody. */
const OFFICE = ['10003', '10004', '10005'];

/** People in one group; a SCIM group shows all of its members at each call. */
const TEAM_SIZE = 12;

/** The work address of the nth leaver. */
export const addressOf = (n: number): string => `leaver${String(n)}@acme.example`;

/** Writes a company of people who all leave today, each with groups, licences and sessions in both portals. */
export function writeLeavers(path: string, count: number, now: Date): void {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(now);
  const office = OFFICE.map((employeeNumber) => ({ employeeNumber, displayName: `Officer Number${employeeNumber}`, workEmail: `o${employeeNumber}@acme.example` }));
  const teams = Math.ceil(count / TEAM_SIZE);
  const leavers = Array.from({ length: count }, (_, n) => ({
    employeeNumber: String(FIRST_LEAVER + n),
    displayName: `Leaver Number${String(n)}`,
    workEmail: addressOf(n),
    status: 'leaving',
    lastDay: today,
    groups: ['all-staff', 'dept-engineering', `team-${String(n % teams)}`, `project-${String(n % teams)}`],
    sessions: 2,
  }));
  writeFileSync(path, JSON.stringify([...office, ...leavers]));
}
