import { CodedError, type JsonObject } from '#decider';
import type { HistoryEvent } from './events.js';

/** One leave event, as the company's HR would have it: whose it is, and under which address a request names them. */
export interface Leave {
  readonly employee: string;
  readonly address: string;
  /** The person stays, under another handle: the HRIS goes on listing them as active. */
  readonly renamed: boolean;
}

/** Whom the sandbox plays (its people file's content), and the leave events in their order. */
export interface HistoryCompany {
  readonly people: readonly JsonObject[];
  readonly leaves: readonly Leave[];
}

interface Tenure {
  readonly employee: string;
  readonly hired: string;
  /** Addresses' local parts, the present one last. */
  readonly handles: string[];
  teams: readonly string[];
}

const DOMAIN = 'acme.example';
const FIRST_NUMBER = 20_001;

/** Those who ask and approve; they are no part of the history. */
const HOUSE: readonly JsonObject[] = [
  { employeeNumber: '10003', displayName: 'Hanna Lindqvist', workEmail: `hanna.lindqvist@${DOMAIN}`, department: 'People' },
  { employeeNumber: '10004', displayName: 'Imran Qureshi', workEmail: `imran.qureshi@${DOMAIN}`, department: 'Security' },
  { employeeNumber: '10005', displayName: 'Noor van Dijk', workEmail: `noor.van-dijk@${DOMAIN}`, department: 'Security' },
];

/**
 * The company behind a history. A tenure goes from joining to genuinely leaving and is one employee; a rename goes on in it under another handle.
 * Whoever comes back is hired anew: with a number of their own and an address that nobody had before, as companies do that never give an address twice.
 * @throws CodedError `history` for a rename whose other half is missing.
 */
export function companyOf(events: readonly HistoryEvent[]): HistoryCompany {
  const tenures: Tenure[] = [];
  const open = new Map<string, Tenure>();
  const times = new Map<string, number>();
  const leaves: Leave[] = [];
  // the halves of a rename are told by their mark; which belong together, by commit and teams, as the file's own description says
  const halves: { readonly at: string; readonly teams: string; readonly tenure: Tenure }[] = [];
  const begin = (event: HistoryEvent): Tenure => {
    const time = (times.get(event.handle) ?? 0) + 1;
    times.set(event.handle, time);
    const handle = time === 1 ? event.handle : `${event.handle}.${String(time)}`;
    const half = event.rename ? halves.findIndex(({ at, teams }) => at === event.at && teams === event.teamsAfter.join()) : -1;
    const tenure = halves.splice(half, half < 0 ? 0 : 1)[0]?.tenure ?? hire(tenures, event.at);
    tenure.handles.push(handle);
    open.set(event.handle, tenure);
    return tenure;
  };
  for (const event of events) {
    const tenure = open.get(event.handle) ?? begin(event);
    if (event.kind !== 'leave') {
      tenure.teams = event.teamsAfter;
      continue;
    }
    open.delete(event.handle);
    leaves.push({ employee: tenure.employee, address: `${tenure.handles.at(-1) ?? ''}@${DOMAIN}`, renamed: event.rename });
    if (event.rename) halves.push({ at: event.at, teams: tenure.teams.join(), tenure });
  }
  const [half] = halves;
  if (half) throw new CodedError('history', `the rename of ${half.tenure.handles.at(-1) ?? ''} at ${half.at} has no other half`);
  return { people: [...HOUSE, ...tenures.map(personOf)], leaves };
}

function hire(tenures: Tenure[], at: string): Tenure {
  const tenure = { employee: String(FIRST_NUMBER + tenures.length), hired: at.slice(0, 10), handles: [], teams: [] };
  tenures.push(tenure);
  return tenure;
}

// everybody is active at first: who leaves is marked as terminated when their turn comes
function personOf({ employee, hired, handles, teams }: Tenure): JsonObject {
  const present = handles.at(-1) ?? '';
  const former = handles.slice(0, -1);
  return {
    employeeNumber: employee,
    displayName: present,
    workEmail: `${present}@${DOMAIN}`,
    formerNames: former,
    formerEmails: former.map((handle) => `${handle}@${DOMAIN}`),
    department: 'Engineering',
    status: 'active',
    hireDate: hired,
    groups: ['all-staff', ...teams.map((team) => `team-${team}`)],
  };
}
