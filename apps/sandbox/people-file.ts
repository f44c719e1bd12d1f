import { readFileSync } from 'node:fs';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { EMPLOYEE_STATUSES, type Person } from './person.js';

/**
 * People from a JSON list, to play a company of one's own: `employeeNumber`, `displayName` and `workEmail` are needed,
 * every other field of `Person` may be given and has a plain default.
 * @throws CodedError `configuration` naming the item and the field.
 */
export function readPeople(path: string): readonly Person[] {
  let content: JsonValue;
  try {
    content = JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
  } catch (cause) {
    throw new CodedError('configuration', `GATEHOUSE_SANDBOX_PEOPLE: ${path} is not a readable JSON file`, { cause });
  }
  if (!Array.isArray(content)) throw wrong('the file', 'must be a list of people');
  const people = (content as readonly JsonValue[]).map((item, i) => personOf(item, `[${String(i)}]`));
  const numbers = new Set<string>();
  for (const person of people) {
    if (numbers.has(person.employeeNumber)) throw wrong(person.employeeNumber, 'is there twice');
    numbers.add(person.employeeNumber);
  }
  return people;
}

function personOf(item: JsonValue, at: string): Person {
  if (!isJsonObject(item)) throw wrong(at, 'must be an object');
  const displayName = text(item, 'displayName', at);
  const words = displayName.split(' ');
  const status = item.status ?? 'active';
  const known = EMPLOYEE_STATUSES.find((s) => s === status);
  if (!known) throw wrong(`${at}.status`, `must be one of ${EMPLOYEE_STATUSES.join(', ')}`);
  return {
    employeeNumber: text(item, 'employeeNumber', at),
    displayName,
    firstName: text(item, 'firstName', at, words[0] ?? displayName),
    lastName: text(item, 'lastName', at, words.slice(1).join(' ') || displayName),
    workEmail: text(item, 'workEmail', at),
    aliases: texts(item, 'aliases', at, []),
    formerNames: texts(item, 'formerNames', at, []),
    formerEmails: texts(item, 'formerEmails', at, []),
    department: text(item, 'department', at, 'Staff'),
    managerEmployeeNumber: typeof item.managerEmployeeNumber === 'string' ? item.managerEmployeeNumber : null,
    employmentType: item.employmentType === 'contractor' ? 'contractor' : 'employee',
    status: known,
    lastDay: typeof item.lastDay === 'string' ? item.lastDay : null,
    ...(typeof item.personId === 'string' && { personId: item.personId }),
    ...((item.ending === 'departure' || item.ending === 'continuation') && { ending: item.ending }),
    hireDate: text(item, 'hireDate', at, '2020-01-01'),
    groups: texts(item, 'groups', at, ['all-staff']),
    roles: texts(item, 'roles', at, []),
    licences: texts(item, 'licences', at, ['mail', 'office']),
    sessions: typeof item.sessions === 'number' ? item.sessions : 1,
    ownerOf: objects(item, 'ownerOf', at).map((o) => ({ system: text(o, 'system', `${at}.ownerOf`), production: o.production === true })),
    escalations: objects(item, 'escalations', at).map((e) => ({ at: text(e, 'at', `${at}.escalations`), role: text(e, 'role', `${at}.escalations`) })),
    onCall: item.onCall === true,
    filesOwned: typeof item.filesOwned === 'number' ? item.filesOwned : 0,
    sharedMailboxes: texts(item, 'sharedMailboxes', at, []),
    tokens: typeof item.tokens === 'number' ? item.tokens : 0,
    lastSignIn: typeof item.lastSignIn === 'string' ? item.lastSignIn : null,
    portals: texts(item, 'portals', at, ['directory', 'scim']).map((portal) => {
      if (portal !== 'directory' && portal !== 'scim') throw wrong(`${at}.portals`, 'may hold directory and scim');
      return portal;
    }),
  };
}

function text(item: JsonObject, field: string, at: string, otherwise?: string): string {
  const value = item[field] ?? otherwise;
  if (typeof value !== 'string' || value === '') throw wrong(`${at}.${field}`, 'must be text');
  return value;
}

function texts(item: JsonObject, field: string, at: string, otherwise: readonly string[]): readonly string[] {
  const value = item[field] ?? otherwise;
  if (!Array.isArray(value) || !value.every((v) => typeof v === 'string')) throw wrong(`${at}.${field}`, 'must be a list of texts');
  return value;
}

function objects(item: JsonObject, field: string, at: string): readonly JsonObject[] {
  const value = item[field] ?? [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw wrong(`${at}.${field}`, 'must be a list of objects');
  return value;
}

function wrong(where: string, what: string): CodedError {
  return new CodedError('configuration', `GATEHOUSE_SANDBOX_PEOPLE: ${where} ${what}`);
}
