import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loopbackCertificate } from '../../eventstore/node/contract/certificate.js';
import { KEYS, pem, released } from '../../test/policy/signed-archive.js';
import { bundleKey, serverSource } from './index.js';

const KEY = bundleKey(pem(KEYS.ES256.publicKey));
const [JAN, FEB] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'] as const;
const archive = (revision: string, algorithm: keyof typeof KEYS = 'ES256') => released(revision, {}, { algorithm });

let server: ReturnType<typeof createServer> | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});
async function sourceThat(says: (request: IncomingMessage, response: ServerResponse) => void, tls?: { cert: string; key: string }) {
  const serving = (server = tls ? createTlsServer(tls, says) : createServer(says));
  await new Promise<void>((done) => serving.listen(0, '127.0.0.1', done));
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${String((serving.address() as AddressInfo).port)}/bundles/gatehouse.tar.gz`;
  return serverSource({ url, key: KEY, timeoutMs: 60_000, ...(tls && { ca: tls.cert }) });
}
/** A bundle server as OPA's own pages describe it: an ETag with each bundle, and 304 to whoever has it already. */
const bundleServer = (state: { etag: string; body: Uint8Array; asked: (string | undefined)[] }) => (request: IncomingMessage, response: ServerResponse) => {
  const has = request.headers['if-none-match'];
  state.asked.push(has);
  response.writeHead(has === state.etag ? 304 : 200, { etag: state.etag });
  response.end(has === state.etag ? undefined : state.body);
};

describe('a bundle server', () => {
  it('gives its bundle once, says that it is the same still, and gives the next one', async () => {
    const state = { etag: '"1"', body: archive(JAN), asked: [] };
    const source = await sourceThat(bundleServer(state));
    const first = await source.latest(undefined);
    expect([first?.tag, first?.bundle.revision]).toEqual(['"1"', JAN]);
    expect(await source.latest('"1"')).toBeUndefined();
    Object.assign(state, { etag: 'W/"2"', body: archive(FEB) });
    expect((await source.latest('"1"'))?.bundle.revision).toBe(FEB);
    expect(state.asked).toEqual([undefined, '"1"', '"1"']);
  });

  it('need not know ETags: the same bytes are the same bundle', async () => {
    const body = archive(JAN);
    const source = await sourceThat((request, response) => void response.end(request.headers['if-none-match'] === undefined ? body : 'never asked so'));
    const first = await source.latest(undefined);
    expect(await source.latest(first?.tag)).toBeUndefined();
  });

  it('is spoken to over TLS with the authority that is configured', async () => {
    const tls = await loopbackCertificate();
    const source = await sourceThat((_, response) => void response.end(archive(JAN)), tls);
    expect((await source.latest(undefined))?.bundle.revision).toBe(JAN);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void, string]>([
    ['has none', (_, response) => void response.writeHead(404).end(), 'policy.bundle'],
    ['is broken', (_, response) => void response.writeHead(500).end(), 'policy.bundle'],
    ['sends elsewhere', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(), 'policy.bundle'],
    ['says that nothing changed to one who has nothing', (_, response) => void response.writeHead(304).end(), 'policy.bundle'],
    ['tears the connection', (request) => void request.socket.destroy(), 'policy.bundle'],
    ['answers with a page', (_, response) => void response.end('<html>'), 'policy.bundle'],
    ['never ends its answer', (_, response) => { response.write('x'); const more = setInterval(() => response.write(Buffer.alloc(1024 * 1024)), 1); response.on('close', () => clearInterval(more)); }, 'policy.bundle'],
    ['has one that another signed', (_, response) => void response.end(archive(JAN, 'EdDSA')), 'policy.signature'],
  ])('that %s gives none', async (_, says, code) => {
    const source = await sourceThat(says);
    await expect(source.latest(undefined)).rejects.toMatchObject({ code });
  });
});
