import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#decider';
import { ask, SECRETS, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import type { Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let base: string;
beforeAll(async () => {
  sandbox = await startedSandbox();
  base = `${sandbox.addresses.scim!}/scim/v2`;
});
afterAll(() => sandbox.stop());

const read = { token: SECRETS.scim.read };
const write = { token: SECRETS.scim.write };
const patch = (...operations: JsonValue[]) => ({ ...write, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations } });

interface User {
  readonly id: string;
  readonly active: boolean;
  readonly groups?: readonly { readonly value: string; readonly display: string }[];
}
async function list(filter: string, endpoint = 'Users'): Promise<readonly User[]> {
  const { status, body } = await ask('GET', `${base}/${endpoint}?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`, read);
  expect(status).toBe(200);
  return (body as { Resources: User[] }).Resources;
}
const withGroups = async (n: number): Promise<User[]> => (await list('active eq true')).filter((user) => (user.groups?.length ?? 0) > 1).slice(0, n);

describe('the SCIM application', () => {
  it.each([
    'externalId eq "10042"',
    'userName eq "MARTA.kowalska@acme.example"',
    'emails.value eq "marta.kowalska@acme.example"',
    'userName eq "marta.kowalska@acme.example" or emails.value eq "marta.kowalska@acme.example"',
    'externalId eq "10042" and active eq true',
  ])('finds by %s', async (filter) => {
    expect(await list(filter)).toMatchObject([{ externalId: '10042', userName: 'marta.kowalska@acme.example', active: true, entitlements: [{ value: 'seat' }] }]);
  });

  it('refuses a filter with an escaped quote, which scimmy does not read', async () => {
    const filter = encodeURIComponent('userName eq "x\\" or active eq true or userName eq \\"y"');
    expect((await ask('GET', `${base}/Users?filter=${filter}`, read)).status).toBe(400);
  });

  it('has its two credentials: none is 401, and the reading one may change nothing', async () => {
    const [user] = await list('externalId eq "10042"');
    const at = `${base}/Users/${user!.id}`;
    expect((await ask('GET', at)).status).toBe(401);
    expect((await ask('GET', at, read)).status).toBe(200);
    for (const method of ['PATCH', 'PUT', 'DELETE']) expect((await ask(method, at, { ...read, ...(method !== 'DELETE' && { body: {} }) })).status).toBe(403);
  });

  it('disables by PATCH, says 204 when it was so, and a deleted user is 404', async () => {
    const [user] = await list('externalId eq "10057"');
    const at = `${base}/Users/${user!.id}`;
    const off = patch({ op: 'replace', path: 'active', value: false });
    expect((await ask('PATCH', at, off)).json).toMatchObject({ active: false });
    expect((await ask('PATCH', at, off)).status).toBe(204);
    expect((await ask('DELETE', at, write)).status).toBe(204);
    expect((await ask('DELETE', at, write)).status).toBe(404);
    expect((await ask('GET', at, read)).status).toBe(404);
    const { json } = await ask('GET', `${sandbox.addresses.control!}/control/actions`);
    expect(json.actions).toMatchObject([{ what: 'deactivate', changed: true }, { what: 'update', changed: false }, { what: 'delete', changed: true }]);
  });

  it('lets members join and leave a group, and shows it on both sides', async () => {
    const [user] = await withGroups(1);
    const group = user!.groups![0]!.value;
    const leave = patch({ op: 'remove', path: `members[value eq "${user!.id}"]` });
    expect((await ask('PATCH', `${base}/Groups/${group}`, leave)).status).toBe(200);
    expect((await ask('PATCH', `${base}/Groups/${group}`, leave)).status).toBe(204);
    expect((await list(`members.value eq "${user!.id}"`, 'Groups')).map(({ id }) => id)).not.toContain(group);
    await ask('PATCH', `${base}/Groups/${group}`, patch({ op: 'add', path: 'members', value: [{ value: user!.id }] }));
    expect((await list(`members.value eq "${user!.id}"`, 'Groups')).map(({ id }) => id).sort()).toEqual(user!.groups!.map(({ value }) => value).sort());
    const none = patch({ op: 'add', path: 'members', value: [{ value: 'nobody' }] });
    expect((await ask('PATCH', `${base}/Groups/${group}`, none)).status).toBe(400);
  });

  it('loses no change when many leave one group at the same moment', async () => {
    const [first] = await withGroups(1);
    const group = first!.groups![0]!.value;
    const members = async (): Promise<string[]> => {
      const { body } = await ask('GET', `${base}/Groups/${group}`, read);
      return ((body as { members?: { value: string }[] }).members ?? []).map(({ value }) => value);
    };
    const all = await members();
    expect(all.length).toBeGreaterThan(2);
    await Promise.all(all.map((id) => ask('PATCH', `${base}/Groups/${group}`, patch({ op: 'remove', path: `members[value eq "${id}"]` }))));
    expect(await members()).toEqual([]);
  });

  it('takes a new user once', async () => {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'new.one@acme.example', externalId: '20001', active: true };
    const made = await ask('POST', `${base}/Users`, { ...write, body });
    expect(made).toMatchObject({ status: 201, json: { userName: 'new.one@acme.example', active: true } });
    expect((await ask('POST', `${base}/Users`, { ...write, body })).status).toBe(409);
    expect(await list('externalId eq "20001"')).toHaveLength(1);
  });
});
