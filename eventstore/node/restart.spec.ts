import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import Database from 'libsql';
import { collect, sampleEvent, sampleEvents } from './contract/sample.js';
import { startStore } from './server.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function withStore<T>(file: string, use: (client: db.EventStoreDBClient) => Promise<T>): Promise<T> {
  const store = await startStore({ file: join(folder, file), listen: '127.0.0.1:0', users: 'anyone', clock: () => new Date(), log: () => undefined });
  const client = db.EventStoreDBClient.connectionString(`esdb://${store.address}?tls=false`);
  try {
    return await use(client);
  } finally {
    await client.dispose();
    await store.stop();
  }
}

test('after a restart a repeated ANY append is still known, and positions and revisions go on', async () => {
  const events = sampleEvents(2);
  const first = await withStore('again.db', (client) => client.appendToStream('plain', events));
  await withStore('again.db', async (client) => {
    expect(await client.appendToStream('plain', events)).toEqual(first);
    const next = await client.appendToStream('plain', sampleEvent(), { expectedRevision: 1n });
    expect(next.position!.commit).toBe(first.position!.commit + 1n);
    expect(await collect(client.readStream('plain'))).toHaveLength(3);
  });
});

test.each([['later.db', 'PRAGMA user_version = 99'], ['foreign.db', 'CREATE TABLE theirs (x)']])('%s, made by another program or a later version, is refused and not overwritten', async (name, sql) => {
  const file = new Database(join(folder, name));
  file.exec(sql);
  file.close();
  await expect(withStore(name, () => Promise.resolve())).rejects.toMatchObject({ name: 'StartError', part: 'file' });
});

test('damaged pages: an error to who reads them, and the rest stays readable', async () => {
  await withStore('damaged.db', async (client) => {
    await client.appendToStream('early', sampleEvent());
    for (let count = 0; count < 20; count += 1) await client.appendToStream('late', sampleEvents(100));
  });
  const path = join(folder, 'damaged.db');
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(80_000, 0xa5), 0, 80_000, statSync(path).size - 100_000);
  closeSync(file);
  await withStore('damaged.db', async (client) => {
    await expect(collect(client.readStream('late'))).rejects.toMatchObject({ code: 13 });
    expect(await collect(client.readStream('early'))).toHaveLength(1);
  });
});
