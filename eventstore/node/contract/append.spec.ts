import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import db from '@eventstore/db-client';
import { startTarget } from './target.js';
import type { Target } from './target.js';

const { ANY, NO_STREAM, STREAM_EXISTS, binaryEvent } = db;

let target: Target;
let client: db.EventStoreDBClient;

beforeAll(async () => {
  target = await startTarget();
  client = target.client();
});
afterAll(() => target.stop());

const someEvents = (count: number): db.BinaryEventType[] => Array.from({ length: count }, () => fresh());
const fresh = (): ReturnType<typeof binaryEvent> => binaryEvent({ id: randomUUID(), type: 'tested', data: Buffer.from([1, 2, 3]) });
const newStream = (): string => `append-${randomUUID()}`;

/** The client uses the batch call, unless a call brings its own credentials: then the unary one. */
describe.each([['batch', undefined], ['unary', { username: 'root', password: 'root-secret' }]] as const)('%s append', (_path, credentials) => {
  type Expected = db.AppendExpectedRevision;
  const append = (stream: string, events: ReturnType<typeof fresh>[], expectedRevision: Expected): Promise<db.AppendResult> =>
    client.appendToStream(stream, events, { expectedRevision, ...(credentials === undefined ? {} : { credentials }) });
  const wrong = (stream: string, expectedVersion: Expected, actualVersion: bigint | 'no_stream'): object =>
    expect.objectContaining({ type: 'wrong-expected-version', streamName: stream, expectedVersion, actualVersion });

  test('an exact revision appends, and answers revision and position', async () => {
    const stream = newStream();
    const first = await append(stream, [fresh(), fresh()], NO_STREAM);
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    const second = await append(stream, [fresh()], 1n);
    expect(second.nextExpectedRevision).toBe(2n);
    expect(second.position!.commit).toBeGreaterThan(first.position!.commit);
  });
  void append; void wrong; void ANY; void STREAM_EXISTS; void someEvents;
});
