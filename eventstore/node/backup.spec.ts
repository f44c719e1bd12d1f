import { copyFileSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type db from '@eventstore/db-client';
import { takeBackup } from './backup-client.js';
import { collect, sampleEvent, sampleEvents } from './contract/sample.js';
import { type EmbeddedTarget, startEmbedded } from './contract/target.js';
import { restoreBackup } from './restore.js';
import { startStore } from './server.js';

const NOW = new Date('2026-11-23T09:00:00.000Z');
let folder: string;
let target: EmbeddedTarget;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  target = await startEmbedded([{ name: 'operator', append: [], read: ['*'] }, { name: 'gatekeeper', append: ['ledger-'], read: ['ledger-'] }]);
});
afterEach(async () => {
  await target.stop();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const backUp = (file: string, user = 'operator', password = `${user}-secret`) => takeBackup({ address: target.address, ca: Buffer.from(target.cert), user, password }, file);

/** All events in order, each with all that is told of it; data as a digest, since it is long. */
async function allOf(client: db.EventStoreDBClient): Promise<unknown[]> {
  return (await collect(client.readAll())).map(({ event, commitPosition }) => {
    const { data, metadata, created, id, type, streamId, revision, position } = event!;
    const digest = createHash('sha256').update(data instanceof Uint8Array ? data : JSON.stringify(data)).digest('hex');
    return [commitPosition, position, streamId, revision, id, type, created, digest, metadata];
  });
}

/** Starts a store over a file and answers what `use` makes of a client of it. */
async function over<T>(file: string, use: (client: db.EventStoreDBClient) => Promise<T>): Promise<T> {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const store = await startStore({ file, listen: '127.0.0.1:0', users: 'anyone', clock: () => new Date(), log: () => undefined });
  const client = EventStoreDBClient.connectionString(`esdb://${store.address}?tls=false`);
  try {
    return await use(client);
  } finally {
    await client.dispose();
    await store.stop();
  }
}

describe('a backup', () => {
  test('is a whole store file: every event with its position and time, every stream as it was, and it goes on from there', async () => {
    const client = target.client();
    await client.appendToStream('ledger-a', sampleEvents(300));
    await client.appendToStream('plain', [sampleEvent(Buffer.alloc(900_000, 1)), sampleEvent()]);
    await client.setStreamMetadata('plain', { maxCount: 1 });
    await client.appendToStream('gone', sampleEvent());
    await client.deleteStream('gone');
    await client.appendToStream('closed', sampleEvent());
    await client.tombstoneStream('closed');
    const all = await allOf(client);
    expect(await backUp(at('store.db'))).toEqual({ streams: 5, events: all.length });
    expect([statSync(at('store.db')).mode & 0o777, readdirSync(folder)]).toEqual([0o600, ['store.db']]);
    await over(at('store.db'), async (restored) => {
      expect(await allOf(restored)).toEqual(all);
      expect(await collect(restored.readStream('plain'))).toHaveLength(1);
      await expect(collect(restored.readStream('gone'))).rejects.toMatchObject({ type: 'stream-not-found' });
      await expect(collect(restored.readStream('closed'))).rejects.toMatchObject({ type: 'stream-deleted' });
      expect((await restored.appendToStream('gone', sampleEvent(), { expectedRevision: 'no_stream' })).nextExpectedRevision).toBe(1n);
      expect((await restored.appendToStream('ledger-a', sampleEvent(), { expectedRevision: 299n })).success).toBe(true);
    });
  });

  test('holds up no append, and is of one moment: a prefix of all that was written', async () => {
    const client = target.client();
    for (let round = 0; round < 8; round += 1) await client.appendToStream('ledger-a', sampleEvents(20).map((event) => ({ ...event, data: Buffer.alloc(40_000) })));
    let taken = false;
    const during: bigint[] = [];
    const writing = (async () => {
      while (!taken) during.push((await client.appendToStream('ledger-b', sampleEvent(), { credentials: target.credentials })).nextExpectedRevision);
    })();
    const { events } = await backUp(at('store.db'));
    taken = true;
    await writing;
    expect(during.length).toBeGreaterThan(3);
    const all = await allOf(client);
    expect(events).toBeLessThan(all.length);
    await over(at('store.db'), async (restored) => expect(await allOf(restored)).toEqual(all.slice(0, events)));
  });

  test('of an empty store is an empty store', async () => {
    expect(await backUp(at('store.db'))).toEqual({ streams: 0, events: 0 });
    await over(at('store.db'), async (restored) => expect(await collect(restored.readAll())).toEqual([]));
  });

  test.each([['who may not read everything', 'gatekeeper', 'gatekeeper-secret', 7], ['a wrong password', 'operator', 'wrong', 16], ['nobody', 'nobody', 'x', 16]])('is refused to %s, and leaves no file', async (_name, user, password, code) => {
    await expect(backUp(at('store.db'), user, password)).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('overwrites nothing, and a store that ends in the middle leaves no file', async () => {
    writeFileSync(at('there.db'), 'mine');
    await expect(backUp(at('there.db'))).rejects.toThrow('is there already');
    expect(readFileSync(at('there.db'), 'utf8')).toBe('mine');
    const client = target.client();
    for (let round = 0; round < 20; round += 1) await client.appendToStream('ledger-a', sampleEvents(20).map((event) => ({ ...event, data: Buffer.alloc(40_000) })));
    const taking = backUp(at('store.db')).catch((error: unknown) => error);
    while (!existsSync(at('store.db.part'))) await new Promise((resolve) => setImmediate(resolve));
    await target.setUsers([]);
    expect(await taking).toMatchObject({ code: 16 });
    expect(readdirSync(folder)).toEqual(['there.db']);
  });
});

describe('a restore', () => {
  test('puts the backup in place and keeps what was there', async () => {
    const client = target.client();
    await client.appendToStream('ledger-a', sampleEvents(3));
    await backUp(at('backup.db'));
    await over(at('store.db'), (store) => store.appendToStream('ledger-a', sampleEvents(9)));
    const { replaced, events } = restoreBackup(at('backup.db'), at('store.db'), NOW);
    expect([replaced, events]).toEqual([at('store.db.replaced-2026-11-23T090000.000Z'), 3]);
    await over(at('store.db'), async (store) => expect(await collect(store.readStream('ledger-a'))).toHaveLength(3));
    await over(replaced!, async (store) => expect(await collect(store.readStream('ledger-a'))).toHaveLength(9));
    expect(restoreBackup(at('backup.db'), at('other.db'), NOW)).toEqual({ replaced: undefined, events: 3 });
  });

  test('replaces a damaged file too', async () => {
    await backUp(at('backup.db'));
    writeFileSync(at('store.db'), 'this is no database, and long enough to be read as one'.repeat(50));
    expect(restoreBackup(at('backup.db'), at('store.db'), NOW)).toMatchObject({ events: 0 });
  });

  test('changes nothing while a store runs on the file', async () => {
    await backUp(at('backup.db'));
    const before = readdirSync(target.folder);
    expect(() => restoreBackup(at('backup.db'), join(target.folder, 'store.db'), NOW)).toThrow('a store runs on');
    expect(readdirSync(target.folder)).toEqual(before);
  });

  test.each<[string, (file: string) => void]>([
    ['is no store', (file) => writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(50))],
    ['was cut short', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['is damaged', (file) => {
      const descriptor = openSync(file, 'r+');
      writeSync(descriptor, Buffer.alloc(60_000, 0xa5), 0, 60_000, 60_000);
      closeSync(descriptor);
    }],
  ])('refuses a backup that %s, and changes nothing', async (_name, harm) => {
    await target.client().appendToStream('ledger-a', sampleEvents(400));
    await backUp(at('backup.db'));
    copyFileSync(at('backup.db'), at('store.db'));
    harm(at('backup.db'));
    const before = readFileSync(at('store.db'));
    expect(() => restoreBackup(at('backup.db'), at('store.db'), NOW)).toThrow(/is no backup of a store|is damaged/);
    expect([readdirSync(folder).sort(), readFileSync(at('store.db')).equals(before)]).toEqual([['backup.db', 'store.db'], true]);
  });
});
