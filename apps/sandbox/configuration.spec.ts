import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { freshFolder, SECRETS } from '../../test/sandbox/started-sandbox.js';
import { readSandboxConfig } from './configuration.js';

let folder: string;
let env: Record<string, string>;
const file = (name: string, content: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
};
beforeEach(() => {
  folder = freshFolder();
  mkdirSync(join(folder, 'tls'));
  for (const name of ['gatekeeper.acme.pem', 'gatekeeper.acme.key', 'doer.pem', 'ca.pem']) file(join('tls', name), name);
  env = {
    GATEHOUSE_SANDBOX_DATA: join(folder, 'data'),
    GATEHOUSE_SANDBOX_SECRETS: file('secrets.json', JSON.stringify(SECRETS)),
    GATEHOUSE_SANDBOX_TLS_CA: join(folder, 'tls', 'ca.pem'),
    GATEHOUSE_SANDBOX_TLS_CERT: join(folder, 'tls', 'doer.pem'),
    GATEHOUSE_SANDBOX_TLS_KEY: join(folder, 'tls', 'gatekeeper.acme.key'),
    GATEHOUSE_SANDBOX_RELAY_IDENTITIES: join(folder, 'tls'),
    GATEHOUSE_SANDBOX_DOER_URL: 'https://127.0.0.1:7302',
    GATEHOUSE_SANDBOX_APPROVALS_URL: 'https://localhost:7301',
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
