import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type PortalAddress, portalCalls, PortalError } from '#portals';
import { type Employee, type Hris, oneOf, text } from './hris.js';
import { rosterHris, standing } from './roster-hris.js';

const FIELDS = ['employeeNumber', 'displayName', 'workEmail', 'status', 'employmentHistoryStatus', 'terminationDate'] as const;

/**
 * BambooHR's custom report of everybody, below its company's address, with an API key as the user.
 * It keeps neither aliases nor former names, and of somebody who was terminated not what they were employed as.
 */
export function bambooHr(address: PortalAddress, now: () => Date): Hris {
  const call = portalCalls(address);
  return rosterHris(async () => {
    const answer = await call('POST', '/v1/reports/custom?format=JSON&onlyCurrent=false', { title: 'Gatehouse', fields: FIELDS });
    const rows = !answer.missing && isJsonObject(answer.body) ? answer.body.employees : undefined;
    if (!Array.isArray(rows)) throw new PortalError('portal_answer', 'no list of employees');
    const at = now();
    return (rows as readonly JsonValue[]).flatMap((row) => employee(row, at));
  });
}

/** Nobody where the record has no number: no account could be theirs. */
function employee(row: JsonValue, now: Date): readonly Employee[] {
  if (!isJsonObject(row)) throw new PortalError('portal_answer', 'HRIS: employee is not as it should be');
  if (textOf(row, 'employeeNumber') === '') return [];
  const lastDay = ['', '0000-00-00'].includes(textOf(row, 'terminationDate')) ? null : text(row, 'terminationDate', /^\d{4}-\d{2}-\d{2}$/);
  const employment = textOf(row, 'employmentHistoryStatus').toLowerCase();
  // a key that may not see the status sees nothing there, which must not pass for an active employee
  const ended = oneOf(row, 'status', ['Active', 'Inactive']) === 'Inactive' || employment === 'terminated';
  return [
    {
      employeeNumber: text(row, 'employeeNumber', /^[A-Za-z0-9-]{1,64}$/),
      displayName: text(row, 'displayName', /./s),
      workEmail: textOf(row, 'workEmail'),
      aliases: [],
      formerNames: [],
      formerEmails: [],
      employmentType: employment === '' || employment === 'terminated' ? 'unknown' : employment.includes('contract') ? 'contractor' : 'employee',
      ...standing({ ended, away: employment.includes('leave'), lastDay }, now),
    },
  ];
}

/** Empty where BambooHR has nothing there. */
function textOf(row: JsonObject, field: (typeof FIELDS)[number]): string {
  return row[field] === null || row[field] === undefined ? '' : text(row, field, /^/);
}
