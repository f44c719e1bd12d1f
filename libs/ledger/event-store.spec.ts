import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedTarget, startEmbedded } from '../../eventstore/node/contract/target.js';
import { type EventStore, type NewEvent, openStore, type StoredEntry } from './index.js';

let target: EmbeddedTarget;
const stores: EventStore[] = [];

function opened(user: string, password = `${user}-secret`): EventStore {
  const store = openStore({ address: target.address, ca: Buffer.from(target.cert), user, password });
  stores.push(store);
  return store;
}

beforeAll(async () => {
  target = await startEmbedded([{ name: 'writer', append: ['ledger-'], read: ['ledger-'] }, { name: 'reader', append: [], read: ['ledger-'] }]);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await target.stop();
});

const events = (...texts: readonly string[]): NewEvent[] => texts.map((text) => ({ id: randomUUID(), type: 'thing.happened', bytes: Buffer.from(text) }));
const freshStream = (): string => `ledger-${randomUUID()}`;
const textsOf = async (found: AsyncIterable<StoredEntry>): Promise<string[]> => {
  const texts: string[] = [];
  for await (const { bytes } of found) texts.push(Buffer.from(bytes).toString());
  return texts;
};

describe('the door to the store', () => {
  test('gives the bytes back as they went, from where and as many as asked', async () => {
    const [store, stream] = [opened('writer'), freshStream()];
    await store.append(stream, events('a', 'b'), -1);
    await store.append(stream, events('{ "c" : 1 }'), 1);
    expect(await textsOf(store.read(stream, 0))).toEqual(['a', 'b', '{ "c" : 1 }']);
    expect(await textsOf(store.read(stream, 1, 1))).toEqual(['b']);
    expect(await textsOf(store.read(stream, 9))).toEqual([]);
    expect(await textsOf(store.read(freshStream(), 0))).toEqual([]);
  });

  test('closes although a reader left before the end', async () => {
    const [store, stream] = [opened('writer'), freshStream()];
    await store.append(stream, events('a', 'b'), -1);
    for (const limit of [1, 2, undefined]) for await (const { revision } of store.read(stream, 0, limit)) if (revision === 0) break;
    await store.close();
  });

  test('writes at the exact revision only', async () => {
    const [store, stream] = [opened('writer'), freshStream()];
    await store.append(stream, events('a'), -1);
    for (const wrong of [-1, 1, 7]) await expect(store.append(stream, events('b'), wrong)).rejects.toMatchObject({ code: 'wrong_revision' });
    expect(await textsOf(store.read(stream, 0))).toEqual(['a']);
  });

  test('says when the right is missing', async () => {
    const stream = freshStream();
    await opened('writer').append(stream, events('a'), -1);
    await expect(opened('reader').append(stream, events('b'), 0)).rejects.toMatchObject({ code: 'store_refused' });
    await expect(textsOf(opened('reader').read('doer-acme', 0))).rejects.toMatchObject({ code: 'store_refused' });
  });

  test('says when nobody is there', async () => {
    const nobody = openStore({ address: '127.0.0.1:1', ca: Buffer.from(target.cert), user: 'writer', password: 'x' });
    stores.push(nobody);
    await expect(textsOf(nobody.read('ledger-acme', 0))).rejects.toMatchObject({ code: 'store_unreachable' });
  });

  test('follows a stream from after a revision until the signal, and not at all after it', async () => {
    const [store, stream, ending] = [opened('writer'), freshStream(), new AbortController()];
    await store.append(stream, events('a', 'b'), -1);
    const seen: string[] = [];
    for await (const { revision, bytes } of store.subscribe(stream, 0, ending.signal)) {
      seen.push(`${revision} ${Buffer.from(bytes).toString()}`);
      if (seen.length === 1) await store.append(stream, events('c'), 1);
      else ending.abort();
    }
    expect(seen).toEqual(['1 b', '2 c']);
    expect(await textsOf(store.subscribe(stream, -1, ending.signal))).toEqual([]);
  });
});
