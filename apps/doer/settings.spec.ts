import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig, readItems } from '#edge';
import { Settings, TenantSettings } from './settings.js';

const good: Readonly<Record<string, string>> = {
  GATEHOUSE_DOER_LISTEN: '127.0.0.1:0', GATEHOUSE_DOER_HEALTH_LISTEN: '127.0.0.1:0', GATEHOUSE_VAULT_URL: 'http://127.0.0.1:1', GATEHOUSE_TENANTS: 'tenants.json', GATEHOUSE_KEPT_HEADS: 'heads',
  GATEHOUSE_TLS_CA: 'ca.pem', GATEHOUSE_TLS_CERT: 'doer.pem', GATEHOUSE_TLS_KEY: 'doer.key', GATEHOUSE_ENTRY_KEY_FILE: 'entry-key',
  GATEHOUSE_STORE_ADDRESS: 'localhost:2113', GATEHOUSE_STORE_USER: 'doer', GATEHOUSE_STORE_PASSWORD_FILE: 'password',
};

describe('the settings', () => {
  it('are taken when they are right', () => {
    expect(readConfig(Settings, { ...good, GATEHOUSE_DOER_RETRY_SECONDS: '0.1,2' })).toMatchObject({ ...good, GATEHOUSE_DOER_RETRY_SECONDS: [0.1, 2] });
  });

  it.each(Object.keys(good))('name %s when it is missing', (name) => {
    expect(() => readConfig(Settings, { ...good, [name]: undefined })).toThrow(new RegExp(`^${name}: `));
  });

  it.each([
    ['GATEHOUSE_DOER_LISTEN', '127.0.0.1'], ['GATEHOUSE_DOER_HEALTH_LISTEN', ':7'], ['GATEHOUSE_VAULT_URL', 'ftp://127.0.0.1'], ['GATEHOUSE_STORE_ADDRESS', 'localhost'],
    ['GATEHOUSE_DOER_RETRY_SECONDS', '1,soon'], ['GATEHOUSE_DOER_RETRY_SECONDS', '0'], ['GATEHOUSE_DOER_RETRY_SECONDS', ''],
  ])('refuse %s = %s', (name, value) => {
    expect(() => readConfig(Settings, { ...good, [name]: value })).toThrow(new RegExp(`^${name}: `));
  });
});

describe('a tenant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-doer-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const portal = { id: 'scim', kind: 'scim', url: 'http://127.0.0.1:1', roleId: 'role-1' };
  const tenant = { id: 'acme', transportIdentity: 'gatekeeper.acme', hmac: { id: 'h1', key: 'A'.repeat(43) }, ed25519: { id: 'e1', publicKey: 'A'.repeat(43) }, windowSeconds: 300, portals: [portal] };
  const read = (content: string) => {
    writeFileSync(join(folder, 'tenants.json'), content);
    return () => readItems(TenantSettings, 'GATEHOUSE_TENANTS', join(folder, 'tenants.json'));
  };

  it('is taken when it is right', () => {
    expect(read(JSON.stringify([tenant]))()).toMatchObject([tenant]);
  });

  it.each([
    ['[0].id', { id: 'Acme' }], ['[0].transportIdentity', { transportIdentity: '' }], ['[0].hmac.key', { hmac: { id: 'h1', key: 'AAAA' } }], ['[0].ed25519.publicKey', { ed25519: { id: 'e1', publicKey: 'A' } }],
    ['[0].windowSeconds', { windowSeconds: 0 }], ['[0].portals', { portals: [] }], ['[0].portals.0.kind', { portals: [{ ...portal, kind: 'mainframe' }] }], ['[0].portals.0.url', { portals: [{ ...portal, url: 'scim' }] }], ['[0].vault', { vault: 'x' }],
  ])('is refused with its place %s', (place, change) => {
    expect(read(JSON.stringify([{ ...tenant, ...change }]))).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(`GATEHOUSE_TENANTS${place}: `) }));
  });

  it('must stand in a list that can be read', () => {
    for (const content of ['', '{', '{}', '[]']) expect(read(content)).toThrow(/^GATEHOUSE_TENANTS: /);
    expect(() => readItems(TenantSettings, 'GATEHOUSE_TENANTS', join(folder, 'absent'))).toThrow(/^GATEHOUSE_TENANTS: /);
  });
});
