import 'reflect-metadata';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { authority, type Identity } from '../../test/certificates/authority.js';
import { ApprovalsClient, type Message } from './approvals-client.js';

let own: Identity;
let server: Server | undefined;
beforeAll(async () => (own = await (await authority())('gatekeeper')));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function put(answer: RequestListener, timeoutMs = 60_000): Promise<unknown> {
  const made = createServer({ cert: own.cert, key: own.key }, answer);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return new ApprovalsClient(`https://127.0.0.1:${String((made.address() as AddressInfo).port)}`, own, timeoutMs).put('acme/c-1/1/p-1', { kind: 'closed' } as Message);
}

it('learns where a message stands', async () => {
  expect(await put((_, response) => response.end('{"channel":"D10005","ts":"1795818019.709000"}'))).toEqual({ channel: 'D10005', ts: '1795818019.709000' });
});

it.each<[string, RequestListener]>([
  ['refuses', (_, response) => response.writeHead(403).end()],
  ['answers no JSON', (_, response) => response.end('<html>')],
  ['answers without a place', (_, response) => response.end('{"channel":"D10005"}')],
  ['answers a place that would fill an entry', (_, response) => response.end(JSON.stringify({ channel: 'D10005', ts: '1'.repeat(2_000) }))],
  ['goes on in another protocol', ({ socket }) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')],
  ['answers without end', (_, response) => response.write(Buffer.alloc(1024 * 1024, 0x20))],
])('waits for an approvals app that %s as for one that is away', async (_, answer) => {
  await expect(put(answer)).rejects.toMatchObject({ code: 'approvals_unreachable' });
});

it('gives up on an answer that comes a byte at a time', async () => {
  let dripping: NodeJS.Timeout | undefined;
  const drip: RequestListener = (_, response) => {
    response.flushHeaders();
    dripping = setInterval(() => response.write(' '), 5);
  };
  await expect(put(drip, 50)).rejects.toMatchObject({ code: 'approvals_unreachable' });
  clearInterval(dripping);
});
