import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { DeliveryHandler, TlsIdentity } from './packet-sender.js';

/** What the receiver listens on and whom it knows; `identities` maps a client certificate's common name to a tenant. */
export interface HttpReceiverOptions extends TlsIdentity {
  readonly host: string;
  readonly port: number;
  readonly identities: ReadonlyMap<string, string>;
  readonly handle: DeliveryHandler;
}

const maxBodyBytes = 64 * 1024;

/**
 * Takes `POST /v1/packets` over mutual TLS. The answer is an empty 202 for every verdict, so that a sender learns nothing;
 * 503 without a journal; problem details with 413 over 64 KiB, 403 for a certificate of nobody known here, 404 and 405.
 */
export async function listenHttp(options: HttpReceiverOptions): Promise<{ address: string; close(): Promise<void> }> {
  const { ca, cert, key, host, port } = options;
  const tls = { ca, cert, key, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
  const server = createServer({ ...tls, requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void statusOf(request, options)
      .catch(() => 503)
      .then((status) => answer(response, status));
  });
  // a refused or broken handshake ends its own connection and nothing else
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function statusOf(request: IncomingMessage, { identities, handle }: HttpReceiverOptions): Promise<number> {
  if (request.url !== '/v1/packets') return 404;
  if (request.method !== 'POST') return 405;
  const name = commonName(request);
  const tenant = name === undefined ? undefined : identities.get(name);
  if (name === undefined || tenant === undefined) return 403;
  const body = await bodyOf(request);
  if (body === undefined) return 413;
  const source = `${name}@${request.socket.remoteAddress ?? 'unknown'}`;
  return (await handle(tenant, source, body)) === 'journaled' ? 202 : 503;
}

// rejectUnauthorized lets only certificates of the authority come this far
function commonName(request: IncomingMessage): string | undefined {
  if (!(request.socket instanceof TLSSocket) || !request.socket.authorized) return undefined;
  const name: unknown = request.socket.getPeerCertificate().subject.CN;
  return typeof name === 'string' ? name : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a sender has done wrong at the door itself (RFC 9457); of verdicts nothing is told. */
const REFUSALS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  403: ['forbidden', 'No tenant sends packets with this client certificate.'],
  404: ['not_found', 'Packets are taken at /v1/packets.'],
  405: ['method_not_allowed', 'Packets are sent with POST.'],
  413: ['too_large', `A delivery has at most ${String(maxBodyBytes)} bytes.`],
};

function answer(response: ServerResponse, status: number): void {
  // what was not read to its end cannot carry a next request
  if (status !== 202 && status !== 503) response.setHeader('connection', 'close');
  if (status === 405) response.setHeader('allow', 'POST');
  if (status === 503) response.setHeader('retry-after', '1');
  const refusal = REFUSALS[status];
  if (!refusal) return void response.writeHead(status).end();
  const [code, detail] = refusal;
  const body = JSON.stringify({ type: `urn:gatehouse:problem:${code}`, title: code.replaceAll('_', ' '), status, code, detail });
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(body);
}
