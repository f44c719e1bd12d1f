import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import nodeVault from 'node-vault';
import type { JsonObject } from '#decider';
import { openVault, redeemGrant } from '#vault';
import { ask, freshFolder } from '../../../test/sandbox/started-sandbox.js';
import type { Running } from '../service.js';
import { startVault, Vault } from './vault.js';

const ROOT = 'root-of-the-spec';
let now: number;
let folder: string;
let vault: Vault;
let running: Running;
const clock = (): Date => new Date(now);
async function start(): Promise<void> {
  vault = new Vault(folder, ROOT, clock);
  running = await startVault(vault, { name: 'vault', port: 0 });
}
beforeEach(async () => {
  now = Date.parse('2026-11-23T10:00:00.000Z');
  folder = freshFolder();
  await start();
});
afterEach(() => running.stop());

interface Envelope {
  readonly data?: JsonObject;
  readonly auth?: JsonObject;
  readonly wrap_info?: { readonly token: string; readonly ttl: number };
  readonly errors?: readonly string[];
}
/** One call to the HTTP API. */
async function api(method: string, path: string, token: string | undefined, body?: JsonObject, headers: Record<string, string> = {}) {
  const answer = await ask(method, `${running.address}/v1/${path}`, {
    ...(body && { body }),
    headers: { ...headers, ...(token !== undefined && { 'x-vault-token': token }) },
  });
  return { status: answer.status, ...(answer.body as Envelope) };
}
const policy = (text: string): Promise<unknown> => api('PUT', 'sys/policies/acl/p', ROOT, { policy: text });
async function tokenWith(text: string, more: JsonObject = {}): Promise<string> {
  await policy(text);
  const { auth } = await api('POST', 'auth/token/create', ROOT, { policies: ['p'], no_default_policy: true, ...more });
  return auth!.client_token as string;
}
const DENIED = { status: 403, errors: ['permission denied'] };

describe('tokens and policies', () => {
  it.each([undefined, 'made-up', ''])('without a living token everything but health is refused: %j', async (token) => {
    expect(await api('GET', 'secret/data/x', token)).toEqual(DENIED);
    expect((await api('GET', 'sys/health', token)).status).toBe(200);
  });

  it('a token does what its policy names and nothing else', async () => {
    await api('POST', 'secret/data/mine/a', ROOT, { data: { v: 1 } });
    await api('POST', 'secret/data/other/a', ROOT, { data: { v: 2 } });
    const token = await tokenWith('path "secret/data/mine/+" { capabilities = ["read"] }');
    expect((await api('GET', 'secret/data/mine/a', token)).data).toMatchObject({ data: { v: 1 }, metadata: { version: 1 } });
    for (const [method, path] of [['GET', 'secret/data/other/a'], ['POST', 'secret/data/mine/a'], ['DELETE', 'secret/data/mine/a'], ['GET', 'secret/data/mine/a/b'], ['GET', 'auth/token/lookup-self'], ['POST', 'auth/token/create']])
      expect(await api(method!, path!, token, method === 'POST' ? { data: {} } : undefined)).toEqual(DENIED);
  });

  it('to create is not to update', async () => {
    const token = await tokenWith('path "secret/data/keys/+" { capabilities = ["create", "read"] }');
    expect((await api('POST', 'secret/data/keys/k', token, { options: { cas: 0 }, data: { key: 'a' } })).status).toBe(200);
    expect(await api('POST', 'secret/data/keys/k', token, { options: { cas: 0 }, data: { key: 'b' } })).toEqual(DENIED);
    expect(await api('POST', 'secret/data/keys/k', ROOT, { options: { cas: 0 }, data: { key: 'b' } })).toMatchObject({
      status: 400,
      errors: ['check-and-set parameter did not match the current version'],
    });
  });

  it('a token ends at its time, with its revocation, and with its parent', async () => {
    const self = 'path "auth/token/lookup-self" { capabilities = ["read"] } path "auth/token/revoke-self" { capabilities = ["update"] } path "auth/token/create" { capabilities = ["update"] }';
    const [timed, revoked, parent] = [await tokenWith(self, { ttl: '60s' }), await tokenWith(self), await tokenWith(self)];
    const { auth } = await api('POST', 'auth/token/create', parent, { no_default_policy: true });
    const child = auth!.client_token as string;
    now += 59_000;
    expect((await api('GET', 'auth/token/lookup-self', timed)).data).toMatchObject({ ttl: 1, policies: ['p'], orphan: false });
    now += 1_000;
    expect(await api('GET', 'auth/token/lookup-self', timed)).toEqual(DENIED);
    expect((await api('POST', 'auth/token/revoke-self', revoked)).status).toBe(204);
    expect(await api('GET', 'auth/token/lookup-self', revoked)).toEqual(DENIED);
    expect((await api('GET', 'auth/token/lookup-self', child)).status).toBe(200);
    await api('POST', 'auth/token/revoke-self', parent);
    expect(await api('GET', 'auth/token/lookup-self', child)).toEqual(DENIED);
  });

  it('nobody gives what they do not have', async () => {
    const token = await tokenWith('path "auth/token/create" { capabilities = ["update"] }');
    for (const body of [{ policies: ['root'] }, { policies: ['default'] }, { no_parent: true }, { id: 'chosen' }]) expect((await api('POST', 'auth/token/create', token, body)).status).toBe(400);
  });
});

describe('a grant', () => {
  const MINTER = 'path "auth/approle/role/acme-scim/secret-id" { capabilities = ["update"] min_wrapping_ttl = "10s" max_wrapping_ttl = "300s" }';
  const ROLE = `path "secret/data/tenants/acme/portals/scim" { capabilities = ["read"] }
    path "auth/token/lookup-self" { capabilities = ["read"] } path "auth/token/revoke-self" { capabilities = ["update"] }`;
  const PATH = 'auth/approle/role/acme-scim/secret-id';
  let minter: string;
  let roleId: string;
  beforeEach(async () => {
    minter = await tokenWith(MINTER);
    await api('PUT', 'sys/policies/acl/acme-scim', ROOT, { policy: ROLE });
    const role = { token_policies: ['acme-scim'], token_no_default_policy: true, token_ttl: '60s', token_max_ttl: '60s', secret_id_num_uses: 1, secret_id_ttl: '300s' };
    await api('POST', 'auth/approle/role/acme-scim', ROOT, role);
    roleId = (await api('GET', 'auth/approle/role/acme-scim/role-id', ROOT)).data!.role_id as string;
    await api('POST', 'secret/data/tenants/acme/portals/scim', ROOT, { data: { token: 'portal-write' } });
  });
  const wrapped = async (ttl = '300s') => (await api('POST', PATH, minter, {}, { 'x-vault-wrap-ttl': ttl })).wrap_info!.token;

  it('leaves wrapped or not at all, and its minter cannot read the role-id', async () => {
    expect(await api('POST', PATH, minter, {})).toEqual(DENIED);
    for (const ttl of ['9s', '301s']) expect(await api('POST', PATH, minter, {}, { 'x-vault-wrap-ttl': ttl })).toEqual(DENIED);
    expect(await api('GET', 'auth/approle/role/acme-scim/role-id', minter)).toEqual(DENIED);
    expect(await api('POST', PATH, minter, {}, { 'x-vault-wrap-ttl': '60' })).toMatchObject({ status: 200, wrap_info: { ttl: 60 }, data: null, auth: null });
  });

  it('opens once, and what it held logs in once', async () => {
    const token = await wrapped();
    const opened = await api('POST', 'sys/wrapping/unwrap', token);
    expect(opened.data).toMatchObject({ secret_id_num_uses: 1, secret_id_ttl: 300 });
    expect(await api('POST', 'sys/wrapping/unwrap', token)).toEqual({ status: 400, errors: ['wrapping token is not valid or does not exist'] });
    const login = { role_id: roleId, secret_id: opened.data!.secret_id! };
    expect((await api('POST', 'auth/approle/login', undefined, login)).auth).toMatchObject({ lease_duration: 60, orphan: true, policies: ['acme-scim'] });
    expect(await api('POST', 'auth/approle/login', undefined, login)).toEqual({ status: 400, errors: ['invalid role or secret ID'] });
  });

  it('is over after its time, wrapped and unwrapped', async () => {
    const [late, early] = [await wrapped('10s'), await wrapped()];
    now += 10_000;
    expect((await api('POST', 'sys/wrapping/unwrap', late)).status).toBe(400);
    const { data } = await api('POST', 'sys/wrapping/unwrap', early);
    now += 300_000;
    expect((await api('POST', 'auth/approle/login', undefined, { role_id: roleId, secret_id: data!.secret_id! })).status).toBe(400);
  });

  it('becomes a lease through libs/vault, is used once, and the log shows all of it', async () => {
    const gatekeeper = openVault({ address: running.address, token: minter, timeoutMs: 5000 });
    const grant = await gatekeeper.mintGrant('acme-scim', { case: 'c-1', order: '1' }, 300);
    const redemption = { address: running.address, roleId, grant, timeoutMs: 5000, clock };
    const lease = await redeemGrant(redemption);
    expect(await lease.read('tenants/acme/portals/scim')).toEqual({ token: 'portal-write' });
    expect(await lease.give()).toEqual({ confirmed: true });
    await expect(redeemGrant(redemption)).rejects.toMatchObject({ code: 'grant_used' });
    const log = vault.log();
    const meta = { case: 'c-1', order: '1', role_name: 'acme-scim' };
    expect(log.find(({ path }) => path === 'auth/approle/login')).toMatchObject({ status: 200, issued: { accessor: lease.accessor, ttlSeconds: 60, meta } });
    const bySelf = log.filter(({ accessor }) => accessor === lease.accessor).map(({ path, status }) => [path, status]);
    expect(bySelf).toEqual([['secret/data/tenants/acme/portals/scim', 200], ['auth/token/revoke-self', 204]]);
    expect(JSON.stringify(log)).not.toContain(grant);
  });
});

describe('transit and key-value', () => {
  it('signs with a key that the caller never sees', async () => {
    await api('POST', 'transit/keys/packet-acme', ROOT, { type: 'ed25519' });
    const signer = openVault({ address: running.address, token: await tokenWith('path "transit/sign/packet-acme" { capabilities = ["update"] }'), timeoutMs: 5000 });
    const anyone = openVault({ address: running.address, token: ROOT, timeoutMs: 5000 });
    const message = Buffer.from('order');
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), await anyone.publicKey('packet-acme')]);
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(verify(null, message, publicKey, await signer.signEd25519('packet-acme', message))).toBe(true);
    await expect(signer.publicKey('packet-acme')).rejects.toMatchObject({ code: 'vault_refused' });
    await api('POST', 'transit/keys/packet-acme', ROOT, { type: 'ed25519' });
    expect(Buffer.from(await anyone.publicKey('packet-acme')).equals(spki.subarray(-32))).toBe(true);
  });

  it('keeps versions, hides a deleted one, and forgets what is destroyed', async () => {
    const client = nodeVault({ endpoint: running.address, token: ROOT });
    await client.write('secret/data/a/b', { data: { v: 1 } });
    await client.write('secret/data/a/b', { data: { v: 2 } });
    expect(await client.read('secret/data/a/b')).toMatchObject({ data: { data: { v: 2 }, metadata: { version: 2, destroyed: false } } });
    await client.delete('secret/data/a/b');
    expect(await api('GET', 'secret/data/a/b', ROOT)).toMatchObject({ status: 404, data: { data: null } });
    await client.delete('secret/metadata/a/b');
    expect(await api('GET', 'secret/data/a/b', ROOT)).toEqual({ status: 404, errors: [] });
    expect((await api('GET', 'secret/metadata?list=true', ROOT)).status).toBe(404);
  });

  it('answers a set-up that mounts what is there in Vault’s words', async () => {
    expect((await api('POST', 'sys/mounts/transit', ROOT, { type: 'transit' })).errors).toEqual(['path is already in use at transit/']);
    expect((await api('POST', 'sys/auth/approle', ROOT, { type: 'approle' })).errors).toEqual(['path is already in use at approle/']);
  });
});

it('loses nothing when it is opened again without having been closed', async () => {
  await api('POST', 'transit/keys/k', ROOT, { type: 'ed25519' });
  const token = await tokenWith('path "secret/data/x" { capabilities = ["read", "create"] }', { ttl: '60s' });
  await api('POST', 'secret/data/x', token, { data: { v: 1 } });
  const key = (await api('GET', 'transit/keys/k', ROOT)).data;
  const { token: wrap } = (await api('GET', 'secret/data/x', token, undefined, { 'x-vault-wrap-ttl': '30s' })).wrap_info!;
  await running.stop();
  await start();
  expect((await api('GET', 'secret/data/x', token)).data).toMatchObject({ data: { v: 1 } });
  expect((await api('GET', 'transit/keys/k', ROOT)).data).toEqual(key);
  expect((await api('POST', 'sys/wrapping/unwrap', wrap)).data).toMatchObject({ data: { v: 1 } });
  await running.stop();
  now += 60_000;
  await start();
  expect(await api('GET', 'secret/data/x', token)).toEqual(DENIED);
});
