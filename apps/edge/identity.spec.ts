import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authority } from '../../libs/transport/authority.double.js';
import { identityTls, storeAccess, withPublicAuthorities } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-identity-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const absent = join(folder, 'absent');
let good: { GATEHOUSE_TLS_CA: string; GATEHOUSE_TLS_CERT: string; GATEHOUSE_TLS_KEY: string };
let otherKey: string;

beforeAll(async () => {
  const house = await authority('house');
  const [own, other] = [await house.issue('doer'), await house.issue('other')];
  good = { GATEHOUSE_TLS_CA: file('ca.pem', String(own.ca)), GATEHOUSE_TLS_CERT: file('own.pem', String(own.cert)), GATEHOUSE_TLS_KEY: file('own.key', String(own.key)) };
  otherKey = String(other.key);
});

describe('a process that says who it is', () => {
  it('is taken with a certificate, its key and an authority', () => {
    expect(Object.keys(identityTls(good, 'ignored'))).toEqual(['ca', 'cert', 'key', 'minVersion']);
  });

  it.each(['GATEHOUSE_TLS_CA', 'GATEHOUSE_TLS_CERT', 'GATEHOUSE_TLS_KEY'] as const)('is told of %s when that file is absent, empty or another thing', (name) => {
    for (const path of [absent, file('empty.pem', ''), file('note.pem', 'a note'), ...(name === 'GATEHOUSE_TLS_KEY' ? [file('other.key', otherKey)] : [])])
      expect(() => identityTls({ ...good, [name]: path }, 'ignored')).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringMatching(new RegExp(`^${name}: ${path} `)) }));
  });

  it('never sees its key in an error', () => {
    const path = file('other.key', otherKey);
    const refused = (): unknown => {
      try {
        return identityTls({ ...good, GATEHOUSE_TLS_KEY: path }, 'ignored');
      } catch (error) {
        return error;
      }
    };
    const shown = inspect(refused(), { depth: 9 });
    expect(shown).toContain(`GATEHOUSE_TLS_KEY: ${path} must be the PEM key of GATEHOUSE_TLS_CERT`);
    for (const line of otherKey.split('\n').filter((text) => text !== '')) expect(shown).not.toContain(line);
  });

  it('is told of its password at the store when that file is absent or empty', () => {
    const store = { ...good, GATEHOUSE_STORE_ADDRESS: 'localhost:2113', GATEHOUSE_STORE_USER: 'doer' };
    for (const path of [absent, file('empty.password', '\n')])
      expect(() => storeAccess({ ...store, GATEHOUSE_STORE_PASSWORD_FILE: path }, Buffer.alloc(0))).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringMatching(/^GATEHOUSE_STORE_PASSWORD_FILE: /) }));
  });

  it('believes a system that its own authority certifies, beside those that a public one does', async () => {
    const { ca, cert, key } = identityTls(good, 'ignored');
    const server = createServer({ cert, key }, (_request, response) => void response.end('here')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ask = (trusted: string): Promise<string> =>
      new Promise((resolve) => get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: trusted, agent: false }, ({ statusCode }) => resolve(String(statusCode))).on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? '')));
    expect([await ask(withPublicAuthorities(ca)), await ask(rootCertificates.join('\n'))]).toEqual(['200', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    expect(withPublicAuthorities(ca).match(/BEGIN CERTIFICATE/g)).toHaveLength(rootCertificates.length + 1);
    server.close();
  });
});
