import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { Outlet, ReaderGone } from './outlet.js';

/** A call whose reader takes one message each time `take` is called. */
function slowCall(): { call: Writable & { cancelled: boolean }; take: () => void } {
  const waiting: (() => void)[] = [];
  const writable = new Writable({ objectMode: true, highWaterMark: 100, write: (_message, _encoding, taken) => void waiting.push(taken) });
  return { call: Object.assign(writable, { cancelled: false }), take: () => waiting.shift()?.() };
}

test('small messages go on until 16 KiB are outstanding, and again when the reader has taken some', async () => {
  const { call, take } = slowCall();
  const outlet = new Outlet<string>(call, () => undefined);
  let sent = 0;
  while (!outlet.send('message', 1024)) sent += 1;
  expect(sent).toBe(16);
  const room = outlet.room();
  take();
  await room;
  expect(outlet.send('message', 1024)).toBe(true);
});

test('a message above the bound goes alone', () => {
  const outlet = new Outlet<string>(slowCall().call, () => undefined);
  expect(outlet.send('message', 1_000_000)).toBe(true);
});

test('who waits for room is told when the reader leaves, and nothing is sent after that', async () => {
  const { call } = slowCall();
  let told = 0;
  const outlet = new Outlet<string>(call, () => { told += 1; });
  outlet.send('message', 20_000);
  const room = outlet.room();
  call.cancelled = true;
  call.emit('cancelled');
  await expect(room).rejects.toThrow(ReaderGone);
  expect(told).toBe(1);
  expect(() => outlet.send('message', 1)).toThrow(ReaderGone);
});
