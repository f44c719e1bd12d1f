import { createServer as createTlsServer, type Server } from 'node:https';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loopbackCertificate } from '../../eventstore/node/contract/certificate.js';
import { refusalOf } from '../../test/connectors/scripted-server.js';
import { type Call, exchange } from './exchange.js';

let server: Server | ReturnType<typeof createServer>;
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function listening(scheme: 'http' | 'https'): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const call = (url: string, more: Partial<Call> = {}): Call => ({ method: 'GET', url, headers: {}, timeoutMs: 60_000, ...more });
const good: RequestListener = (_, response) => void response.end('"good"');

describe('an exchange over TLS', () => {
  it('trusts the given authority alone, whatever the environment says', async () => {
    const { cert, key } = await loopbackCertificate();
    server = createTlsServer({ cert, key }, good);
    const url = await listening('https');
    expect(await exchange(call(url, { ca: cert }))).toMatchObject({ status: 200, text: '"good"' });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect((await refusalOf(exchange(call(url)))).code).toBe('http_unreachable');
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});

describe('an exchange', () => {
  /** Answers the first call of every connection and tears the connection at the next. */
  const tearing = (): ReturnType<typeof createServer> => {
    const used = new WeakSet<Socket>();
    return createServer((request, response) => {
      if (used.has(request.socket)) request.socket.destroy();
      else response.end('"good"');
      used.add(request.socket);
    });
  };

  it('is sent anew when a kept connection had been closed, but never a POST', async () => {
    server = tearing();
    const url = await listening('http');
    await exchange(call(url));
    expect((await exchange(call(url))).text).toBe('"good"');
    await exchange(call(url));
    expect((await refusalOf(exchange(call(url, { method: 'POST' })))).code).toBe('http_unreachable');
  });

  it('is sent anew also when every kept connection had been closed', async () => {
    server = tearing();
    const url = await listening('http');
    await Promise.all([1, 2, 3].map(() => exchange(call(url))));
    expect((await exchange(call(url))).text).toBe('"good"');
  });

  it('does not go on in another protocol, and does not wait for one', async () => {
    server = createServer(good).on('connection', (socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
    expect((await refusalOf(exchange(call(await listening('http'))))).code).toBe('http_unreachable');
  });

  it('gives up when the answer does not end in time', async () => {
    server = createServer((_, response) => void response.write('"'));
    const error = await refusalOf(exchange(call(await listening('http'), { timeoutMs: 50 })));
    expect(`${error.code} ${error.message}`).toMatch(/^http_unreachable 127\.0\.0\.1:\d+: ETIMEDOUT$/);
  });

  it('takes no answer without end', async () => {
    const part = Buffer.alloc(1024 * 1024);
    server = createServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    });
    expect((await refusalOf(exchange(call(await listening('http'), { timeoutMs: 60_000 })))).code).toBe('http_answer');
  });

  it('takes no answer that is longer than the caller allows', async () => {
    server = createServer(good);
    const url = await listening('http');
    expect((await exchange(call(url, { longestAnswer: 6 }))).text).toBe('"good"');
    expect((await refusalOf(exchange(call(url, { longestAnswer: 5 })))).code).toBe('http_answer');
  });

  it.each(['', 'ftp://127.0.0.1', 'http://user:pass@127.0.0.1', 'localhost:80'])('goes to no such address: %j', async (url) => {
    server = createServer(good);
    expect((await refusalOf(exchange(call(url)))).code).toBe('http_address');
  });
});
