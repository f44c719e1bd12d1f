import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Call, callerOf } from './http-call.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function callTo(listener: RequestListener, timeoutMs = 60_000): Promise<Call> {
  const own = createServer(listener);
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  return callerOf(`http://127.0.0.1:${(own.address() as AddressInfo).port}/base/`, { tls: {}, timeoutMs });
}

describe('a call', () => {
  it('goes below its base and comes back whole', async () => {
    const call = await callTo((request, response) => response.writeHead(201, { 'x-path': request.url }).end('zażółć'));
    expect(await call('/x', { method: 'POST', body: 'é' })).toMatchObject({ status: 201, body: 'zażółć', headers: { 'x-path': '/base/x' } });
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['never ends its answer', (_, response) => response.writeHead(200).write('{')],
  ])('does not wait for a server that %s', async (_, listener) => {
    const call = await callTo(listener, 50);
    await expect(call('/x', { method: 'GET' })).rejects.toThrow();
  });

  it('does not read without end', async () => {
    const call = await callTo((_, response) => response.end(Buffer.alloc(1024 * 1024 + 1)));
    await expect(call('/x', { method: 'GET' })).rejects.toThrow('too long');
  });

  it('does not wait for a server that goes on in another protocol', async () => {
    const call = await callTo(({ socket }) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
    await expect(call('/x', { method: 'GET' })).rejects.toThrow('another protocol');
  });

  it('fails where nobody listens', async () => {
    const call = await callTo(() => undefined);
    server?.close();
    await expect(call('/x', { method: 'GET' })).rejects.toThrow();
  });
});
