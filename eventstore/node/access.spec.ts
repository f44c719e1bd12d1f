import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { collect, sampleEvent } from './contract/sample.js';
import { startEmbedded } from './contract/target.js';
import type { EmbeddedTarget, TestUser } from './contract/target.js';

const USERS: TestUser[] = [
  { name: 'gatekeeper', append: ['ledger-', 'plain-'], read: ['ledger-', 'doer-', 'plain-'] },
  { name: 'doer', append: ['doer-'], read: ['doer-'] },
  { name: 'admin', append: [], read: ['ledger-', 'doer-'] },
];
const DENIED = { type: 'access-denied' };

let target: EmbeddedTarget;

beforeAll(async () => {
  target = await startEmbedded(USERS);
});
afterAll(() => target.stop());
beforeEach(() => target.setUsers(USERS));

const unary = (user: string): { credentials: db.Credentials } => ({ credentials: { username: user, password: `${user}-secret` } });

describe('credentials', () => {
  test.each([['a wrong password', 'gatekeeper', 'wrong'], ['an unknown user', 'nobody', 'nobody-secret'], ['an empty password', 'doer', '']])('%s: refused, and logged without the password', async (_name, user, password) => {
    const client = target.client(user, password);
    await expect(client.appendToStream('ledger-a', sampleEvent(), { credentials: { username: user, password } })).rejects.toMatchObject({ ...DENIED, code: 16 });
    await expect(collect(client.readStream('ledger-a'))).rejects.toMatchObject({ ...DENIED, code: 16 });
    await expect(client.appendToStream('ledger-a', sampleEvent())).rejects.toMatchObject(DENIED);
    expect(target.logged.some((line) => line.includes('login_failed'))).toBe(true);
    expect(target.logged.filter((line) => line.includes('wrong') || line.includes('nobody'))).toEqual([]);
  });

  test('none at all: refused', async () => {
    const client = new db.EventStoreDBClient({ endpoint: target.address }, { rootCertificate: Buffer.from(target.cert) });
    await expect(client.appendToStream('ledger-a', sampleEvent())).rejects.toMatchObject(DENIED);
    await expect(collect(client.readAll())).rejects.toMatchObject({ ...DENIED, code: 16 });
    await client.dispose();
  });

  test('a changed password counts at once, and the old one no more', async () => {
    const client = target.client('doer');
    await client.appendToStream('doer-a', sampleEvent(), unary('doer'));
    await target.setUsers(USERS, '-rotated');
    await expect(client.appendToStream('doer-a', sampleEvent(), unary('doer'))).rejects.toMatchObject({ code: 16 });
    await expect(client.appendToStream('doer-a', sampleEvent(), { credentials: { username: 'doer', password: 'doer-rotated' } })).resolves.toMatchObject({ success: true });
  });

  test('a users file that is broken changes nothing and is reported', async () => {
    const client = target.client('doer');
    await client.appendToStream('doer-a', sampleEvent(), unary('doer'));
    writeFileSync(join(target.folder, 'users.json'), '{"users":[');
    await expect(client.appendToStream('doer-a', sampleEvent(), unary('doer'))).resolves.toMatchObject({ success: true });
    expect(target.logged.some((line) => line.includes('users_rejected'))).toBe(true);
  });
});

describe('rights by stream', () => {
  test.each([
    ['gatekeeper', 'ledger-a', true, true],
    ['gatekeeper', 'doer-a', false, true],
    ['gatekeeper', 'checkpoints-a', false, false],
    ['doer', 'doer-a', true, true],
    ['doer', 'ledger-a', false, false],
    ['doer', 'xdoer-a', false, false],
    ['admin', 'ledger-a', false, true],
  ])('%s at %s: append %s, read %s', async (user, stream, mayAppend, mayRead) => {
    await target.client().appendToStream(stream, sampleEvent());
    const client = target.client(user);
    const settled = await Promise.allSettled([
      client.appendToStream(stream, sampleEvent()), client.appendToStream(stream, sampleEvent(), unary(user)), collect(client.readStream(stream)),
    ]);
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([mayAppend, mayAppend, mayRead]);
    for (const result of settled) if (result.status === 'rejected') expect(result.reason).toMatchObject(DENIED);
  });

  test('$all is for those who may read everything', async () => {
    await expect(collect(target.client('gatekeeper').readAll({ maxCount: 1 }))).rejects.toMatchObject({ ...DENIED, code: 7 });
    await expect(collect(target.client().readAll({ maxCount: 1 }))).resolves.toHaveLength(1);
  });

  test('a subscription ends when its right does', async () => {
    await target.client().appendToStream('ledger-a', sampleEvent());
    const subscription = target.client('admin').subscribeToStream('ledger-a', { fromRevision: 'end' });
    const delivered: unknown[] = [];
    subscription.on('data', (event) => delivered.push(event));
    await once(subscription, 'caughtUp');
    const failure = once(subscription, 'error');
    await target.setUsers(USERS.map((user) => (user.name === 'admin' ? { ...user, read: ['doer-'] } : user)));
    await target.client().appendToStream('ledger-a', sampleEvent());
    await expect(failure).resolves.toMatchObject([DENIED]);
    expect(delivered).toEqual([]);
  });

  test('metadata of a plain stream takes the right to append to it', async () => {
    await expect(target.client('gatekeeper').setStreamMetadata('plain-a', { maxCount: 3 })).resolves.toMatchObject({ success: true });
    await expect(target.client('doer').setStreamMetadata('plain-a', { maxCount: 3 })).rejects.toMatchObject(DENIED);
    await expect(target.client('doer').getStreamMetadata('plain-a')).rejects.toMatchObject(DENIED);
  });
});

describe.each(['ledger-a', 'doer-a', 'checkpoints-a'])('%s is evidence, also for who may do all', (stream) => {
  test('no metadata, delete or tombstone', async () => {
    const client = target.client();
    await client.appendToStream(stream, sampleEvent());
    const before = (await collect(client.readStream(stream))).length;
    await expect(client.setStreamMetadata(stream, { truncateBefore: 100 })).rejects.toMatchObject(DENIED);
    await expect(client.setStreamMetadata(stream, { maxCount: 1 }, unary('root'))).rejects.toMatchObject({ ...DENIED, code: 7 });
    await expect(client.setStreamMetadata(`$$${stream}`, { maxCount: 1 })).rejects.toMatchObject(DENIED);
    await expect(client.deleteStream(stream)).rejects.toMatchObject({ ...DENIED, code: 7 });
    await expect(client.tombstoneStream(stream)).rejects.toMatchObject({ ...DENIED, code: 7 });
    await expect(client.deleteStream(`$$${stream}`)).rejects.toMatchObject(DENIED);
    expect(await collect(client.readStream(stream))).toHaveLength(before);
  });
});
