import { afterAll, beforeAll, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { collect, freshStream, sampleEvent, sampleEvents } from './sample.js';
import { startTarget } from './target.js';
import type { Target } from './target.js';

const { BACKWARDS, END, FORWARDS, NO_STREAM, START } = db;

let target: Target;
let client: db.EventStoreDBClient;

beforeAll(async () => {
  target = await startTarget();
  client = target.client();
});
afterAll(() => target.stop());

const revisions = async (stream: string, options: db.ReadStreamOptions): Promise<number[]> =>
  (await collect(client.readStream(stream, options))).map(({ event }) => Number(event!.revision));

async function streamOf(count: number): Promise<string> {
  const stream = freshStream();
  await client.appendToStream(stream, sampleEvents(count), { expectedRevision: NO_STREAM });
  return stream;
}

test.each([
  [{ direction: FORWARDS, fromRevision: START }, [0, 1, 2, 3, 4]],
  [{ direction: FORWARDS, fromRevision: START, maxCount: 2 }, [0, 1]],
  [{ direction: FORWARDS, fromRevision: 3n }, [3, 4]],
  [{ direction: FORWARDS, fromRevision: 3n, maxCount: 1 }, [3]],
  [{ direction: FORWARDS, fromRevision: 9n }, []],
  [{ direction: BACKWARDS, fromRevision: END }, [4, 3, 2, 1, 0]],
  [{ direction: BACKWARDS, fromRevision: END, maxCount: 2 }, [4, 3]],
  [{ direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
  [{ direction: BACKWARDS, fromRevision: START }, [0]],
] as const)('a stream of five read with %j', async (options, expected) => {
  expect(await revisions(await streamOf(5), options)).toEqual(expected);
});

test('a read longer than a page comes whole and in order', async () => {
  const stream = await streamOf(700);
  const all = Array.from({ length: 700 }, (_, index) => index);
  expect(await revisions(stream, {})).toEqual(all);
  expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual(all.reverse());
});

test('a stream that does not exist is not found', async () => {
  const stream = freshStream();
  await expect(revisions(stream, {})).rejects.toMatchObject({ type: 'stream-not-found', streamName: stream });
});

test('$all is read forwards from a position on and backwards from before it', async () => {
  const stream = await streamOf(3);
  const { position } = await client.appendToStream(stream, sampleEvent());
  const later = await client.appendToStream(stream, sampleEvent());
  const [at, after] = await collect(client.readAll({ fromPosition: position!, maxCount: 2 }));
  expect([at!.event!.position, after!.event!.position]).toEqual([position, later.position]);
  const [before] = await collect(client.readAll({ direction: BACKWARDS, fromPosition: position!, maxCount: 1 }));
  expect(before!.event).toMatchObject({ streamId: stream, revision: 2n });
  const [last] = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
  expect(last!.event!.position.commit).toBeGreaterThanOrEqual(later.position!.commit);
});

test.each([
  [{ maxCount: 2 }, [3, 4]],
  [{ truncateBefore: 3 }, [3, 4]],
  [{ maxCount: 4, truncateBefore: 2 }, [2, 3, 4]],
  [{ maxAge: 3600 }, [0, 1, 2, 3, 4]],
  [{ truncateBefore: 5 }, []],
] as const)('metadata %j hides events from readers, and comes back itself', async (metadata, expected) => {
  const stream = await streamOf(5);
  await client.setStreamMetadata(stream, metadata);
  expect(await revisions(stream, {})).toEqual(expected);
  expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([...expected].reverse());
  expect((await client.getStreamMetadata(stream)).metadata).toEqual(metadata);
});

test('a reader that stops early does not hold up others', async () => {
  const stream = await streamOf(600);
  const reading = client.readStream(stream);
  for await (const { event } of reading) {
    expect(event!.revision).toBe(0n);
    break;
  }
  await reading.cancel();
  expect(await revisions(stream, { maxCount: 1 })).toEqual([0]);
});
