import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { beforeEach, expect, test } from '@jest/globals';
import type { StoredEvent } from './database.js';
import { RecentEvents } from './recent-events.js';
import { eventResponse } from './wire.js';

const SIZE = 64 * 1024;
const event = (position: number): StoredEvent => ({
  position, stream: 'ledger-acme', revision: position, id: '00000000-0000-4000-8000-000000000000', type: 'thing.happened', contentType: 'application/json',
  created: 1_790_000_000_000, metadata: new Uint8Array(), data: new Uint8Array(SIZE).fill(position),
});

let reads: number[];
let recent: RecentEvents;
beforeEach(() => {
  reads = [];
  recent = new RecentEvents({ event: (position) => (reads.push(position), event(position)) });
});

function follower(): { readonly outlet: Parameters<RecentEvents['send']>[0]; readonly got: [bytes: Uint8Array, size: number][] } {
  const got: [Uint8Array, number][] = [];
  const send = (message: streamsPb.ReadResp, size: number): boolean => (got.push([message.serializeBinary(), size]), false);
  return { outlet: { send }, got };
}

test('an event is read once for all who come to it, and each gets what a reader would', () => {
  const followers = [follower(), follower(), follower()];
  for (const position of [1, 2]) for (const { outlet } of followers) recent.send(outlet, position);
  expect(reads).toEqual([1, 2]);
  const expected = [1, 2].map((position) => [eventResponse(event(position)).serializeBinary(), SIZE]);
  for (const { got } of followers) expect(got).toEqual(expected);
});

test('half a megabyte of them is kept, and who comes later is read for alone', () => {
  const { outlet } = follower();
  for (let position = 1; position <= 20; position += 1) recent.send(outlet, position);
  const late = follower();
  for (const position of [20, 14, 13]) recent.send(late.outlet, position);
  expect(reads.slice(20)).toEqual([13]);
  expect(late.got.map(([bytes]) => bytes)).toEqual([20, 14, 13].map((position) => eventResponse(event(position)).serializeBinary()));
});
