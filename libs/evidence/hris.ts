import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type PortalAddress, portalCalls, PortalError, sameText } from '#portals';

/** A person as the HRIS holds one; all of it is personal but numbers, type, status, days, ending and department. */
export interface Employee {
  readonly employeeNumber: string;
  readonly displayName: string;
  readonly workEmail: string;
  readonly aliases: readonly string[];
  readonly formerNames: readonly string[];
  readonly formerEmails: readonly string[];
  /** `unknown` where the HRIS forgets it. */
  readonly employmentType: 'employee' | 'contractor' | 'unknown';
  readonly status: 'active' | 'leaving' | 'terminated' | 'on_leave';
  /** `YYYY-MM-DD`, or null while no end is known. */
  readonly lastDay: string | null;
  /** As the HRIS names it; absent where it does not say. */
  readonly department?: string;
  /** The HRIS's number of the human being, the same on all of their records; absent where it keeps none. */
  readonly personId?: string;
  /** `YYYY-MM-DD`; a day to come is a hire that was entered ahead. Absent where the HRIS does not say. */
  readonly hireDate?: string;
  /** Whether the person departs with this record or goes on under another. Absent where the HRIS does not say. */
  readonly ending?: 'departure' | 'continuation';
}

/** Exactly one of them. */
export type HrisQuery = Readonly<{ email: string } | { employeeNumber: string } | { name: string } | { formerEmail: string } | { personId: string }>;

export interface Hris {
  /** @throws PortalError, with the codes that portals fail with. */
  find(query: HrisQuery): Promise<readonly Employee[]>;
}

/** The HRIS at `GET /v1/employees`, with a read-only credential. */
export function employeesHris(address: PortalAddress): Hris {
  const call = portalCalls(address);
  return {
    async find(query) {
      const answer = await call('GET', `/v1/employees?${new URLSearchParams(query).toString()}`);
      const list = !answer.missing && isJsonObject(answer.body) ? answer.body['employees'] : undefined;
      if (!Array.isArray(list)) throw new PortalError('portal_answer', 'no list of employees');
      const employees = (list as readonly JsonValue[]).map(employee);
      // an HRIS that overlooks the question would hand us somebody else
      if (!employees.every((one) => answers(one, query))) throw new PortalError('portal_answer', 'an employee who was not asked for');
      return employees;
    },
  };
}

const NUMBER = /^[A-Za-z0-9-]{1,64}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** True for somebody whom the question is about. */
export function answers(one: Employee, query: HrisQuery): boolean {
  if ('employeeNumber' in query) return one.employeeNumber === query.employeeNumber;
  if ('personId' in query) return one.personId === query.personId;
  const [among, wanted] =
    'email' in query
      ? [[one.workEmail, ...one.aliases], query.email]
      : 'name' in query
        ? [[one.displayName, ...one.formerNames], query.name]
        : [one.formerEmails, query.formerEmail];
  return among.some((text) => sameText(text, wanted));
}

function employee(value: JsonValue): Employee {
  if (!isJsonObject(value)) throw wrong('employee');
  return {
    employeeNumber: text(value, 'employeeNumber', NUMBER),
    displayName: text(value, 'displayName', /./s),
    workEmail: text(value, 'workEmail', /./s),
    aliases: texts(value, 'aliases'),
    formerNames: texts(value, 'formerNames'),
    formerEmails: texts(value, 'formerEmails'),
    employmentType: oneOf(value, 'employmentType', ['employee', 'contractor']),
    status: oneOf(value, 'status', ['active', 'leaving', 'terminated', 'on_leave']),
    lastDay: isSaid(value, 'lastDay') ? text(value, 'lastDay', DAY) : null,
    ...(isSaid(value, 'personId') && { personId: text(value, 'personId', NUMBER) }),
    ...(isSaid(value, 'hireDate') && { hireDate: text(value, 'hireDate', DAY) }),
    ...(isSaid(value, 'ending') && { ending: oneOf(value, 'ending', ['departure', 'continuation']) }),
    ...(typeof value['department'] === 'string' && { department: value['department'] }),
  };
}

const wrong = (field: string): PortalError => new PortalError('portal_answer', `HRIS: ${field} is not as it should be`);

const isSaid = (from: JsonObject, field: string): boolean => from[field] !== null && from[field] !== undefined;

/** @throws PortalError `portal_answer` where the field is no text of this shape. */
export function text(from: JsonObject, field: string, shape: RegExp): string {
  const value = from[field];
  if (typeof value !== 'string' || !shape.test(value)) throw wrong(field);
  return value;
}

function texts(from: JsonObject, field: string): readonly string[] {
  const value = from[field] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrong(field);
  return value;
}

/** @throws PortalError `portal_answer` where the field is none of these. */
export function oneOf<T extends string>(from: JsonObject, field: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === from[field]);
  if (found === undefined) throw wrong(field);
  return found;
}
