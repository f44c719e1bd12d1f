import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { type EmbeddedTarget, startEmbedded } from '../../eventstore/node/contract/target.js';
import { RecordingStore } from '../../test/ledger/recording-store.js';
import { Clock, newId, SEAL, STREAM, tally } from '../../test/ledger/tally.js';
import { Book, type EventStore, jcs, type NewEvent, openStore, type StoredEntry } from './index.js';

// the numbers are those of "Faults of 6.2.1" in what was found out about the protocol: what the client does wrong must reach no append of ours

let servers: RecordingStore[];
let stores: EventStore[];
beforeEach(() => {
  [servers, stores] = [[], []];
});
afterEach(async () => {
  for (const server of servers) server.stop();
  await Promise.all(stores.map((store) => store.close()));
});

async function started(): Promise<RecordingStore> {
  const server = await RecordingStore.start();
  servers.push(server);
  return server;
}
function opened({ address, cert }: Pick<RecordingStore, 'address' | 'cert'>, user = 'writer'): EventStore {
  const store = openStore({ address, ca: Buffer.from(cert), user, password: `${user}-secret` });
  stores.push(store);
  return store;
}
const event = (): NewEvent => ({ id: randomUUID(), type: 'thing.happened', bytes: jcs({ a: 1 }) });
const until = async (holds: () => boolean): Promise<void> => {
  const giveUpAt = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error('nothing came');
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const all = async (found: AsyncIterable<StoredEntry>): Promise<StoredEntry[]> => {
  const list: StoredEntry[] = [];
  for await (const one of found) list.push(one);
  return list;
};

describe('fault 1: a lost server rejects what another client has under way, and throws uncaught', () => {
  test('not so with appends of ours, which never go in batches', async () => {
    const uncaught: unknown[] = [];
    const hear = (error: unknown): void => void uncaught.push(error);
    process.on('uncaughtException', hear).on('unhandledRejection', hear);
    const [lost, other] = [await started(), await started()];
    [lost.manner, other.manner] = ['held', 'held'];
    const [failing, lasting] = [opened(lost), opened(other)];
    const outcomes = Promise.allSettled([failing.append('ledger-a', [event()], -1), failing.append('ledger-b', [event()], -1), lasting.append('ledger-a', [event()], -1)]);
    await until(() => lost.appended.length === 2 && other.appended.length === 1);
    lost.stop();
    await new Promise((resolve) => setImmediate(resolve));
    other.release();
    expect(await outcomes).toMatchObject([{ status: 'rejected', reason: { code: 'store_unreachable' } }, { status: 'rejected', reason: { code: 'store_unreachable' } }, { status: 'fulfilled' }]);
    process.off('uncaughtException', hear).off('unhandledRejection', hear);
    expect([uncaught, lost.batches, other.batches]).toEqual([[], 0, 0]);
    expect(other.appended.map(({ authorization }) => authorization)).toEqual([`Basic ${Buffer.from('writer:writer-secret').toString('base64')}`]);
  });
});

describe('fault 2: a batch append has no deadline, and a silent server leaves it pending for ever', () => {
  // together, since each of them waits for a deadline
  test('an append of ours ends within seconds and is told as unknown; what was written before the silence stands in the book once, and so does what was not', async () => {
    const ended = async (): Promise<void> => {
      const server = await started();
      server.manner = 'unanswered';
      await expect(opened(server).append('ledger-a', [event()], -1)).rejects.toMatchObject({ code: 'store_unreachable', cause: { code: 4 } });
      expect(server.batches).toBe(0);
    };
    const standing = async (manner: 'written_unanswered' | 'unanswered'): Promise<void> => {
      const server = await started();
      const opening = { type: 'ledger.opened', case: null, actor: 'test', data: {} };
      const book = await Book.open({ store: opened(server), stream: STREAM, tenant: 'acme', opening, machine: tally, clock: new Clock().read, newId: randomUUID, seal: SEAL, patienceMs: 60_000 });
      server.manner = manner;
      const committed = book.commit({ do: 'pair', key: 'a' }, newId());
      // the try that hears nothing is the first one only
      await until(() => server.received > 1);
      server.manner = 'answered';
      expect((await committed).entries).toHaveLength(2);
      await book.close();
      expect(server.appended.map(({ type }) => type)).toEqual(['ledger.opened', 'key.tallied', 'key.tallied']);
      expect(new Set(server.appended.map(({ id }) => id)).size).toBe(3);
    };
    await Promise.all([ended(), standing('written_unanswered'), standing('unanswered')]);
  });
});

describe("against this repository's store", () => {
  let target: EmbeddedTarget;
  beforeEach(async () => {
    target = await startEmbedded([{ name: 'writer', append: ['ledger-'], read: ['ledger-'] }]);
  });
  afterEach(() => target.stop());

  test('fault 3: a refused append that reports success. Of fifty at one revision one is acknowledged, and that one stands there', async () => {
    const [store, stream] = [opened(target), 'ledger-a'];
    await store.append(stream, [event()], -1);
    const rivals = Array.from({ length: 50 }, event);
    const outcomes = await Promise.allSettled(rivals.map((rival) => store.append(stream, [rival], 0)));
    const won = rivals.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect([won.length, outcomes.filter((one) => one.status === 'rejected' && (one.reason as { code: string }).code === 'wrong_revision').length]).toEqual([1, 49]);
    expect((await all(store.read(stream, 1))).map(({ id }) => id)).toEqual([won[0]!.id]);
  });

  test('fault 4: bytes of JSON events are lost in parsing. Ours are binary and come back as they went; another kind is refused', async () => {
    const [store, stream] = [opened(target), 'ledger-a'];
    const odd = [' {"a" : 1.0}', '{"10":1,"9":2}', '{"a":-0}', '{"a":1e21}', '{"a":1,"a":2}', '"\\ud800"', '\u0000\u00ff'].map((text) => ({ ...event(), bytes: Buffer.from(text, 'latin1') }));
    await store.append(stream, odd, -1);
    const back = await all(store.read(stream, 0));
    expect(back.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).toEqual(odd.map(({ bytes }) => bytes.toString('latin1')));
    await target.client().appendToStream(stream, db.jsonEvent({ type: 'thing.happened', data: { a: 1 } }));
    await expect(all(store.read(stream, 0))).rejects.toMatchObject({ code: 'entry_shape' });
  });
});

test('fault 4, on the wire: the content type is of bytes, not of JSON', async () => {
  const server = await started();
  await opened(server).append('ledger-a', [event()], -1);
  expect(server.appended).toMatchObject([{ contentType: 'application/octet-stream' }]);
});
