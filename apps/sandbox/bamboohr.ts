import type { JsonValue } from '#decider';
import { basic } from './bearer.js';
import { jsonBody } from './body.js';
import type { Employee } from './person.js';
import type { Answer, Call } from './service.js';
import type { Company } from './state.js';

/** What BambooHR signs its webhook with, and the key that reads its API. */
export interface BambooHrSecrets {
  readonly privateKey: string;
  readonly apiKey: string;
}

/** Where BambooHR's API begins, below its host. */
export const BAMBOOHR_API = 'api/gateway.php/acme';

const FIELDS: Readonly<Record<string, (employee: Employee) => JsonValue>> = {
  employeeNumber: ({ employeeNumber }) => employeeNumber,
  displayName: ({ displayName }) => displayName,
  workEmail: ({ workEmail }) => workEmail,
  status: ({ status }) => (status === 'terminated' ? 'Inactive' : 'Active'),
  employmentHistoryStatus: ({ status, employmentType }) => (status === 'terminated' ? 'Terminated' : status === 'on_leave' ? 'Leave of Absence' : employmentType === 'contractor' ? 'Contractor' : 'Full-Time'),
  terminationDate: ({ lastDay }) => lastDay ?? '0000-00-00',
};

/** A custom report of everybody, with the fields that are asked for. */
export function bambooHrReport(company: Company, apiKey: string, call: Call): Answer {
  if (call.headers.authorization !== basic(apiKey, 'x')) return { status: 401 };
  if (call.method !== 'POST' || call.path.join('/') !== `${BAMBOOHR_API}/v1/reports/custom`) return { status: 404 };
  const wanted = jsonBody(call)?.fields;
  if (!Array.isArray(wanted) || call.query.get('format') !== 'JSON') return { status: 400 };
  const names = wanted.filter((name): name is string => typeof name === 'string' && Object.hasOwn(FIELDS, name));
  const rows = [...company.employees.all()].map((employee) => ({ id: recordId(employee), ...fieldsOf(employee, names) }));
  return { status: 200, body: { title: jsonBody(call)?.title, fields: names.map((name) => ({ id: name, type: 'text', name })), employees: rows } };
}

/** The record's own number, which is no employee number. */
export function recordId({ employeeNumber }: Employee): string {
  return `1${employeeNumber}`;
}

/** These fields of an employee, by the names that BambooHR's API gives them. */
export function fieldsOf(employee: Employee, names: readonly string[]): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(names.map((name) => [name, FIELDS[name]?.(employee) ?? null]));
}
