import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { everythingIn, refusalOf, type Says, type ScriptedServer, serverThat } from '../../test/connectors/scripted-server.js';
import { openVault, type Vault } from './vault.js';

const TOKEN = 'hvs.very-secret-token';
const open = (address: string): Vault => openVault({ address, token: TOKEN, timeoutMs: 60_000 });
let server: ScriptedServer;

async function vaultThat(says: Parameters<typeof serverThat>[0]): Promise<Vault> {
  server = await serverThat(says);
  return open(server.url);
}

afterEach(async () => server.close());

describe('vault', () => {
  it('signs and gives the public key that verifies it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const vault = await vaultThat(({ path, body }) =>
      path === '/v1/transit/sign/packet-acme'
        ? [200, { data: { signature: `vault:v1:${sign(null, Buffer.from(body['input'] as string, 'base64'), privateKey).toString('base64')}` } }]
        : [200, { data: { type: 'ed25519', latest_version: 2, keys: { '1': { public_key: '' }, '2': { public_key: raw.toString('base64') } } } }],
    );
    const message = Buffer.from('an order');
    expect(Buffer.from(await vault.signEd25519('packet-acme', message))).toEqual(sign(null, message, privateKey));
    expect(Buffer.from(await vault.publicKey('packet-acme'))).toEqual(raw);
    expect(server.asked[0]?.headers['x-vault-token']).toBe(TOKEN);
  });

  it('calls an answer that is no signature, no key or no wrap by its name', async () => {
    const vault = await vaultThat(() => [200, { data: { signature: 'vault:v1:AAAA', secret_id: 's' } }]);
    for (const attempt of [vault.signEd25519('k', Buffer.of(1)), vault.publicKey('k'), vault.mintGrant('r', {}, 60)])
      expect((await refusalOf(attempt)).code).toBe('vault_answer');
  });

  it('reads, and says undefined where there is nothing', async () => {
    const vault = await vaultThat(({ path }) => (path.endsWith('/there') ? [200, { data: { data: { a: 1 }, metadata: {} } }] : [404, { errors: [] }]),
    );
    expect(await vault.read('tenants/acme/there')).toEqual({ a: 1 });
    expect(await vault.read('tenants/acme/gone')).toBeUndefined();
    expect(server.asked[0]?.path).toBe('/v1/secret/data/tenants/acme/there');
  });

  it.each([400, 403])('creates once: a %i for a value that is there is false, for one that is not it is refused', async (status) => {
    let there = true;
    const vault = await vaultThat(({ method }) => (method === 'POST' ? [status, { errors: ['x'] }] : there ? [200, { data: { data: {} } }] : [404, { errors: [] }]),
    );
    expect(await vault.createOnce('tenants/acme/k', { key: 'x' })).toBe(false);
    expect(server.asked[0]?.body).toEqual({ options: { cas: 0 }, data: { key: 'x' } });
    there = false;
    expect((await refusalOf(vault.createOnce('tenants/acme/k', { key: 'x' }))).code).toBe('vault_refused');
  });

  it('destroys every version', async () => {
    await (await vaultThat(() => [204])).destroy('tenants/acme/ledger-keys/case/c-1');
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /v1/secret/metadata/tenants/acme/ledger-keys/case/c-1']);
  });

  it('sees by its metadata whether a value is there, and takes no refusal for an absence', async () => {
    let status = 200;
    const vault = await vaultThat(() => [status, { data: { current_version: 1, versions: {} } }]);
    expect(await vault.exists('tenants/acme/k')).toBe(true);
    status = 404;
    expect(await vault.exists('tenants/acme/k')).toBe(false);
    status = 403;
    expect((await refusalOf(vault.exists('tenants/acme/k'))).code).toBe('vault_refused');
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(Array.from({ length: 3 }, () => 'GET /v1/secret/metadata/tenants/acme/k'));
  });

  it('mints a wrapped grant with its metadata', async () => {
    const vault = await vaultThat(() => [200, { wrap_info: { token: 'hvs.wrapping', ttl: 300 } }]);
    expect(await vault.mintGrant('acme_scim', { case: 'c-1', order: '1' }, 299.5)).toBe('hvs.wrapping');
    expect(server.asked[0]).toMatchObject({ path: '/v1/auth/approle/role/acme_scim/secret-id', body: { metadata: '{"case":"c-1","order":"1"}' } });
    expect(server.asked[0]?.headers['x-vault-wrap-ttl']).toBe('300s');
  });

  it('sends no name that could leave its place', async () => {
    const vault = await vaultThat(() => [200, {}]);
    const attempts = [vault.read('../../sys/mounts'), vault.signEd25519('../keys/x', Buffer.of(1)), vault.mintGrant('a/../b', {}, 1), vault.destroy('a?b')];
    for (const attempt of attempts) expect((await refusalOf(attempt)).code).toBe('vault_name');
    expect(server.asked).toEqual([]);
  });

  it.each([
    [503, 'vault_sealed'],
    [500, 'vault_unreachable'],
    [502, 'vault_unreachable'],
    [429, 'vault_unreachable'],
    [403, 'vault_refused'],
    [307, 'vault_answer'],
  ])('answers status %i with %s', async (status, code) => {
    const vault = await vaultThat(() => [status, { errors: ['because'] }, { location: 'http://127.0.0.1:1/v1/elsewhere' }]);
    expect((await refusalOf(vault.read('tenants/acme/x'))).code).toBe(code);
    expect(server.asked).toHaveLength(1);
  });

  it('is healthy only when initialized and unsealed, and never throws about it', async () => {
    const states: Says[] = [[200, { initialized: true, sealed: false }], [503, { initialized: true, sealed: true }], [501, { initialized: false, sealed: true }], [200, []]];
    const vault = await vaultThat((_, nth) => states[nth - 1]);
    expect([await vault.healthy(), await vault.healthy(), await vault.healthy(), await vault.healthy()]).toEqual([true, false, false, false]);
    expect(await open('http://127.0.0.1:1').healthy()).toBe(false);
  });

  it('lets no token or payload into an error, whether Vault is silent, away or refuses', async () => {
    server = await serverThat(() => undefined);
    const silent = openVault({ address: server.url, token: TOKEN, timeoutMs: 50 });
    const errors = [await refusalOf(silent.createOnce('tenants/acme/x', { key: 'payload-secret' }))];
    errors.push(await refusalOf(open('http://127.0.0.1:1').createOnce('tenants/acme/x', { key: 'payload-secret' })));
    expect(errors.map(({ code }) => code)).toEqual(['vault_unreachable', 'vault_unreachable']);
    for (const error of errors) expect(everythingIn(error)).not.toMatch(/very-secret|payload-secret/);
  });

  it('heeds no VAULT_ variable and no proxy of the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { VAULT_TOKEN: 'env-token', VAULT_NAMESPACE: 'ns', VAULT_PREFIX: '/pre', HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' });
    try {
      const vault = await vaultThat(() => [404, { errors: [] }]);
      await vault.read('x');
      expect(server.asked[0]?.path).toBe('/v1/secret/data/x');
      expect(server.asked[0]?.headers).not.toHaveProperty('x-vault-namespace');
    } finally {
      process.env = before;
    }
  });

  it('keeps its connections', async () => {
    const vault = await vaultThat(() => [404, { errors: [] }]);
    for (let i = 0; i < 5; i++) await vault.read('x');
    expect(server.connections()).toBe(1);
  });
});
