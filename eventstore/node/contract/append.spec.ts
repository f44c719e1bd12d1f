import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { collect, freshStream, sampleEvent, sampleEvents } from './sample.js';
import { startTarget } from './target.js';
import type { Target } from './target.js';

const { ANY, NO_STREAM, STREAM_EXISTS } = db;

let target: Target;
let client: db.EventStoreDBClient;

beforeAll(async () => {
  target = await startTarget();
  client = target.client();
});
afterAll(() => target.stop());

// A call that brings its own credentials takes the unary path, any other the batch.
describe.each([['batch', false], ['unary', true]])('append, %s', (_path, unary) => {
  const append = (stream: string, events: db.BinaryEventData[], expectedRevision: db.AppendExpectedRevision): Promise<db.AppendResult> =>
    client.appendToStream(stream, events, { expectedRevision, ...(unary ? { credentials: target.credentials } : {}) });
  const wrong = (expectedVersion: db.AppendExpectedRevision, actualVersion: bigint | 'no_stream'): object =>
    ({ type: 'wrong-expected-version', expectedVersion, actualVersion });
  const ids = async (stream: string): Promise<string[]> => (await collect(client.readStream(stream))).map(({ event }) => event!.id);
  const idsOf = (events: db.BinaryEventData[]): string[] => events.map(({ id }) => id);

  test('an exact revision appends and answers revision and position', async () => {
    const stream = freshStream();
    const first = await append(stream, sampleEvents(2), NO_STREAM);
    const second = await append(stream, sampleEvents(1), 1n);
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(second).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(second.position!.commit).toBeGreaterThan(first.position!.commit);
  });

  test('a revision ahead of the stream is refused with both revisions, and nothing is written', async () => {
    const stream = freshStream();
    await expect(append(stream, sampleEvents(1), 0n)).rejects.toMatchObject(wrong(0n, 'no_stream'));
    await append(stream, sampleEvents(1), NO_STREAM);
    await expect(append(stream, sampleEvents(1), 7n)).rejects.toMatchObject({ streamName: stream, ...wrong(7n, 0n) });
    expect(await ids(stream)).toHaveLength(1);
  });

  test('a revision behind the stream with other ids is refused', async () => {
    const stream = freshStream();
    await append(stream, sampleEvents(3), NO_STREAM);
    await expect(append(stream, sampleEvents(1), 0n)).rejects.toMatchObject(wrong(0n, 2n));
    await expect(append(stream, sampleEvents(1), NO_STREAM)).rejects.toMatchObject(wrong(NO_STREAM, 2n));
  });

  test('the same append behind the stream is answered like the first time', async () => {
    const stream = freshStream();
    await append(stream, sampleEvents(1), NO_STREAM);
    const events = sampleEvents(2);
    const first = await append(stream, events, 0n);
    await append(stream, sampleEvents(1), 2n);
    expect(await append(stream, events, 0n)).toEqual(first);
    expect(await ids(stream)).toHaveLength(4);
  });

  test('NO_STREAM repeated with the same ids is answered like the first time', async () => {
    const stream = freshStream();
    const events = sampleEvents(2);
    const first = await append(stream, events, NO_STREAM);
    expect(await append(stream, events, NO_STREAM)).toEqual(first);
    expect(await append(stream, events.slice(0, 1), NO_STREAM)).toMatchObject({ nextExpectedRevision: 0n });
  });

  test('a repetition whose later id differs, or that goes on beyond the stream, is refused', async () => {
    const stream = freshStream();
    const [first, ...rest] = sampleEvents(2);
    await append(stream, [first!, ...rest], NO_STREAM);
    await expect(append(stream, [first!, sampleEvent()], NO_STREAM)).rejects.toMatchObject(wrong(NO_STREAM, 1n));
    await expect(append(stream, [first!, ...rest, sampleEvent()], NO_STREAM)).rejects.toMatchObject(wrong(NO_STREAM, 1n));
  });

  test('at the exact current revision ids are not looked at: the same event is written twice', async () => {
    const stream = freshStream();
    const events = sampleEvents(1);
    await append(stream, events, NO_STREAM);
    await append(stream, events, 0n);
    expect(await ids(stream)).toEqual([...idsOf(events), ...idsOf(events)]);
  });

  test('ANY writes once however often it is sent', async () => {
    const stream = freshStream();
    const events = sampleEvents(2);
    const first = await append(stream, events, ANY);
    expect(await append(stream, events, ANY)).toEqual(first);
    expect(await append(stream, sampleEvents(1), ANY)).toMatchObject({ nextExpectedRevision: 2n });
    expect(await ids(stream)).toHaveLength(3);
  });

  test('ANY that repeats only a part is refused', async () => {
    const stream = freshStream();
    const [known] = sampleEvents(1);
    await append(stream, [known!], ANY);
    await expect(append(stream, [known!, sampleEvent()], ANY)).rejects.toMatchObject(wrong(ANY, 0n));
  });

  test('ids are known by stream: the same id in another stream is a new event', async () => {
    const events = sampleEvents(1);
    const [one, other] = [freshStream(), freshStream()];
    await append(one, events, ANY);
    expect(await append(other, events, ANY)).toMatchObject({ nextExpectedRevision: 0n });
    expect(await ids(other)).toEqual(idsOf(events));
  });

  test('STREAM_EXISTS needs a stream, and then is as idempotent as ANY', async () => {
    const stream = freshStream();
    await expect(append(stream, sampleEvents(1), STREAM_EXISTS)).rejects.toMatchObject(wrong(STREAM_EXISTS, 'no_stream'));
    await append(stream, sampleEvents(1), NO_STREAM);
    const events = sampleEvents(1);
    const first = await append(stream, events, STREAM_EXISTS);
    expect(await append(stream, events, STREAM_EXISTS)).toEqual(first);
  });

  test('an append without events succeeds or names the wrong revision', async () => {
    const stream = freshStream();
    await append(stream, sampleEvents(1), NO_STREAM);
    expect(await append(stream, [], 0n)).toMatchObject({ success: true, nextExpectedRevision: 0n });
    expect(await append(stream, [], ANY)).toMatchObject({ success: true });
    await expect(append(stream, [], 5n)).rejects.toMatchObject(wrong(5n, 0n));
    await expect(append(stream, [], NO_STREAM)).rejects.toMatchObject(wrong(NO_STREAM, 0n));
  });

  test('appends that race for one revision: exactly one wins, and numbering has no gap', async () => {
    const stream = freshStream();
    for (let revision = -1n; revision < 9n; revision += 1n) {
      const expected = revision < 0n ? NO_STREAM : revision;
      const racing = await Promise.allSettled(Array.from({ length: 8 }, () => append(stream, sampleEvents(1), expected)));
      expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect((await collect(client.readStream(stream))).map(({ event }) => event!.revision)).toEqual(Array.from({ length: 10 }, (_, index) => BigInt(index)));
  });

  test('soft delete: nothing to read, NO_STREAM appends, numbering goes on', async () => {
    const stream = freshStream();
    await append(stream, sampleEvents(3), NO_STREAM);
    await client.deleteStream(stream, { expectedRevision: 2n });
    await expect(ids(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
    const events = sampleEvents(1);
    expect(await append(stream, events, NO_STREAM)).toMatchObject({ nextExpectedRevision: 3n });
    expect(await ids(stream)).toEqual(idsOf(events));
  });

  test('tombstone: no append and no read ever again', async () => {
    const stream = freshStream();
    await append(stream, sampleEvents(1), NO_STREAM);
    await client.tombstoneStream(stream, { expectedRevision: ANY });
    const gone = { type: 'stream-deleted', streamName: stream };
    await expect(append(stream, sampleEvents(1), ANY)).rejects.toMatchObject(gone);
    await expect(append(stream, sampleEvents(1), 0n)).rejects.toMatchObject(gone);
    await expect(ids(stream)).rejects.toMatchObject(gone);
    await expect(client.deleteStream(stream)).rejects.toMatchObject(gone);
  });

  test('an append of more than 1 MiB is refused whole', async () => {
    const stream = freshStream();
    const large = [sampleEvent(Buffer.alloc(700_000)), sampleEvent(Buffer.alloc(700_000))];
    await expect(append(stream, large, ANY)).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
    await expect(ids(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  test('binary data and metadata come back byte for byte', async () => {
    const stream = freshStream();
    const data = [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), Buffer.from('{"b":1, "a":2}'), Buffer.from([0xff, 0xfe]), Buffer.from([0])];
    await append(stream, data.map((bytes) => db.binaryEvent({ id: randomUUID(), type: 'häß.\u{1f600}', data: bytes, metadata: Uint8Array.from([0, 255, 1]) })), NO_STREAM);
    const read = (await collect(client.readStream(stream))).map(({ event }) => event!);
    expect(read.map((event) => Buffer.from(event.data as Uint8Array))).toEqual(data);
    expect(read.map((event) => Buffer.from(event.metadata as Uint8Array))).toEqual(data.map(() => Buffer.from([0, 255, 1])));
    expect(read[0]).toMatchObject({ type: 'häß.\u{1f600}', isJson: false, streamId: stream });
    expect(Math.abs(read[0]!.created.getTime() - Date.now())).toBeLessThan(60_000);
  });
});

test.each([['no_stream', 0n], [5n, 0n]] as const)('a delete or tombstone that expects %s of a stream at 0 is refused with both revisions', async (expectedRevision, actualVersion) => {
  const stream = freshStream();
  await client.appendToStream(stream, sampleEvents(1), { expectedRevision: NO_STREAM });
  const wrong = { type: 'wrong-expected-version', streamName: stream, actualVersion, expectedVersion: expectedRevision === 'no_stream' ? -1n : expectedRevision };
  await expect(client.deleteStream(stream, { expectedRevision })).rejects.toMatchObject(wrong);
  await expect(client.tombstoneStream(stream, { expectedRevision })).rejects.toMatchObject(wrong);
});
