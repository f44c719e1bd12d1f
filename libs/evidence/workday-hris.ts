import type { JsonObject } from '#decider';
import { type PortalAddress, PortalError } from '#portals';
import { type Employee, type Hris, oneOf, text } from './hris.js';
import { rosterHris, standing } from './roster-hris.js';
import { openWorkdayReport, workdayDay } from './workday-report.js';

/** A custom report of all workers, the terminated ones too; it keeps neither aliases nor former names. */
export function workday(address: PortalAddress, now: () => Date): Hris {
  const report = openWorkdayReport(address);
  return rosterHris(async () => {
    const rows = await report.rows();
    const at = now();
    return rows.map((row) => worker(row, at));
  });
}

function worker(row: JsonObject, now: Date): Employee {
  const status = oneOf(row, 'Worker_Status', ['Active', 'On Leave', 'Terminated']);
  return {
    employeeNumber: text(row, 'Employee_ID', /^[A-Za-z0-9-]{1,64}$/),
    displayName: text(row, 'Worker', /./s),
    workEmail: row.Work_Email === undefined ? '' : text(row, 'Work_Email', /^/),
    aliases: [],
    formerNames: [],
    formerEmails: [],
    employmentType: oneOf(row, 'Worker_Type', ['Employee', 'Contingent Worker']) === 'Employee' ? 'employee' : 'contractor',
    ...standing({ ended: status === 'Terminated', away: status === 'On Leave', lastDay: lastDayOf(row) }, now),
  };
}

// Workday leaves out what is empty
function lastDayOf(row: JsonObject): string | null {
  if (row.Termination_Date === undefined) return null;
  const day = workdayDay(text(row, 'Termination_Date', /./s));
  if (day === undefined) throw new PortalError('portal_answer', 'HRIS: Termination_Date is not as it should be');
  return day;
}
