import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authority } from '../../libs/transport/authority.double.js';
import { freshFolder, SECRETS } from '../../test/sandbox/started-sandbox.js';
import { readSandboxConfig } from './configuration.js';
import { startService } from './service.js';

let folder: string;
let env: Record<string, string>;
let pems: Record<string, string>;
const file = (name: string, content: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
};
beforeAll(async () => {
  const ca = await authority('house');
  const [doer, gatekeeper] = await Promise.all([ca.issue('doer'), ca.issue('gatekeeper.acme')]);
  pems = { 'ca.pem': String(doer.ca), 'doer.pem': String(doer.cert), 'doer.key': String(doer.key), 'gatekeeper.acme.pem': String(gatekeeper.cert), 'gatekeeper.acme.key': String(gatekeeper.key) };
});
beforeEach(() => {
  folder = freshFolder();
  mkdirSync(join(folder, 'tls'));
  for (const [name, pem] of Object.entries(pems)) file(join('tls', name), pem);
  env = {
    GATEHOUSE_SANDBOX_DATA: join(folder, 'data'),
    GATEHOUSE_SANDBOX_SECRETS: file('secrets.json', JSON.stringify(SECRETS)),
    GATEHOUSE_SANDBOX_TLS_CA: join(folder, 'tls', 'ca.pem'),
    GATEHOUSE_SANDBOX_TLS_CERT: join(folder, 'tls', 'doer.pem'),
    GATEHOUSE_SANDBOX_TLS_KEY: join(folder, 'tls', 'doer.key'),
    GATEHOUSE_SANDBOX_RELAY_IDENTITIES: join(folder, 'tls'),
    GATEHOUSE_SANDBOX_DOER_URL: 'https://127.0.0.1:7302',
    GATEHOUSE_SANDBOX_APPROVALS_URL: 'https://localhost:7301',
    GATEHOUSE_SANDBOX_BAMBOOHR_URL: 'https://localhost:7303/channels/v1/acme/bamboohr',
    GATEHOUSE_SANDBOX_CA: join(folder, 'tls', 'ca.pem'),
  };
});

describe('the configuration', () => {
  it('is read with a port that is given or not', () => {
    expect(readSandboxConfig(env)).toMatchObject({ basePort: 7400, secrets: SECRETS, approvalsUrl: new URL('https://localhost:7301'), origin: { founding: { size: 500 } } });
    expect(readSandboxConfig({ ...env, GATEHOUSE_SANDBOX_BASE_PORT: '0', GATEHOUSE_SANDBOX_TODAY: '2026-11-23' })).toMatchObject({ basePort: 0, origin: { founding: { today: '2026-11-23' } } });
    expect(Object.keys(readSandboxConfig(env).relay!.identities)).toEqual(['gatekeeper.acme']);
  });

  it('names each variable that is missing', () => {
    for (const name of Object.keys(env)) {
      const { [name]: _missing, ...others } = env;
      expect(() => readSandboxConfig(others)).toThrow(new RegExp(`^${name}: `));
    }
  });

  it.each([
    ['GATEHOUSE_SANDBOX_BASE_PORT', 'many'],
    ['GATEHOUSE_SANDBOX_BASE_PORT', '65530'],
    ['GATEHOUSE_SANDBOX_DOER_URL', 'not a url'],
    ['GATEHOUSE_SANDBOX_TLS_CERT', '/nowhere'],
    ['GATEHOUSE_SANDBOX_RELAY_IDENTITIES', '/nowhere'],
    ['GATEHOUSE_SANDBOX_PEOPLE', '/nowhere'],
    ['GATEHOUSE_SANDBOX_TODAY', 'friday'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => readSandboxConfig({ ...env, [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it.each([
    ['GATEHOUSE_SANDBOX_DATA', ''],
    ['GATEHOUSE_SANDBOX_DOER_URL', 'https://user:very-secret@127.0.0.1:7302'],
    ['GATEHOUSE_SANDBOX_APPROVALS_URL', 'https://user@localhost:7301'],
  ])('names %s when it is "%s", and not its value', (name, value) => {
    const read = () => readSandboxConfig({ ...env, [name]: value });
    expect(read).toThrow(new RegExp(`^${name}: `));
    expect(read).not.toThrow(/very-secret/);
  });

  it.each([
    ['GATEHOUSE_SANDBOX_TLS_CA', 'empty.pem'],
    ['GATEHOUSE_SANDBOX_TLS_CERT', 'empty.pem'],
    ['GATEHOUSE_SANDBOX_TLS_KEY', 'empty.pem'],
    ['GATEHOUSE_SANDBOX_TLS_KEY', 'gatekeeper.acme.key'],
    ['GATEHOUSE_SANDBOX_TLS_CERT', 'doer.key'],
    ['GATEHOUSE_SANDBOX_CA', 'empty.pem'],
    ['GATEHOUSE_SANDBOX_CA', 'doer.key'],
  ])('names %s when its file is %s', (name, wrong) => {
    file(join('tls', 'empty.pem'), '');
    expect(() => readSandboxConfig({ ...env, [name]: join(folder, 'tls', wrong) })).toThrow(new RegExp(`^${name}: `));
  });

  it.each(['gatekeeper.acme.pem', 'gatekeeper.acme.key'])("names the relay's identities when %s is empty", (name) => {
    file(join('tls', name), '');
    expect(() => readSandboxConfig(env)).toThrow(/^GATEHOUSE_SANDBOX_RELAY_IDENTITIES: /);
  });

  it('is named when its ports are taken', async () => {
    const first = await startService({ name: 'a', port: 0 }, () => ({ status: 200 }));
    const port = Number(new URL(first.address).port);
    await expect(startService({ name: 'b', port }, () => ({ status: 200 }))).rejects.toMatchObject({ code: 'configuration', message: `GATEHOUSE_SANDBOX_BASE_PORT: cannot listen on 127.0.0.1:${String(port)} (EADDRINUSE)` });
    await first.stop();
  });

  it.each<[string, string, number]>([
    ['is readable by others', JSON.stringify(SECRETS), 0o644],
    ['is no JSON', '{', 0o600],
    ['lacks one', JSON.stringify({ ...SECRETS, slack: { botToken: 'very-secret', team: 'T' } }), 0o600],
  ])('refuses a secrets file that %s, without a word of its content', (_why, content, mode) => {
    const path = file('other.json', content, mode);
    const read = () => readSandboxConfig({ ...env, GATEHOUSE_SANDBOX_SECRETS: path });
    expect(read).toThrow(/^GATEHOUSE_SANDBOX_SECRETS: /);
    expect(read).not.toThrow(/very-secret/);
  });
});
