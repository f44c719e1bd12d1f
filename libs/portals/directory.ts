import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { accountRef } from './account-ref.js';
import type { AccountRef, Connector, PlannedStep, PortalState, Subject } from './connector.js';
import { directoryEffects, directoryHoldings, planDirectory } from './directory-plan.js';
import { pathPart, type PortalAddress, portalCalls, type PortalCalls, PortalError, there } from './portal-calls.js';
import { isTexts, sorted, textOf, textsIn } from './state-fields.js';

/** A directory with groups, roles, licences and sessions, by its REST interface under /v1/users. */
export function directoryConnector(portal: string, address: PortalAddress): Connector {
  const call = portalCalls(address);
  return {
    kind: 'directory',
    portal,
    unrestorable: ['sessions'],
    effects: directoryEffects,
    plan: planDirectory,
    holds: directoryHoldings,
    async find(subject) {
      const [field, value] = question(subject);
      const answer = await call('GET', `/v1/users?${field}=${encodeURIComponent(value)}`);
      if (answer.missing) throw new PortalError('portal_answer', 'no such look-up');
      return usersIn(answer.body).map((user) => reference(portal, user, subject));
    },
    async inspect(account) {
      const answer = await call('GET', user(account));
      if (answer.missing) return { exists: false };
      if (!isJsonObject(answer.body) || answer.body['id'] !== account) throw new PortalError('portal_answer', 'another user than asked for');
      return stateOf(answer.body);
    },
    apply: async (account, step) => apply(call, account, step),
  };
}

const user = (account: string): string => `/v1/users/${pathPart(account)}`;

function question(subject: Subject): readonly [field: string, value: string] {
  if ('address' in subject) return ['email', subject.address];
  return 'employee' in subject ? ['employeeNumber', subject.employee] : ['name', subject.name];
}

async function apply(call: PortalCalls, account: string, { effect, detail }: PlannedStep): Promise<void> {
  const at = user(account);
  switch (effect) {
    case 'deactivate':
    case 'activate':
      there(await call('PATCH', at, { active: effect === 'activate' }));
      return;
    case 'end_sessions':
      await call('DELETE', `${at}/sessions`);
      return;
    case 'delete_account':
      await call('DELETE', at);
      return;
    case 'remove_groups':
    case 'restore_groups':
      return change(call, `${at}/groups`, detail);
    case 'remove_roles':
    case 'restore_roles':
      return change(call, `${at}/roles`, detail);
    case 'reclaim_licences':
    case 'restore_licences':
      return change(call, `${at}/licences`, detail);
    default:
      throw new CodedError('portal_state', 'a step that is none of the directory');
  }
}

// side by side: a person is in a dozen groups
async function change(call: PortalCalls, at: string, detail: JsonObject): Promise<void> {
  await Promise.all([
    ...textsIn(detail, 'add').map(async (name) => there(await call('PUT', `${at}/${pathPart(name)}`))),
    ...textsIn(detail, 'remove').map(async (name) => call('DELETE', `${at}/${pathPart(name)}`)),
  ]);
}

function usersIn(body: JsonValue | undefined): readonly JsonValue[] {
  const list = isJsonObject(body) ? body['users'] : undefined;
  if (!Array.isArray(list)) throw new PortalError('portal_answer', 'no list of users');
  return list as readonly JsonValue[];
}

function reference(portal: string, body: JsonValue, subject: Subject): AccountRef {
  const state = stateOf(body);
  const { id, email, displayName, employeeNumber, aliases, lastSignIn } = body as JsonObject;
  const holder = { address: textOf(email), aliases: isTexts(aliases) ? aliases : [], employee: textOf(employeeNumber), name: textOf(displayName) };
  const ref = accountRef(portal, textOf(id) ?? '', holder, subject, state);
  return typeof lastSignIn === 'string' && !Number.isNaN(Date.parse(lastSignIn)) ? { ...ref, lastSignIn: new Date(lastSignIn).toISOString() } : ref;
}

// what changes by itself, or says nothing about what the account is
const PASSING: ReadonlySet<string> = new Set(['id', 'version', 'lastSignIn']);

/** The user as a state: all members but the passing ones. */
function stateOf(body: JsonValue | undefined): PortalState {
  if (!isJsonObject(body)) throw new PortalError('portal_answer', 'no user');
  const { active, sessions } = body;
  const lasting = Object.entries(body).filter(([field]) => !PASSING.has(field));
  const lists = ['groups', 'roles', 'licences'].map((field) => [field, listOf(body, field)] as const);
  if (typeof active !== 'boolean' || !Array.isArray(sessions)) throw new PortalError('portal_answer', 'a user without a status');
  return { ...Object.fromEntries<JsonValue>([...lasting, ...lists]), sessions: sessions.length, exists: true };
}

function listOf(body: JsonObject, field: string): readonly string[] {
  const list = body[field];
  if (!isTexts(list)) throw new PortalError('portal_answer', `a user without ${field}`);
  return sorted(list);
}
