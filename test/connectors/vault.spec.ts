import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelPath, journalKeyPath, ledgerKeyPath, openVault, packetKeyName, portalPath, readerPath, redeemGrant, roleName, type Vault } from '#vault';
import { VaultOperator } from '../../apps/console/vault-setup.js';
import type { Sandbox } from '../../apps/sandbox/sandbox.js';
import { ask, SECRETS, startedSandbox } from '../sandbox/started-sandbox.js';
import { refusalOf } from './scripted-server.js';

const CASE = 'c-0f8fad5b-d9cb-469f-a165-70867728950e';
let sandbox: Sandbox;
let url: string;
let gatekeeper: Vault;
let roleIds: ReadonlyMap<string, string>;
let now: Date;

beforeAll(async () => {
  now = new Date();
  sandbox = await startedSandbox({ clock: () => now });
  url = sandbox.addresses.vault!;
  const operator = new VaultOperator(url, SECRETS.vault.rootToken);
  const portals = [
    { id: 'directory', ...SECRETS.directory },
    { id: 'scim', ...SECRETS.scim },
  ];
  ({ roleIds } = await operator.setUp({ tenant: 'acme', portals, hrisToken: SECRETS.hrisToken, feeds: [{ id: 'workday', ...SECRETS.workday }], channels: [{ id: 'tickets', secret: 'signed-with-this' }], hmac: { id: 'h1', key: 'k' } }));
  gatekeeper = openVault({ address: url, token: await operator.issueToken(['gatekeeper-acme']), timeoutMs: 60_000 });
});
afterAll(async () => sandbox.stop());

const mint = async (portal = 'scim'): Promise<string> => gatekeeper.mintGrant(roleName('acme', portal), { case: CASE, order: '1' }, 300);
const redeem = async (grant: string, portal = 'scim') =>
  redeemGrant({ address: url, roleId: roleIds.get(portal)!, grant, timeoutMs: 60_000, clock: () => now });

describe('a Vault set up for a tenant', () => {
  it('signs with a key that verifies', async () => {
    const message = Buffer.from('an order');
    const signature = await gatekeeper.signEd25519(packetKeyName('acme'), message);
    const raw = await gatekeeper.publicKey(packetKeyName('acme'));
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
    expect(verify(null, message, key, signature)).toBe(true);
  });

  it('creates a key once, reads it, and destroys it for good', async () => {
    const path = ledgerKeyPath('acme', 'case', CASE);
    expect(await gatekeeper.read(path)).toBeUndefined();
    expect(await gatekeeper.createOnce(path, { key: 'one' })).toBe(true);
    expect(await gatekeeper.createOnce(path, { key: 'two' })).toBe(false);
    expect(await gatekeeper.read(path)).toEqual({ key: 'one' });
    await gatekeeper.destroy(path);
    await gatekeeper.destroy(path);
    expect(await gatekeeper.read(path)).toBeUndefined();
  });

  it('lets the gatekeeper destroy a key of the journal and see that it is gone, and never read it', async () => {
    const path = journalKeyPath('acme', CASE, 'scim');
    const lease = await redeem(await mint());
    expect(await lease.createOnce(path, { key: 'a secret of the doer' })).toBe(true);
    expect(await gatekeeper.exists(path)).toBe(true);
    expect((await refusalOf(gatekeeper.read(path))).code).toBe('vault_refused');
    expect((await refusalOf(gatekeeper.createOnce(path, { key: 'of another' }))).code).toBe('vault_refused');
    await gatekeeper.destroy(path);
    expect([await gatekeeper.exists(path), await lease.read(path)]).toEqual([false, undefined]);
    for (const other of [portalPath('acme', 'scim'), readerPath('acme', 'scim')]) expect((await refusalOf(gatekeeper.destroy(other))).code).toBe('vault_refused');
  });

  it('shows the gatekeeper the read-only credential, and never the one that acts', async () => {
    expect(await gatekeeper.read(readerPath('acme', 'scim'))).toEqual({ token: SECRETS.scim.read });
    expect(await gatekeeper.read(readerPath('acme', 'workday'))).toEqual({ user: SECRETS.workday.user, token: SECRETS.workday.password });
    expect(await gatekeeper.read(channelPath('acme', 'tickets'))).toEqual({ token: 'signed-with-this' });
    expect((await refusalOf(gatekeeper.read(portalPath('acme', 'scim')))).code).toBe('vault_refused');
    expect((await refusalOf(gatekeeper.read(journalKeyPath('acme', CASE, 'scim')))).code).toBe('vault_refused');
  });

  it('is healthy, and refuses a stranger', async () => {
    expect(await gatekeeper.healthy()).toBe(true);
    const stranger = openVault({ address: url, token: 'hvs.nobody-knows-it', timeoutMs: 60_000 });
    expect((await refusalOf(stranger.read(readerPath('acme', 'scim')))).code).toBe('vault_refused');
  });
});

describe('a grant and its lease', () => {
  it('reads its own portal and nothing else, and is gone once given back', async () => {
    const lease = await redeem(await mint());
    expect(lease.expiresAt).toBe(new Date(now.getTime() + 60_000).toISOString());
    expect(await lease.read(portalPath('acme', 'scim'))).toEqual({ token: SECRETS.scim.write });
    expect((await refusalOf(lease.read(portalPath('acme', 'directory')))).code).toBe('vault_refused');
    expect((await refusalOf(lease.read(ledgerKeyPath('acme', 'case', CASE)))).code).toBe('vault_refused');
    const key = journalKeyPath('acme', CASE, 'scim');
    expect([await lease.createOnce(key, { key: 'one' }), await lease.createOnce(key, { key: 'two' })]).toEqual([true, false]);
    expect(await lease.read(key)).toEqual({ key: 'one' });
    expect(await lease.give()).toEqual({ confirmed: true });
    expect((await refusalOf(lease.read(portalPath('acme', 'scim')))).code).toBe('vault_refused');
  });

  it('opens once', async () => {
    const grant = await mint();
    await redeem(grant);
    expect((await refusalOf(redeem(grant))).code).toBe('grant_used');
  });

  it('opens its own role only', async () => {
    expect((await refusalOf(redeem(await mint('directory'), 'scim'))).code).toBe('grant_invalid');
  });

  it('does not open after its time, and a lease does not outlive its minute', async () => {
    const late = await mint();
    const lease = await redeem(await mint());
    now = new Date(now.getTime() + 61_000);
    expect((await refusalOf(lease.read(portalPath('acme', 'scim')))).code).toBe('vault_refused');
    expect(await lease.give()).toEqual({ confirmed: true });
    now = new Date(now.getTime() + 300_000);
    expect((await refusalOf(redeem(late))).code).toBe('grant_used');
  });

  it('is unreachable while Vault is away, and opens when it is back', async () => {
    const grant = await mint();
    const outage = async (on: boolean) => ask('POST', `${sandbox.addresses.control!}/control/outage`, { body: { service: 'vault', on } });
    await outage(true);
    expect((await refusalOf(redeem(grant))).code).toBe('vault_unreachable');
    await outage(false);
    expect(await (await redeem(grant)).give()).toEqual({ confirmed: true });
  });
});
