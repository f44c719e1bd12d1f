import { bambooHrReport, type BambooHrSecrets } from './bamboohr.js';
import { bearerOf } from './bearer.js';
import { foldKey } from './employees.js';
import type { Answer, Call, Place, Running } from './service.js';
import { startService } from './service.js';
import type { Company } from './state.js';
import { workdayReport, type WorkdaySecrets } from './workday.js';

/** The credentials of each protocol that the HRIS speaks. */
export interface HrisSecrets {
  readonly hrisToken: string;
  readonly workday: WorkdaySecrets;
  readonly bambooHr: BambooHrSecrets;
}

/**
 * The HRIS: `GET /v1/employees?email=|employeeNumber=|name=|formerEmail=|personId=`, for whoever holds the read-only token,
 * and over the same people BambooHR's API below `/api` and Workday's reports below `/ccx`.
 */
export function startHris(company: Company, secrets: HrisSecrets, place: Place): Promise<Running> {
  return startService(place, (call) => {
    if (call.path[0] === 'ccx') return workdayReport(company, secrets.workday, call);
    if (call.path[0] === 'api') return bambooHrReport(company, secrets.bambooHr.apiKey, call);
    return hris(company, secrets.hrisToken, call);
  });
}

function hris(company: Company, token: string, call: Call): Answer {
  if (bearerOf(call.headers) !== token) return { status: 401, body: { error: 'unauthorized' } };
  if (call.path.join('/') !== 'v1/employees') return { status: 404, body: { error: 'not_found' } };
  if (call.method !== 'GET') return { status: 403, body: { error: 'read_only' } };
  const number = call.query.get('employeeNumber');
  if (number !== null) {
    const employee = company.employees.get(number);
    return { status: 200, body: { employees: employee ? [employee] : [] } };
  }
  for (const by of ['email', 'name', 'formerEmail', 'personId']) {
    const value = call.query.get(by);
    if (value !== null) return { status: 200, body: { employees: company.employees.find(foldKey(`${by}:${value}`)) } };
  }
  return { status: 400, body: { error: 'query_needed' } };
}
