import { basic } from './bearer.js';
import type { Answer, Call } from './service.js';
import type { Company } from './state.js';

/** The integration system user that may read reports, and nothing else. */
export interface WorkdaySecrets {
  readonly user: string;
  readonly password: string;
}

/** Where Workday serves custom reports: `/ccx/service/customreport2/<tenant>/<owner>/<report>`. */
export const REPORTS = 'ccx/service/customreport2/acme/isu_gatehouse';

/** The reports by name, with the columns that their author chose; Workday leaves out what is empty. */
const ROWS: Readonly<Record<string, (company: Company) => readonly Readonly<Record<string, string>>[]>> = {
  Terminations: ({ employees }) =>
    [...employees.all()].flatMap(({ employeeNumber, displayName, status, lastDay }) =>
      lastDay !== null && (status === 'leaving' || status === 'terminated') ? { Employee_ID: employeeNumber, Worker: displayName, Termination_Date: lastDay } : [],
    ),
  Workers: ({ employees }) =>
    [...employees.all()].map(({ employeeNumber, displayName, workEmail, employmentType, status, lastDay }) => ({
      Employee_ID: employeeNumber,
      Worker: displayName,
      Work_Email: workEmail,
      Worker_Type: employmentType === 'employee' ? 'Employee' : 'Contingent Worker',
      Worker_Status: status === 'terminated' ? 'Terminated' : status === 'on_leave' ? 'On Leave' : 'Active',
      ...(lastDay !== null && { Termination_Date: lastDay }),
    })),
};

/** A report as JSON, for the integration system user by HTTP Basic authentication. */
export function workdayReport(company: Company, { user, password }: WorkdaySecrets, call: Call): Answer {
  if (call.headers.authorization !== basic(user, password)) return { status: 401, body: { error: 'invalid username or password' } };
  const name = call.path.at(-1) ?? '';
  const rows = call.path.slice(0, -1).join('/') === REPORTS && Object.hasOwn(ROWS, name) ? ROWS[name] : undefined;
  if (!rows) return { status: 404, body: { error: 'not_found' } };
  if (call.method !== 'GET') return { status: 403, body: { error: 'read_only' } };
  if (call.query.get('format') !== 'json') return { status: 400, body: { error: 'only format=json is served here' } };
  return { status: 200, body: { Report_Entry: rows(company) } };
}
