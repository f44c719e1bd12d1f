import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authority } from './authority.double.js';
import { listenHttp } from './http-receiver.js';
import { httpSender } from './http-sender.js';
import type { TlsIdentity } from './packet-sender.js';

const body = Buffer.from('{"packet":"e30"}');
const received: { tenant: string; source: string; body: string }[] = [];
let verdict: () => Promise<'journaled' | 'unavailable'> = () => Promise.resolve('journaled');
let receiver: { address: string; close(): Promise<void> };
let house: TlsIdentity, gatekeeper: TlsIdentity, admin: TlsIdentity, stranger: TlsIdentity;

beforeAll(async () => {
  const ca = await authority('house');
  gatekeeper = await ca.issue('gatekeeper.acme');
  admin = await ca.issue('admin');
  stranger = { ...(await (await authority('elsewhere')).issue('gatekeeper.acme')), ca: gatekeeper.ca };
  house = await ca.issue('doer');
  receiver = await listenHttp({
    ...house,
    host: '127.0.0.1',
    port: 0,
    identities: new Map([['gatekeeper.acme', 'acme']]),
    handle: (tenant, source, bytes) => {
      received.push({ tenant, source, body: Buffer.from(bytes).toString() });
      return verdict();
    },
  });
});
afterAll(async () => receiver.close());
beforeEach(() => {
  received.length = 0;
  verdict = () => Promise.resolve('journaled');
});

const sender = (identity: TlsIdentity, timeoutMs = 60_000) => httpSender({ ...identity, url: `https://${receiver.address}`, timeoutMs });

async function send(identity: TlsIdentity, delivery: Uint8Array, timeoutMs?: number): Promise<string> {
  const out = sender(identity, timeoutMs);
  try {
    await out.send('acme', 'c-1', delivery);
    return 'sent';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await out.close();
  }
}

function answerTo(path: string, method: string, identity = gatekeeper, delivery: Uint8Array = Buffer.alloc(0)): Promise<{ status: number; type: string | undefined; allow: string | undefined; said: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`https://${receiver.address}${path}`, { ...identity, method, agent: false }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (part: string) => (said += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], allow: response.headers.allow, said }));
    });
    outgoing.on('error', reject).end(delivery);
  });
}

describe('packets over HTTP', () => {
  it('arrive with the tenant of the certificate, several on one connection', async () => {
    const out = sender(gatekeeper);
    await out.send('another', 'c-1', body);
    await out.send('another', 'c-1', body);
    await out.close();
    const arrived = { tenant: 'acme', source: 'gatekeeper.acme@127.0.0.1', body: body.toString() };
    expect(received).toEqual([arrived, arrived]);
  });

  it('are to be sent again when the journal is away or the handler fails', async () => {
    verdict = () => Promise.resolve('unavailable');
    expect(await send(gatekeeper, body)).toBe('transport_unreachable');
    verdict = () => Promise.reject(new Error('journal'));
    expect(await send(gatekeeper, body)).toBe('transport_unreachable');
    verdict = () => new Promise(() => undefined);
    expect(await send(gatekeeper, body, 100)).toBe('transport_unreachable');
  });

  it('are taken from no other identity of the same authority, and from no other authority', async () => {
    expect(await send(admin, body)).toBe('transport_unreachable');
    expect(await send(stranger, body)).toBe('transport_unreachable');
    expect(received).toEqual([]);
  });

  it.each([200, 204, 302, 400, 401, 403, 404, 407, 408, 429, 502])('are to be sent again when something in between answers %i', async (code) => {
    const between = createServer(house, (_request, response) => response.writeHead(code).end());
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const out = httpSender({ ...gatekeeper, url: `https://127.0.0.1:${String((between.address() as AddressInfo).port)}`, timeoutMs: 60_000 });
    await expect(out.send('acme', 'c-1', body)).rejects.toMatchObject({ code: 'transport_unreachable' });
    await out.close();
    await new Promise((resolve) => between.close(resolve));
  });

  it('are to be sent again when something in between goes on in another protocol', async () => {
    const between = createServer(house, ({ socket }) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const out = httpSender({ ...gatekeeper, url: `https://127.0.0.1:${String((between.address() as AddressInfo).port)}`, timeoutMs: 60_000 });
    await expect(out.send('acme', 'c-1', body)).rejects.toMatchObject({ code: 'transport_unreachable' });
    await out.close();
    await new Promise((resolve) => between.close(resolve));
  });

  it('travel on sixteen connections, however many there are', async () => {
    let connections = 0;
    const counting = createServer(house, (_request, response) => response.writeHead(202).end()).on('secureConnection', () => (connections += 1));
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    const out = httpSender({ ...gatekeeper, url: `https://127.0.0.1:${String((counting.address() as AddressInfo).port)}`, timeoutMs: 60_000 });
    await Promise.all(Array.from({ length: 64 }, () => out.send('acme', 'c-1', body)));
    expect(connections).toBe(16);
    await out.close();
    await new Promise((resolve) => counting.close(resolve));
  });

  it('are taken up to 64 KiB', async () => {
    expect(await send(gatekeeper, Buffer.alloc(64 * 1024, 97))).toBe('sent');
    expect(await send(gatekeeper, Buffer.alloc(64 * 1024 + 1, 97))).toBe('transport_refused');
    expect(received).toHaveLength(1);
  });

  it('have one address and one method', async () => {
    expect(await answerTo('/v1/other', 'POST')).toMatchObject({ status: 404 });
    expect(await answerTo('/v1/packets', 'GET')).toMatchObject({ status: 405, allow: 'POST' });
  });

  it('are refused at the door with problem details, while a verdict tells nothing', async () => {
    const refused = [await answerTo('/v1/other', 'POST'), await answerTo('/v1/packets', 'GET'), await answerTo('/v1/packets', 'POST', admin), await answerTo('/v1/packets', 'POST', gatekeeper, Buffer.alloc(64 * 1024 + 1, 97))];
    expect(refused.map(({ type, said }) => [type, (JSON.parse(said) as { status: number }).status])).toEqual([404, 405, 403, 413].map((code) => ['application/problem+json', code]));
    expect(await answerTo('/v1/packets', 'POST', gatekeeper, body)).toEqual({ status: 202, type: undefined, allow: undefined, said: '' });
  });

  it('survive a peer that shows no certificate', async () => {
    const [host = '', port] = receiver.address.split(':');
    await new Promise((resolve) => connect({ host, port: Number(port), ca: gatekeeper.ca }).on('close', resolve).on('error', () => undefined).end('GET /'));
    expect(await send(gatekeeper, body)).toBe('sent');
  });

  it('never leave without TLS', () => {
    expect(() => httpSender({ ...gatekeeper, url: 'http://127.0.0.1:1', timeoutMs: 1 })).toThrow('https only');
  });
});
