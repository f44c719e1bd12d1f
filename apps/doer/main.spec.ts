import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeEntry, openStore, sha256Hex } from '#ledger';
import { httpSender } from '#transport';
import { type EmbeddedTarget, startEmbedded } from '../../eventstore/node/contract/target.js';
import { authority } from '../../libs/transport/authority.double.js';

// the process as it is delivered: `tsc -b` has built it before the tests run
const MAIN = join(process.cwd(), 'dist/apps/doer/main.js');
const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
const tenant = {
  id: 'acme',
  transportIdentity: 'gatekeeper.acme',
  hmac: { id: 'h1', key: Buffer.alloc(32, 7).toString('base64url') },
  ed25519: { id: 'e1', publicKey },
  windowSeconds: 300,
  portals: [{ id: 'scim', kind: 'scim', url: 'http://127.0.0.1:1', roleId: 'role-1' }],
};

let folder: string, store: EmbeddedTarget, env: Record<string, string>;
let sender: ReturnType<typeof httpSender> | undefined;
let gatekeeper: { cert: string; key: string; ca: string };
const running: ChildProcess[] = [];

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const text = (pem: string | Buffer): string => pem.toString();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-doer-'));
  store = await startEmbedded([{ name: 'doer', append: ['doer-'], read: ['doer-'] }]);
  const ca = await authority('house');
  const [own, peer] = [await ca.issue('doer'), await ca.issue('gatekeeper.acme')];
  gatekeeper = { cert: text(peer.cert), key: text(peer.key), ca: text(peer.ca) };
  env = {
    GATEHOUSE_DOER_LISTEN: '127.0.0.1:0',
    GATEHOUSE_DOER_HEALTH_LISTEN: '127.0.0.1:0',
    GATEHOUSE_TLS_CA: file('ca.pem', `${text(own.ca)}\n${store.cert}`),
    GATEHOUSE_TLS_CERT: file('doer.pem', text(own.cert)),
    GATEHOUSE_TLS_KEY: file('doer.key', text(own.key)),
    GATEHOUSE_STORE_ADDRESS: store.address.replace('127.0.0.1', 'localhost'),
    GATEHOUSE_STORE_USER: 'doer',
    GATEHOUSE_STORE_PASSWORD_FILE: file('password', 'doer-secret\n'),
    GATEHOUSE_VAULT_URL: 'http://127.0.0.1:1',
    GATEHOUSE_TENANTS: file('tenants.json', JSON.stringify([tenant])),
    GATEHOUSE_KEPT_HEADS: join(folder, 'heads'),
    GATEHOUSE_ENTRY_KEY_FILE: file('entry-key', Buffer.alloc(32, 5).toString('base64url')),
  };
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  await sender?.close();
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

function start(change: Record<string, string> = {}): { child: ChildProcess; lines: AsyncIterableIterator<string>; errors: () => string } {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], ...env, ...change }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator](), errors: () => errors };
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

async function until(lines: AsyncIterableIterator<string>, event: string): Promise<string> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) if (line.value.includes(`"event":"${event}"`)) return line.value;
  throw new Error(`the doer never said ${event}`);
}

describe('a doer with wrong settings', () => {
  const wrong = (): readonly (readonly [string, Record<string, string>])[] => [
    ['GATEHOUSE_TLS_KEY', { GATEHOUSE_TLS_KEY: file('other.key', gatekeeper.key) }],
    ['GATEHOUSE_DOER_HEALTH_LISTEN', { GATEHOUSE_DOER_HEALTH_LISTEN: store.address }],
    ['GATEHOUSE_DOER_LISTEN', { GATEHOUSE_DOER_LISTEN: store.address }],
    ['GATEHOUSE_TENANTS[1].transportIdentity', { GATEHOUSE_TENANTS: file('twice.json', JSON.stringify([tenant, { ...tenant, id: 'other' }])) }],
  ];
  it('names the variable or the place in its file in one line, and exits 2', async () => {
    const ended = await Promise.all(
      wrong().map(async ([, change]) => {
        const { child, errors } = start(change);
        await once(child, 'close');
        return [child.exitCode, ...errors().trimEnd().split('\n')];
      }),
    );
    expect(ended).toEqual(wrong().map(([place]) => [2, expect.stringContaining(`doer: ${place}`)]));
  });
});

describe('a doer', () => {
  it('journals a forgery before its silent answer, says what is missing, and ends in order', async () => {
    const health = await freeAddress();
    const { child, lines, errors } = start({ GATEHOUSE_DOER_HEALTH_LISTEN: health });
    const { address } = JSON.parse(await until(lines, 'listening')) as { address: string };
    await until(lines, 'tenant_up');
    sender = httpSender({ ...gatekeeper, url: `https://${address}`, timeoutMs: 60_000 });
    const body = Buffer.from('{"packet":"e30","hmac":"AA","signature":"AA","grants":{}}');
    await sender.send('acme', 'c-1', body);

    const reader = openStore({ address: store.address.replace('127.0.0.1', 'localhost'), ca: Buffer.from(store.cert), user: 'root', password: 'root-secret' });
    const entries = [];
    for await (const { bytes } of reader.read('doer-acme', 0)) entries.push(decodeEntry(bytes));
    await reader.close();
    expect(entries.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'journal.opened', data: { app: 'doer' } },
      { type: 'doer.signature_rejected', data: { reason: 'hmac', digest: sha256Hex(Buffer.from('{}')), source: 'gatekeeper.acme@127.0.0.1' } },
    ]);

    const ready = await fetch(`http://${health}/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, missing: [expect.objectContaining({ dependency: 'vault' })] }]);
    const lost = await fetch(`http://${health}/nothing`);
    expect([lost.status, lost.headers.get('content-type'), lost.headers.get('x-powered-by')]).toEqual([404, 'application/problem+json; charset=utf-8', null]);
    child.kill('SIGTERM');
    await once(child, 'close');
    expect([child.exitCode, errors()]).toEqual([0, '']);
  });

  it('waits for a store that is away, and takes nothing meanwhile', async () => {
    const { lines } = start({ GATEHOUSE_STORE_ADDRESS: 'localhost:1' });
    const { address } = JSON.parse(await until(lines, 'listening')) as { address: string };
    sender = httpSender({ ...gatekeeper, url: `https://${address}`, timeoutMs: 60_000 });
    await expect(sender.send('acme', 'c-1', Buffer.from('{}'))).rejects.toMatchObject({ code: 'transport_unreachable' });
  });
});
