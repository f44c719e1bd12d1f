import { bearerOf } from './bearer.js';
import { foldKey } from './employees.js';
import type { Answer, Call, Place, Running } from './service.js';
import { startService } from './service.js';
import type { Company } from './state.js';

/** The HRIS: `GET /v1/employees?email=|employeeNumber=|name=|formerEmail=|personId=`, for whoever holds the read-only token. */
export function startHris(company: Company, token: string, place: Place): Promise<Running> {
  return startService(place, (call) => hris(company, token, call));
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
