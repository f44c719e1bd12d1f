import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { authority } from '../../test/certificates/authority.js';
import type { TenantSettings } from './settings.js';
import { doerTls } from './tenant.js';
import { Tenants } from './tenants.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tenants-'));
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  const issue = await authority();
  const [own, other] = [await issue('gatekeeper.acme'), await issue('gatekeeper.globex')];
  writeFileSync(at('ca.pem'), own.ca);
  writeFileSync(at('own.pem'), own.cert);
  writeFileSync(at('own.key'), own.key);
  writeFileSync(at('other.key'), other.key);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('takes no token for two tenants, since the last one in the file would win', () => {
  const tenant = (id: string): TenantSettings => ({ id, tokens: [{ sha256: 'a'.repeat(64), requester: 'p-1' }] }) as TenantSettings;
  expect(() => new Tenants([tenant('acme'), tenant('globex')], () => undefined)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining('GATEHOUSE_TENANTS[1].tokens.0.sha256') }));
});

it('takes no id for two systems, since one would be read with the credential of the other', () => {
  const tenant = { id: 'acme', tokens: [] as TenantSettings['tokens'], portals: [{ id: 'scim' }], feeds: [{ id: 'hris' }] } as TenantSettings;
  expect(() => new Tenants([tenant], () => undefined)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining('GATEHOUSE_TENANTS[0].feeds.0.id') }));
});

it.each([
  ['cert', { cert: 'absent.pem', key: 'own.key' }],
  ['key', { cert: 'own.pem', key: 'absent.key' }],
  ['key', { cert: 'own.pem', key: 'other.key' }],
])('names the doer’s %s of a tenant that cannot be used', (which, { cert, key }) => {
  expect(() => doerTls(at('ca.pem'), { url: 'https://localhost', cert: at(cert), key: at(key) }, 2)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(`GATEHOUSE_TENANTS[2].doer.${which}: `) }));
});

it('reads the one that can', () => {
  expect(doerTls(at('ca.pem'), { url: 'https://localhost', cert: at('own.pem'), key: at('own.key') }).cert.toString()).toContain('BEGIN CERTIFICATE');
});
