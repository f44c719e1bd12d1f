import type { Instant } from '#decider';
import { type AccountRef, sameText } from '#portals';
import type { Claim } from './claim.js';
import type { Finding } from './finding.js';
import type { Employee } from './hris.js';
import { dayIn, daysDiffer } from './last-day.js';
import { type Beside, stayingFindings } from './staying.js';

interface Expected {
  readonly claim: Claim;
  readonly action: string;
  readonly effectiveAt: Instant;
  readonly zone: string;
}

/** Where the HRIS does not bear the request out. Nothing when it did not answer: its silence is a finding of its own. */
export function hrisFindings(employee: Employee | undefined, beside: Beside, hrisKnown: boolean, expected: Expected, at: Instant): readonly Finding[] {
  const finding = (code: Finding['code']): Finding => ({ code, source: 'hris', at });
  if (!employee) return hrisKnown ? [finding('hris_unknown')] : [];
  return [
    ...(goesByAnotherName(employee, expected.claim) ? [finding('renamed')] : []),
    ...(employee.status === 'on_leave' ? [finding('on_leave')] : []),
    ...(expected.action === 'offboard' ? [...departure(employee, expected, at), ...stayingFindings(employee, beside, dayIn(expected.zone, at))].map(finding) : []),
  ];
}

/** Accounts under the claim that are somebody else's, or nobody's, by the number that the portal holds. */
export function linkFindings(accounts: readonly AccountRef[], number: string | undefined, at: Instant): readonly Finding[] {
  return accounts.flatMap(({ portal, employee }): Finding[] => {
    if (employee === null) return [{ code: 'account_unlinked', source: portal, at }];
    return number !== undefined && employee !== number ? [{ code: 'hris_other_person', source: portal, at }] : [];
  });
}

/** Accounts that were signed in to after the last day of somebody whom the HRIS says to have gone: they still work, or somebody else does in their name. */
export function signInFindings(accounts: readonly AccountRef[], employee: Employee | undefined, zone: string, at: Instant): readonly Finding[] {
  const lastDay = employee?.status === 'terminated' ? employee.lastDay : null;
  if (lastDay === null) return [];
  return accounts.flatMap(({ portal, lastSignIn }): Finding[] => (lastSignIn !== undefined && dayIn(zone, lastSignIn) > lastDay ? [{ code: 'signed_in_after_last_day', source: portal, at }] : []));
}

// known under the claim only formerly, or not at all: then a portal knew the number, and the HRIS has it under another address
function goesByAnotherName(employee: Employee, { kind, value }: Claim): boolean {
  if (kind === 'employee') return false;
  const current = kind === 'address' ? [employee.workEmail, ...employee.aliases] : [employee.displayName];
  return !current.some((text) => sameText(text, value));
}

function departure({ status, lastDay }: Employee, { effectiveAt, zone }: Expected, now: Instant): readonly Finding['code'][] {
  if (status === 'active' || status === 'on_leave') return ['hris_not_terminated'];
  // a leaver without a last day bears no date out; for one who has gone, any day is late enough
  const differs = lastDay === null ? status === 'leaving' : daysDiffer(lastDay, effectiveAt, now, zone);
  return differs ? ['hris_date_differs'] : [];
}
