import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, SECRETS, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import { CAST } from './cast.js';
import type { Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let users: string;
beforeAll(async () => {
  sandbox = await startedSandbox();
  users = `${sandbox.addresses.directory!}/v1/users`;
});
afterAll(() => sandbox.stop());

const read = { token: SECRETS.directory.read };
const write = { token: SECRETS.directory.write };
interface User {
  readonly id: string;
  readonly version: number;
  readonly active: boolean;
  readonly groups: readonly string[];
  readonly sessions: readonly string[];
}
interface Action {
  readonly employeeNumber: string;
  readonly what: string;
  readonly changed: boolean;
}
async function userOf(number: string): Promise<User> {
  const { body } = await ask('GET', `${users}?employeeNumber=${number}`, read);
  return (body as { users: User[] }).users[0]!;
}
async function actionsOn(number: string): Promise<[string, boolean][]> {
  const { body } = await ask('GET', `${sandbox.addresses.control!}/control/actions`);
  return (body as { actions: Action[] }).actions.filter((a) => a.employeeNumber === number).map((a) => [a.what, a.changed]);
}

describe('the directory', () => {
  it.each([`employeeNumber=${CAST.productionOwner}`, 'email=PRIYA.raman@acme.example', 'name=priya%20raman'])('finds by %s', async (query) => {
    const { status, json } = await ask('GET', `${users}?${query}`, read);
    expect(status).toBe(200);
    expect(json.users).toMatchObject([{ employeeNumber: CAST.productionOwner, email: 'priya.raman@acme.example', active: true, roles: ['admin'] }]);
  });

  it('answers both of two people of one name', async () => {
    expect((await ask('GET', `${users}?name=Daniel%20Kim`, read)).json.users).toHaveLength(2);
  });

  it('knows no caller without a token, and lets the reading one read only', async () => {
    const { id } = await userOf(CAST.leaver);
    expect((await ask('GET', users)).status).toBe(401);
    expect((await ask('GET', users, { token: 'x' })).status).toBe(401);
    for (const [method, path] of [['PATCH', ''], ['DELETE', ''], ['DELETE', '/sessions'], ['PUT', '/groups/all-staff'], ['DELETE', '/groups/all-staff']] as const)
      expect((await ask(method, `${users}/${id}${path}`, { ...read, ...(method === 'PATCH' && { body: { active: false } }) })).status).toBe(403);
    expect(await actionsOn(CAST.leaver)).toEqual([]);
  });

  describe('of one user', () => {
    const number = CAST.secondLeaver;
    let user: User;
    beforeEach(async () => (user = await userOf(number)));
    const at = (path = ''): string => `${users}/${user.id}${path}`;

    it('switches off and on, and a repetition changes nothing', async () => {
      for (const active of [false, false, true]) expect((await ask('PATCH', at(), { ...write, body: { active } })).json.active).toBe(active);
      expect(await actionsOn(number)).toEqual([['deactivate', true], ['deactivate', false], ['activate', true]]);
      expect((await userOf(number)).version).toBe(user.version + 2);
    });

    it('gives and takes a group; to take what is not held is 404, to give what does not exist too', async () => {
      const before = user.groups;
      const group = before[0]!;
      expect((await ask('DELETE', at(`/groups/${group}`), write)).status).toBe(204);
      expect((await ask('DELETE', at(`/groups/${group}`), write)).status).toBe(404);
      expect((await ask('PUT', at(`/groups/${group}`), write)).status).toBe(204);
      expect((await ask('PUT', at(`/groups/${group}`), write)).status).toBe(204);
      expect((await ask('PUT', at('/groups/nobody-made-this'), write)).status).toBe(404);
      expect((await userOf(number)).groups).toEqual(before);
      expect((await actionsOn(number)).slice(-3)).toEqual([[`take_group:${group}`, true], [`give_group:${group}`, true], [`give_group:${group}`, false]]);
    });

    it('ends every session', async () => {
      expect(user.sessions.length).toBeGreaterThan(0);
      expect((await ask('DELETE', at('/sessions'), write)).status).toBe(204);
      expect((await userOf(number)).sessions).toEqual([]);
      expect((await ask('DELETE', at('/sessions'), write)).status).toBe(204);
      expect((await actionsOn(number)).slice(-2)).toEqual([['end_sessions', true], ['end_sessions', false]]);
    });

    it.each([{}, { active: 'no' }, { active: false, email: 'x' }])('refuses to be patched with %j', async (body) => {
      expect((await ask('PATCH', at(), { ...write, body })).status).toBe(400);
    });

    it('is gone for good when it is deleted', async () => {
      expect((await ask('DELETE', at(), write)).status).toBe(204);
      expect((await ask('DELETE', at(), write)).status).toBe(404);
      expect((await ask('GET', at(), read)).status).toBe(404);
      expect(await userOf(number)).toBeUndefined();
    });
  });
});

describe('the HRIS', () => {
  const employees = async (query: string, token = SECRETS.hrisToken) => ask('GET', `${sandbox.addresses.hris!}/v1/employees?${query}`, { token });

  it('finds by number, address, name, former address and human being', async () => {
    const renamed = [{ employeeNumber: CAST.renamed, formerEmails: ['elena.sokolova@acme.example'] }];
    for (const query of [`employeeNumber=${CAST.renamed}`, 'email=Elena.Petrova@acme.example', 'name=Elena%20Sokolova', 'formerEmail=elena.sokolova@acme.example', `personId=u-${CAST.renamed}`])
      expect((await employees(query)).json.employees).toMatchObject(renamed);
    expect((await employees('email=elena.sokolova@acme.example')).json.employees).toEqual([]);
  });

  it('shows nothing that only portals know, asks for its token, and is read-only', async () => {
    expect(Object.keys((await employees(`employeeNumber=${CAST.leaver}`)).json.employees as object)).not.toContain('roles');
    expect((await employees('email=x', 'wrong')).status).toBe(401);
    expect((await employees('')).status).toBe(400);
    expect((await ask('DELETE', `${sandbox.addresses.hris!}/v1/employees`, { token: SECRETS.hrisToken })).status).toBe(403);
  });
});
