import { afterEach, describe, expect, it } from '@jest/globals';
import { everythingIn, refusalOf, type Says, type ScriptedServer, serverThat } from '../../test/connectors/scripted-server.js';
import { type Connector, openConnector, portalCalls, PortalError } from './index.js';

const TOKEN = 'portal-secret';
let server: ScriptedServer;
afterEach(async () => server.close());

async function portalThat(kind: Connector['kind'], says: Parameters<typeof serverThat>[0], timeoutMs = 60_000): Promise<Connector> {
  server = await serverThat(says);
  return openConnector({ portal: kind, kind, url: server.url, token: TOKEN, timeoutMs });
}

const USER = { id: 'u1', version: 3, employeeNumber: '10042', email: 'a@acme.example', aliases: ['b@acme.example'], displayName: 'A', active: true };
const FULL = { ...USER, groups: ['y', 'x'], roles: [], licences: [], sessions: ['s1', 's2'], ownerOf: [], escalations: [], lastSignIn: '2026-11-20T08:00:00Z' };
const SCIM = { id: 'u1', userName: 'a@acme.example', externalId: '10042', displayName: 'A', active: true, emails: [{ value: 'b@acme.example' }] };
const list = (...resources: object[]): Says => [200, { totalResults: resources.length, Resources: JSON.parse(JSON.stringify(resources)) as [] }];

describe('a portal that does not answer in order', () => {
  it.each<[string, Says | undefined]>([
    ['portal_unreachable', undefined],
    ['portal_unreachable', [500]],
    ['portal_unreachable', [503]],
    ['portal_throttled', [429]],
    ['portal_throttled', [503, null, { 'retry-after': '7' }]],
    ['portal_refused', [401]],
    ['portal_refused', [403]],
    ['portal_answer', [400]],
    ['portal_answer', [302, null, { location: 'http://127.0.0.1:1/' }]],
    ['portal_answer', [200, []]],
    ['portal_answer', [200, {}]],
  ])('is %s', async (code, says) => {
    for (const kind of ['directory', 'scim'] as const) {
      const error = await refusalOf((await portalThat(kind, () => says, says === undefined ? 200 : undefined)).inspect('u1'));
      expect(error.code).toBe(code);
      expect(everythingIn(error)).not.toContain(TOKEN);
      await server.close();
    }
    server = await serverThat(() => [200]);
  });

  it.each<[string, number | undefined]>([
    ['7', 7],
    ['0', 0],
    ['999999', 3600],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30],
    ['soon', undefined],
  ])('and asks to be left alone for %s is heard', async (said, seconds) => {
    const portal = await portalThat('directory', () => [429, null, { 'retry-after': said, date: 'Mon, 23 Nov 2026 10:00:00 GMT' }]);
    const error = await refusalOf(portal.inspect('u1'));
    expect(error instanceof PortalError && error.retryAfter).toBe(seconds);
  });
});

describe('an id or name', () => {
  it('never leaves its place in the path', async () => {
    const portal = await portalThat('directory', () => [404]);
    for (const id of ['..', '.', '']) expect((await refusalOf(portal.inspect(id))).code).toBe('portal_answer');
    await portal.inspect('../users/u2?x=#');
    expect(server.asked.map(({ path }) => path)).toEqual(['/v1/users/..%2Fusers%2Fu2%3Fx%3D%23']);
  });

  it('never leaves its place in a filter', async () => {
    const portal = await portalThat('scim', () => list());
    const odd = 'x" or userName pr or userName eq "\\ \n\ud800';
    await portal.find({ name: odd });
    const filter = new URL(server.asked[0]!.path, server.url).searchParams.get('filter') ?? '';
    expect(filter).toBe('displayName eq "x\\u0022 or userName pr or userName eq \\u0022\\u005c \\u000a\\ud800"');
    expect(JSON.parse(filter.slice('displayName eq '.length))).toBe(odd);
  });
});

describe('a look-up', () => {
  it('brings the state along', async () => {
    const portal = await portalThat('directory', () => [200, { users: [FULL] }]);
    expect(await portal.find({ address: 'B@acme.example' })).toMatchObject([
      { portal: 'directory', account: 'u1', employee: '10042', matchedOn: 'alias', lastSignIn: '2026-11-20T08:00:00.000Z', state: { exists: true, groups: ['x', 'y'], sessions: 2, active: true } },
    ]);
    expect((await portal.find({ address: 'a@acme.example' }))[0]).toMatchObject({ matchedOn: 'address', label: { address: 'a@acme.example', name: 'A' } });
    expect(JSON.stringify((await portal.find({ employee: '10042' }))[0]?.state)).not.toMatch(/version|lastSignIn/);
  });

  it('that gives somebody else is no answer', async () => {
    const directory = await portalThat('directory', () => [200, { users: [FULL] }]);
    expect((await refusalOf(directory.find({ address: 'c@acme.example' }))).code).toBe('portal_answer');
    await server.close();
    const scim = await portalThat('scim', () => list({ ...SCIM, groups: [] }));
    expect((await refusalOf(scim.find({ employee: '1' }))).code).toBe('portal_answer');
    expect(await scim.find({ address: 'b@acme.example' })).toMatchObject([{ matchedOn: 'alias', employee: '10042' }]);
  });

  it('goes on to the last page of groups, and takes direct membership only', async () => {
    const group = (n: number) => ({ id: `g${n}` });
    const portal = await portalThat('scim', ({ path }) => {
      if (path.startsWith('/Users/')) return [200, SCIM];
      const start = Number(new URL(path, server.url).searchParams.get('startIndex'));
      return [200, { totalResults: 250, Resources: Array.from({ length: Math.min(100, 251 - start) }, (_, i) => group(start + i)) }];
    });
    const state = await portal.inspect('u1');
    expect(state.exists && (state['groups'] as string[]).length).toBe(250);
    expect(server.asked.slice(1).map(({ path }) => new URL(path, server.url).searchParams.get('startIndex'))).toEqual(['1', '101', '201']);
    await server.close();
    const named = await portalThat('scim', () => [200, { ...SCIM, groups: [{ value: 'g1' }, { value: 'g2', type: 'indirect' }] }]);
    expect(await named.inspect('u1')).toMatchObject({ groups: ['g1'] });
  });

  it.each<[string, Says]>([
    ['a SCIM list shorter than it says', [200, { totalResults: 3, Resources: [] }]],
    ['a SCIM list without an end', [200, { totalResults: 1e9, Resources: [SCIM] }]],
  ])('is not fooled by %s', async (message, says) => {
    expect((await refusalOf((await portalThat('scim', () => says)).find({ employee: '10042' }))).message).toContain(message);
  });
});

describe('a step', () => {
  it('on what is gone already is done, but nothing can be given to it', async () => {
    const detail = { add: [], remove: ['g'] };
    for (const kind of ['directory', 'scim'] as const) {
      const portal = await portalThat(kind, () => [404]);
      await portal.apply('u1', { effect: 'delete_account', reversible: false, detail: {} });
      await portal.apply('u1', { effect: 'remove_groups', reversible: true, detail });
      expect((await refusalOf(portal.apply('u1', { effect: 'activate', reversible: true, detail: {} }))).code).toBe('portal_answer');
      expect((await refusalOf(portal.apply('u1', { effect: 'restore_groups', reversible: true, detail: { add: ['g'], remove: [] } }))).code).toBe('portal_answer');
      expect((await refusalOf(portal.apply('u1', { effect: 'format_disk', reversible: true, detail }))).code).toBe('portal_state');
      await server.close();
    }
    server = await serverThat(() => [200]);
  });
});

it.each<[string, { readonly user?: string }, string]>([
  ['a bearer token', {}, `Bearer ${TOKEN}`],
  ["a user's password", { user: 'isu' }, `Basic ${Buffer.from(`isu:${TOKEN}`).toString('base64')}`],
])('a call carries %s', async (_, who, authorization) => {
  server = await serverThat(() => [200, {}]);
  await portalCalls({ url: server.url, token: TOKEN, ...who, timeoutMs: 60_000 })('GET', '/x');
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([authorization]);
});
