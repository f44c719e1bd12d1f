import { afterEach, describe, expect, it } from '@jest/globals';
import { everythingIn, refusalOf, type Says, type ScriptedServer, serverThat } from '../../test/connectors/scripted-server.js';
import { type Lease, redeemGrant } from './lease.js';

const UNWRAP = '/v1/sys/wrapping/unwrap';
const LOGIN = '/v1/auth/approle/login';
const REVOKE = '/v1/auth/token/revoke-self';
const LOOKUP = '/v1/auth/token/lookup-self';
const DENIED: Says = [403, { errors: ['permission denied'] }];

let server: ScriptedServer;
let now = '2026-11-23T10:00:00.000Z';
afterEach(async () => server.close());

/** Answers by path, each path's list in turn and its last answer for ever. */
async function redeem(script: Record<string, Says[]>, grant = 'hvs.wrapping-token'): Promise<Lease> {
  now = '2026-11-23T10:00:00.000Z';
  const answers: Record<string, Says[]> = {
    [UNWRAP]: [[200, { data: { secret_id: 'sid-secret' } }]],
    [LOGIN]: [[200, { auth: { client_token: 'hvs.lease-token', accessor: 'acc-1', lease_duration: 60 } }]],
    ...script,
  };
  server = await serverThat(({ path }) => {
    const list = answers[path];
    return list !== undefined && list.length > 1 ? list.shift() : list?.[0];
  });
  return redeemGrant({ address: server.url, roleId: 'role-1', grant, timeoutMs: 60_000, clock: () => new Date(now) });
}
const paths = (): string[] => server.asked.map(({ path }) => path);

describe('a grant', () => {
  it('becomes a lease by itself and the role-id, and no other token', async () => {
    process.env['VAULT_TOKEN'] = 'hvs.of-the-environment';
    const lease = await redeem({}).finally(() => delete process.env['VAULT_TOKEN']);
    expect(lease).toMatchObject({ accessor: 'acc-1', expiresAt: '2026-11-23T10:01:00.000Z' });
    expect(server.asked.map(({ path, headers }) => [path, headers['x-vault-token']])).toEqual([
      [UNWRAP, 'hvs.wrapping-token'],
      [LOGIN, undefined],
    ]);
    expect(server.asked[1]?.body).toEqual({ role_id: 'role-1', secret_id: 'sid-secret' });
  });

  it.each<[string, Record<string, Says[]>]>([
    ['grant_used', { [UNWRAP]: [[400, { errors: ['wrapping token is not valid or does not exist'] }]] }],
    ['grant_used', { [UNWRAP]: [DENIED] }],
    ['grant_invalid', { [UNWRAP]: [[200, { data: { token: 'something else' } }]] }],
    ['grant_invalid', { [LOGIN]: [[400, { errors: ['invalid role or secret ID'] }]] }],
    ['vault_sealed', { [UNWRAP]: [[503, { errors: ['Vault is sealed'] }]] }],
    ['vault_unreachable', { [LOGIN]: [[500, {}]] }],
    ['vault_answer', { [LOGIN]: [[200, { auth: null }]] }],
    ['vault_refused', { [UNWRAP]: [[404, {}]] }],
  ])('that does not open is %s', async (code, script) => {
    const error = await refusalOf(redeem(script));
    expect(error.code).toBe(code);
    expect(everythingIn(error)).not.toMatch(/wrapping-token|sid-secret/);
  });

  it.each(['', 'x', 'a b c d e f g', 'hvs.\r\nX-Evil: 1', 'ä'.repeat(20)])('of no token shape is never sent: %j', async (grant) => {
    expect((await refusalOf(redeem({}, grant))).code).toBe('grant_invalid');
    expect(server.asked).toEqual([]);
  });

  it('that opens for longer than a minute is given back unused', async () => {
    const long: Says = [200, { auth: { client_token: 'hvs.lease-token', accessor: 'a', lease_duration: 3600 } }];
    expect((await refusalOf(redeem({ [LOGIN]: [long], [REVOKE]: [[204]], [LOOKUP]: [DENIED] }))).code).toBe('vault_answer');
    expect(paths()).toEqual([UNWRAP, LOGIN, REVOKE, LOOKUP]);
  });
});

describe('a lease', () => {
  it('reads and creates with its own token', async () => {
    const lease = await redeem({ '/v1/secret/data/tenants/acme/portals/scim': [[200, { data: { data: { token: 't' } } }]] });
    expect(await lease.read('tenants/acme/portals/scim')).toEqual({ token: 't' });
    expect(server.asked.at(-1)?.headers['x-vault-token']).toBe('hvs.lease-token');
  });

  it('given back is looked up, and confirmed only when Vault no longer knows it', async () => {
    const lease = await redeem({ [REVOKE]: [[204]], [LOOKUP]: [[200, { data: {} }], DENIED] });
    expect(await lease.give()).toEqual({ confirmed: true });
    expect(paths().slice(2)).toEqual([REVOKE, LOOKUP, LOOKUP]);
  });

  it('that Vault keeps knowing is not confirmed, after a bounded number of tries', async () => {
    const lease = await redeem({ [REVOKE]: [[204]], [LOOKUP]: [[200, { data: {} }]] });
    expect(await lease.give()).toEqual({ confirmed: false });
    expect(paths().slice(2)).toEqual([REVOKE, LOOKUP, LOOKUP, LOOKUP]);
  });

  it('whose revocation failed is tried again', async () => {
    const lease = await redeem({ [REVOKE]: [[500], [204]], [LOOKUP]: [DENIED] });
    expect(await lease.give()).toEqual({ confirmed: true });
  });

  it('whose role may neither revoke nor look up confirms nothing', async () => {
    const lease = await redeem({ [REVOKE]: [DENIED], [LOOKUP]: [DENIED] });
    expect(await lease.give()).toEqual({ confirmed: false });
  });

  it('whose time is over is confirmed by the refusal', async () => {
    const lease = await redeem({ [REVOKE]: [DENIED], [LOOKUP]: [DENIED] });
    now = '2026-11-23T10:01:00.000Z';
    expect(await lease.give()).toEqual({ confirmed: true });
  });

  it('is not confirmed, and does not throw, while Vault is away', async () => {
    const lease = await redeem({});
    await server.close();
    expect(await lease.give()).toEqual({ confirmed: false });
  });
});
