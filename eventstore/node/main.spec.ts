import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { loopbackCertificate } from './contract/certificate.js';
import { collect, sampleEvent, sampleEvents } from './contract/sample.js';
import { writeUsers } from './contract/target.js';

// The process as it is delivered: `tsc -b` has built it before the tests run.
const MAIN = join(process.cwd(), 'dist/eventstore/node/main.js');

let folder: string;
let settings: Record<string, string>;
let cert: string;
const running: ChildProcessByStdio<null, Readable, Readable>[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
  const certificate = await loopbackCertificate();
  cert = certificate.cert;
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), certificate.key);
  await writeUsers(join(folder, 'users.json'), [{ name: 'root', append: ['*'], read: ['*'] }], '-secret');
  settings = {
    GATEHOUSE_STORE_FILE: join(folder, 'store.db'), GATEHOUSE_STORE_LISTEN: '127.0.0.1:0', GATEHOUSE_STORE_USERS: join(folder, 'users.json'),
    GATEHOUSE_STORE_TLS_CERT: join(folder, 'cert.pem'), GATEHOUSE_STORE_TLS_KEY: join(folder, 'key.pem'),
  };
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(env: Readonly<Record<string, string>>, before = ''): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn('sh', ['-c', `${before} exec "$0" "$1"`, process.execPath, MAIN], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
}

async function started(env = settings, before = ''): Promise<{ child: ReturnType<typeof start>; client: db.EventStoreDBClient }> {
  const child = start(env, before);
  for await (const line of createInterface(child.stdout)) {
    // what a damaged file makes it say before it listens all the same
    if (line.includes('"recent_ids_unreadable"')) continue;
    const said: unknown = JSON.parse(line);
    expect(said).toMatchObject({ app: 'store', event: 'listening', address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), at: expect.any(String) });
    const address = /"address":"([^"]+)"/.exec(line)![1]!;
    const client = new db.EventStoreDBClient({ endpoint: address }, { rootCertificate: Buffer.from(cert) }, { username: 'root', password: 'root-secret' });
    return { child, client };
  }
  throw new Error('the store did not start');
}

describe('settings', () => {
  const broken = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  test.each<[string, () => Record<string, string>]>([
    ['GATEHOUSE_STORE_FILE', () => ({ GATEHOUSE_STORE_FILE: '' })],
    ['GATEHOUSE_STORE_FILE', () => ({ GATEHOUSE_STORE_FILE: join(folder, 'absent', 'store.db') })],
    ['GATEHOUSE_STORE_FILE', () => ({ GATEHOUSE_STORE_FILE: broken('foreign.db', 'this is no database, and long enough to be read as one'.repeat(50)) })],
    ['GATEHOUSE_STORE_LISTEN', () => ({ GATEHOUSE_STORE_LISTEN: '127.0.0.1' })],
    ['GATEHOUSE_STORE_LISTEN', () => ({ GATEHOUSE_STORE_LISTEN: '127.0.0.1:99999' })],
    ['GATEHOUSE_STORE_TLS_CERT', () => ({ GATEHOUSE_STORE_TLS_CERT: join(folder, 'absent.pem') })],
    ['GATEHOUSE_STORE_TLS_CERT', () => ({ GATEHOUSE_STORE_TLS_CERT: broken('no-cert.pem', 'nothing') })],
    ['GATEHOUSE_STORE_TLS_KEY', () => ({ GATEHOUSE_STORE_TLS_KEY: broken('no-key.pem', 'nothing') })],
    ['GATEHOUSE_STORE_TLS_CERT', () => ({ GATEHOUSE_STORE_TLS_CERT: broken('empty.pem', '') })],
    ['GATEHOUSE_STORE_TLS_KEY', () => ({ GATEHOUSE_STORE_TLS_KEY: broken('empty.pem', '') })],
    ['GATEHOUSE_STORE_USERS', () => ({ GATEHOUSE_STORE_USERS: broken('no-users.json', '{"users":[]}') })],
    ['GATEHOUSE_STORE_USERS', () => ({ GATEHOUSE_STORE_USERS: broken('wide.json', '{"users":[{"name":"a","salt":"00112233445566778899aabbccddeeff","hash":"00","append":[""],"read":[]}]}') })],
  ])('%s wrong or missing: exit 2 and one line that names it', async (variable, change) => {
    const child = start({ ...settings, ...change() });
    const [said] = await Promise.all([collect(createInterface(child.stderr)), once(child, 'exit')]);
    expect(said).toEqual([expect.stringContaining(`${variable}: `)]);
    expect(child.exitCode).toBe(2);
  });

  test('an address that is taken names GATEHOUSE_STORE_LISTEN', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const child = start({ ...settings, GATEHOUSE_STORE_LISTEN: `127.0.0.1:${port}` });
    const [said] = await Promise.all([collect(createInterface(child.stderr)), once(child, 'exit')]);
    expect(said).toEqual([expect.stringContaining('GATEHOUSE_STORE_LISTEN: ')]);
    expect(child.exitCode).toBe(2);
    other.close();
  });

  test('a file that another store has open is refused, and the other goes on', async () => {
    const { client } = await started();
    const second = start(settings);
    const [said] = await Promise.all([collect(createInterface(second.stderr)), once(second, 'exit')]);
    expect(said).toEqual([expect.stringContaining('GATEHOUSE_STORE_FILE: ')]);
    await expect(client.appendToStream('plain', sampleEvent())).resolves.toMatchObject({ success: true });
    await client.dispose();
  });
});

test('kill -9 while appends are in flight: each acknowledged one is there after a restart, in order and once', async () => {
  const acknowledged = new Map<string, string[]>();
  const streams = ['ledger-a', 'ledger-b', 'ledger-c', 'ledger-d'];
  for (let round = 0; round < 3; round += 1) {
    const { child, client } = await started();
    const exited = once(child, 'exit');
    let count = 0;
    await Promise.allSettled(streams.map(async (stream) => {
      for (;;) {
        const event = sampleEvent();
        await client.appendToStream(stream, event, { credentials: { username: 'root', password: 'root-secret' }, deadline: 5000 });
        acknowledged.set(stream, [...(acknowledged.get(stream) ?? []), event.id]);
        count += 1;
        if (count === 60) child.kill('SIGKILL');
      }
    }));
    await exited;
    await client.dispose();
  }
  const { client } = await started();
  for (const stream of streams) {
    const stored = (await collect(client.readStream(stream))).map(({ event }) => event!.id);
    const known = new Set(acknowledged.get(stream));
    expect(known.size).toBeGreaterThan(0);
    expect(stored.filter((id) => known.has(id))).toEqual(acknowledged.get(stream));
  }
  await client.dispose();
});

test('no room on the disk: a clear error and no acknowledgement, readable all the while, and whole after a restart', async () => {
  const file = { ...settings, GATEHOUSE_STORE_FILE: join(folder, 'full.db') };
  // A file that may not grow answers like a full disk.
  const { child, client } = await started(file, 'trap "" XFSZ; ulimit -f 4000;');
  const acknowledged: string[] = [];
  const filling = async (): Promise<never> => {
    for (;;) {
      const event = sampleEvent(Buffer.alloc(100_000));
      await client.appendToStream('ledger-a', event);
      acknowledged.push(event.id);
    }
  };
  await expect(filling()).rejects.toMatchObject({ type: 'unknown' });
  await expect(client.appendToStream('ledger-a', sampleEvent(Buffer.alloc(100_000)), { credentials: { username: 'root', password: 'root-secret' } }))
    .rejects.toMatchObject({ code: 13, message: expect.stringMatching(/the store could not write: SQLITE_(FULL|IOERR)/) });
  const ids = async (reader: db.EventStoreDBClient): Promise<string[]> => (await collect(reader.readStream('ledger-a'))).map(({ event }) => event!.id);
  expect(await ids(client)).toEqual(acknowledged);
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await client.dispose();
  const again = await started(file);
  expect(await ids(again.client)).toEqual(acknowledged);
  await expect(again.client.appendToStream('ledger-a', sampleEvent())).resolves.toMatchObject({ success: true });
  await again.client.dispose();
});

test('damaged pages: a clear error to who writes or reads there, no acknowledgement, the rest readable, and no crash loop', async () => {
  const file = { ...settings, GATEHOUSE_STORE_FILE: join(folder, 'damaged.db') };
  const first = await started(file);
  await first.client.appendToStream('ledger-early', sampleEvent());
  for (let count = 0; count < 20; count += 1) await first.client.appendToStream('ledger-late', sampleEvents(100));
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
  await first.client.dispose();
  const descriptor = openSync(file.GATEHOUSE_STORE_FILE, 'r+');
  writeSync(descriptor, Buffer.alloc(102_400, 0xa5), 0, 102_400, statSync(file.GATEHOUSE_STORE_FILE).size - 102_400);
  closeSync(descriptor);
  const size = statSync(file.GATEHOUSE_STORE_FILE).size;
  for (let start = 0; start < 2; start += 1) {
    const { child, client } = await started(file);
    const append = (stream: string, expectedRevision: 'any' | bigint) => client.appendToStream(stream, sampleEvents(3), { expectedRevision, credentials: { username: 'root', password: 'root-secret' } });
    await expect(collect(client.readStream('ledger-late'))).rejects.toMatchObject({ code: 13 });
    await expect(append('ledger-late', 1999n)).rejects.toMatchObject({ code: 13, message: expect.stringContaining('the store could not write: SQLITE_CORRUPT') });
    // which ids were written cannot be known any more
    await expect(append('ledger-early', 'any')).rejects.toMatchObject({ code: 13, message: expect.stringContaining('cannot be told apart from a new one') });
    expect(await collect(client.readStream('ledger-early'))).toHaveLength(1);
    expect([child.exitCode, statSync(file.GATEHOUSE_STORE_FILE).size]).toEqual([null, size]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await client.dispose();
  }
});

// a mount of one's own needs user namespaces
const mounts = spawnSync('unshare', ['-rm', 'true']).status === 0;
if (!mounts) console.warn('SKIPPED: the store on a read-only file system, since unshare -rm is not allowed here');
(mounts ? test : test.skip)('a read-only file system: exit 2 and one line that names the file', async () => {
  const place = mkdtempSync(join(folder, 'read-only-'));
  const child = spawn('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs "$2" && exec "$0" "$1"', process.execPath, MAIN, place], {
    env: { PATH: process.env['PATH'], ...settings, GATEHOUSE_STORE_FILE: join(place, 'store.db') }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const [said] = await Promise.all([collect(createInterface(child.stderr)), once(child, 'exit')]);
  expect(said).toEqual([expect.stringContaining('GATEHOUSE_STORE_FILE: its folder must exist and be writable')]);
  expect(child.exitCode).toBe(2);
});

test('SIGTERM: what was acknowledged is in the file alone, subscriptions end, exit 0', async () => {
  const file = join(folder, 'term.db');
  const { child, client } = await started({ ...settings, GATEHOUSE_STORE_FILE: file });
  const { nextExpectedRevision } = await client.appendToStream('ledger-a', [sampleEvent(), sampleEvent()]);
  const subscription = client.subscribeToStream('ledger-a');
  subscription.on('data', () => undefined);
  await once(subscription, 'caughtUp');
  const ended = once(subscription, 'error');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject([{ type: 'unavailable' }]);
  await exited;
  expect(child.exitCode).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await client.dispose();

  copyFileSync(file, join(folder, 'copy.db'));
  const copy = await started({ ...settings, GATEHOUSE_STORE_FILE: join(folder, 'copy.db') });
  expect(await collect(copy.client.readStream('ledger-a'))).toHaveLength(Number(nextExpectedRevision) + 1);
  await copy.client.dispose();
});
