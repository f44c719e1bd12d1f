import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { freshStream, sampleEvent, sampleEvents } from './sample.js';
import { startTarget } from './target.js';
import type { Target } from './target.js';

const { END, START } = db;

let target: Target;
let client: db.EventStoreDBClient;

beforeAll(async () => {
  target = await startTarget();
  client = target.client();
});
afterAll(() => target.stop());

type Subscription = db.StreamSubscription | db.AllStreamSubscription;

/** The first `count` events of a subscription; it is ended after them. */
async function take(subscription: Subscription, count: number): Promise<db.ResolvedEvent[]> {
  const taken: db.ResolvedEvent[] = [];
  for await (const resolved of subscription) {
    taken.push(resolved);
    if (taken.length === count) break;
  }
  await subscription.unsubscribe();
  return taken;
}
const revisionsOf = (taken: db.ResolvedEvent[]): number[] => taken.map(({ event }) => Number(event!.revision));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const caughtUp = (subscription: Subscription): Promise<unknown> => once(subscription, 'caughtUp');

describe('a stream subscription', () => {
  test.each([[START, 0], [2n, 3], [END, 5]] as const)('from %s delivers what comes after it, from disk and then live', async (fromRevision, first) => {
    const stream = freshStream();
    await client.appendToStream(stream, sampleEvents(5));
    const subscription = client.subscribeToStream(stream, { fromRevision });
    const taking = take(subscription, 8 - first);
    await caughtUp(subscription);
    for (let count = 0; count < 3; count += 1) await client.appendToStream(stream, sampleEvent());
    expect(revisionsOf(await taking)).toEqual(range(first, 8));
  });

  test('to a stream that is not there yet waits for its first event', async () => {
    const stream = freshStream();
    const subscription = client.subscribeToStream(stream);
    const taking = take(subscription, 1);
    await caughtUp(subscription);
    await client.appendToStream(stream, sampleEvent());
    expect(revisionsOf(await taking)).toEqual([0]);
  });

  test('delivers each event once and in order while others append', async () => {
    const stream = freshStream();
    await client.appendToStream(stream, sampleEvents(600));
    const appending = Promise.all(range(0, 100).map(() => client.appendToStream(stream, sampleEvents(9))));
    const takings = await Promise.all(([START, 100n, START] as const).map((fromRevision) => take(client.subscribeToStream(stream, { fromRevision }), 1300)));
    await appending;
    expect(takings.map(revisionsOf)).toEqual([range(0, 1300), range(101, 1401), range(0, 1300)]);
  });

  test('skips what metadata hides', async () => {
    const stream = freshStream();
    await client.appendToStream(stream, sampleEvents(5));
    await client.setStreamMetadata(stream, { truncateBefore: 3 });
    expect(revisionsOf(await take(client.subscribeToStream(stream), 2))).toEqual([3, 4]);
  });

  test('ends with an error when its stream is tombstoned', async () => {
    const stream = freshStream();
    await client.appendToStream(stream, sampleEvent());
    const subscription = client.subscribeToStream(stream);
    const failure = once(subscription, 'error');
    subscription.on('data', () => undefined);
    await caughtUp(subscription);
    await client.tombstoneStream(stream);
    await expect(failure).resolves.toMatchObject([{ type: 'stream-deleted', streamName: stream }]);
  });
});

describe('an $all subscription', () => {
  test.each([
    ['stream prefixes', (mine: string) => db.streamNameFilter({ prefixes: [mine, 'never-'] })],
    ['a stream pattern', (mine: string) => db.streamNameFilter({ regex: `^${mine}` })],
  ])('with %s delivers only those, from disk and then live', async (_name, filterFor) => {
    const mine = freshStream();
    const others = freshStream();
    await client.appendToStream(`${mine}-a`, sampleEvents(2));
    await client.appendToStream(others, sampleEvents(300));
    const subscription = client.subscribeToAll({ fromPosition: START, filter: filterFor(mine) });
    const taking = take(subscription, 4);
    await caughtUp(subscription);
    await client.appendToStream(others, sampleEvents(2));
    await client.appendToStream(`${mine}-b`, sampleEvents(2));
    expect((await taking).map(({ event }) => `${event!.streamId} ${event!.revision}`)).toEqual([`${mine}-a 0`, `${mine}-a 1`, `${mine}-b 0`, `${mine}-b 1`]);
  });

  test('with a type filter delivers only those types', async () => {
    const stream = freshStream();
    const wanted = db.binaryEvent({ type: `wanted-${stream}`, data: Buffer.from('x') });
    await client.appendToStream(stream, [sampleEvent(), wanted, sampleEvent()]);
    const [found] = await take(client.subscribeToAll({ filter: db.eventTypeFilter({ prefixes: [wanted.type] }) }), 1);
    expect(found!.event).toMatchObject({ id: wanted.id, revision: 1n });
  });

  test('goes on after the position it is given', async () => {
    const stream = freshStream();
    const { position } = await client.appendToStream(stream, sampleEvents(2));
    await client.appendToStream(stream, sampleEvent());
    expect(revisionsOf(await take(client.subscribeToAll({ fromPosition: position!, filter: db.streamNameFilter({ prefixes: [stream] }) }), 1))).toEqual([2]);
  });

  test('tells no checkpoint twice when it goes live right after one', async () => {
    const { position: before } = await client.appendToStream(freshStream(), sampleEvent());
    await client.appendToStream(freshStream(), sampleEvents(64));
    const checkpoints: bigint[] = [];
    const filter = db.streamNameFilter({ prefixes: [freshStream()], checkpointReached: (_subscription, position) => void checkpoints.push(position.commit) });
    const subscription = client.subscribeToAll({ fromPosition: before!, filter });
    subscription.on('data', () => undefined);
    await caughtUp(subscription);
    await subscription.unsubscribe();
    expect(checkpoints).toHaveLength(2);
  });

  test('tells a checkpoint every 32 considered events and on going live, rising strictly, and one can go on from each', async () => {
    const stream = freshStream();
    const { position: before } = await client.appendToStream(freshStream(), sampleEvent());
    await client.appendToStream(freshStream(), sampleEvents(100));
    const { position: last } = await client.appendToStream(freshStream(), sampleEvent());
    const checkpoints: bigint[] = [];
    const filter = db.streamNameFilter({ prefixes: [stream], checkpointReached: (_subscription, position) => void checkpoints.push(position.commit) });
    const subscription = client.subscribeToAll({ fromPosition: before!, filter });
    const taking = take(subscription, 1);
    await caughtUp(subscription);
    expect(checkpoints).toHaveLength(4);
    expect([...new Set(checkpoints)].sort((a, b) => Number(a - b))).toEqual(checkpoints);
    expect(checkpoints.at(-1)).toBe(last!.commit);
    await client.appendToStream(stream, sampleEvent());
    await taking;
    const again = await take(client.subscribeToAll({ fromPosition: { commit: checkpoints[2]!, prepare: checkpoints[2]! }, filter: db.streamNameFilter({ prefixes: [stream] }) }), 1);
    expect(again[0]!.event!.streamId).toBe(stream);
  });
});

test('a reader that takes nothing for a while misses nothing and is told when it has caught up again', async () => {
  const stream = freshStream();
  const subscription = client.subscribeToStream(stream, {}, { highWaterMark: 1 });
  const seen: number[] = [];
  subscription.on('data', ({ event }: db.ResolvedEvent) => seen.push(Number(event!.revision)));
  await caughtUp(subscription);
  subscription.pause();
  for (let count = 0; count < 20; count += 1) await client.appendToStream(stream, Array.from({ length: 100 }, () => sampleEvent(Buffer.alloc(4000))));
  const again = caughtUp(subscription);
  subscription.resume();
  await again;
  await subscription.unsubscribe();
  expect(seen).toEqual(range(0, 2000));
});
