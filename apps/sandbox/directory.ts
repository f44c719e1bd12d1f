import type { DirectoryAccount } from './account-kinds.js';
import { type PortalTokens, rightOf } from './bearer.js';
import { jsonBody } from './body.js';
import { foldKey } from './employees.js';
import type { Answer, Call, Place, Running } from './service.js';
import { startService } from './service.js';
import type { Company } from './state.js';

const KINDS = { groups: 'group', roles: 'role', licences: 'licence' } as const;

const UNKNOWN: Answer = { status: 404, body: { error: 'not_found' } };
const NO_METHOD: Answer = { status: 405, body: { error: 'method_not_allowed' } };
const DONE: Answer = { status: 204 };

/** The directory: users with groups, roles, licences and sessions under `/v1/users`. */
export function startDirectory(company: Company, tokens: PortalTokens, place: Place): Promise<Running> {
  return startService(place, (call) => directory(company, tokens, call));
}

function directory(company: Company, tokens: PortalTokens, call: Call): Answer {
  const right = rightOf(call.headers, tokens);
  if (!right) return { status: 401, body: { error: 'unauthorized' } };
  if (call.method !== 'GET' && right === 'read') return { status: 403, body: { error: 'read_only' } };
  const [version, users, id, kind, name, ...more] = call.path;
  if (version !== 'v1' || users !== 'users' || more.length > 0) return UNKNOWN;
  if (id === undefined) return call.method === 'GET' ? search(company, call) : NO_METHOD;
  const account = company.directory.get(id);
  if (!account) return UNKNOWN;
  if (kind === undefined) return ofUser(company, account, call);
  if (kind === 'sessions' && name === undefined) return call.method === 'DELETE' ? endSessions(company, account) : NO_METHOD;
  if ((kind === 'groups' || kind === 'roles' || kind === 'licences') && name) return membership(company, account, kind, name, call.method);
  return UNKNOWN;
}

function search(company: Company, call: Call): Answer {
  for (const by of ['email', 'employeeNumber', 'name']) {
    const value = call.query.get(by);
    if (value !== null) return { status: 200, body: { users: company.directory.find(foldKey(`${by}:${value}`)) } };
  }
  return { status: 400, body: { error: 'query_needed' } };
}

function ofUser(company: Company, account: DirectoryAccount, call: Call): Answer {
  switch (call.method) {
    case 'GET':
      return { status: 200, body: account };
    case 'PATCH': {
      const body = jsonBody(call);
      const active = body?.active;
      if (typeof active !== 'boolean' || Object.keys(body ?? {}).length !== 1) return { status: 400, body: { error: 'active_needed' } };
      const what = active ? 'activate' : 'deactivate';
      return { status: 200, body: account.active === active ? company.directory.unchanged(account, what) : company.directory.change(account, what, { active }) };
    }
    case 'DELETE':
      company.directory.delete(account, 'delete');
      return DONE;
    default:
      return NO_METHOD;
  }
}

function endSessions(company: Company, account: DirectoryAccount): Answer {
  if (account.sessions.length === 0) company.directory.unchanged(account, 'end_sessions');
  else company.directory.change(account, 'end_sessions', { sessions: [] });
  return DONE;
}

function membership(company: Company, account: DirectoryAccount, kind: keyof typeof KINDS, name: string, method: string): Answer {
  const held = account[kind];
  if (method === 'PUT') {
    if (!company.catalogue[kind].has(name)) return UNKNOWN;
    const what = `give_${KINDS[kind]}:${name}`;
    if (held.includes(name)) company.directory.unchanged(account, what);
    else company.directory.change(account, what, { [kind]: [...held, name].sort() });
    return DONE;
  }
  if (method !== 'DELETE') return NO_METHOD;
  if (!held.includes(name)) return UNKNOWN;
  company.directory.change(account, `take_${KINDS[kind]}:${name}`, { [kind]: held.filter((other) => other !== name) });
  return DONE;
}
