import { sameText } from '#portals';
import type { FindingCode } from './finding.js';
import type { Employee } from './hris.js';

/** Hired so many days before a record ends, somebody of the same name may be the same person under another record. */
const SAME_NAME_DAYS = 30;

/** What else the HRIS holds beside a record: all records of the same human being, and everybody who has or had one of its names or its address. */
export interface Beside {
  readonly linked: readonly Employee[];
  readonly alike: readonly Employee[];
}

export const NOTHING_BESIDE: Beside = { linked: [], alike: [] };

/**
 * Whether the end of a record is no departure: a contractor is taken on, somebody is hired again or gets a new record with a new name.
 * Only what the HRIS links makes one person of two records. An equal name or address does not, but a human then looks at it.
 */
export function stayingFindings(ending: Employee, beside: Beside, today: string): readonly FindingCode[] {
  if (ending.status !== 'leaving' && ending.status !== 'terminated') return [];
  const next = nextRecord(ending, beside.linked);
  if (next) return ['hris_not_terminated', isTakenOn(ending, next) ? 'contractor_converted' : 'rehired', ...(isRenamed(ending, next) ? (['renamed'] as const) : [])];
  if (ending.ending === 'continuation') return ['hris_not_terminated', ending.employmentType === 'contractor' ? 'contractor_converted' : 'record_continues'];
  // two numbers of human beings are two human beings, by the HRIS's own word
  const others = beside.alike.filter((other) => other.employeeNumber !== ending.employeeNumber && other.status !== 'terminated' && (ending.personId === undefined || other.personId === undefined));
  return [
    ...(others.some((other) => isHiredAs(ending, other, today)) ? (['same_name_hired'] as const) : []),
    ...(others.some((other) => holdsAddressOf(ending, other)) ? (['same_address_held'] as const) : []),
  ];
}

/** Whether the HRIS says that this human being stays, though this record ends. */
export function stays(ending: Employee, beside: Beside): boolean {
  return ending.ending === 'continuation' || nextRecord(ending, beside.linked) !== undefined;
}

function nextRecord(ending: Employee, linked: readonly Employee[]): Employee | undefined {
  return linked.find((other) => other.employeeNumber !== ending.employeeNumber && outlasts(other, ending));
}

function outlasts(other: Employee, ending: Employee): boolean {
  if (other.status !== 'leaving') return other.status !== 'terminated';
  return other.lastDay === null || ending.lastDay === null || other.lastDay > ending.lastDay;
}

const isTakenOn = (ending: Employee, next: Employee): boolean => ending.employmentType === 'contractor' && next.employmentType === 'employee';

const isRenamed = (ending: Employee, next: Employee): boolean => !sameText(ending.displayName, next.displayName) || !sameText(ending.workEmail, next.workEmail);

function isHiredAs(ending: Employee, other: Employee, today: string): boolean {
  if (other.hireDate === undefined || !namesOf(other).some((name) => namesOf(ending).some((own) => sameText(own, name)))) return false;
  const since = new Date(Date.parse(ending.lastDay ?? today) - SAME_NAME_DAYS * 86_400_000).toISOString().slice(0, 10);
  return other.hireDate >= since;
}

function holdsAddressOf({ workEmail }: Employee, other: Employee): boolean {
  return workEmail !== '' && [other.workEmail, ...other.aliases, ...other.formerEmails].some((address) => sameText(address, workEmail));
}

/** The present name and those before it. */
export const namesOf = ({ displayName, formerNames }: Employee): readonly string[] => [displayName, ...formerNames];
