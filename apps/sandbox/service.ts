import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannotListen } from '#edge';
import type { Conditions } from './latency.js';

/** One request, read to its end. */
export interface Call {
  readonly method: string;
  /** Decoded path segments. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  /** A JSON value, or text when `type` is given; none leaves the body empty. */
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service that listens on loopback. */
export interface Running {
  readonly address: string;
  stop(): Promise<void>;
}

export interface Place {
  /** Its name in outages, e.g. `directory`. */
  readonly name: string;
  /** Port on 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  /** Latency and outages; a service that is always there at once has none. */
  readonly conditions?: Conditions;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Serves `handle` over plain HTTP on loopback. */
export function startService(place: Place, handle: (call: Call) => Answer | Promise<Answer>): Promise<Running> {
  return startListener(place, (request, response) => {
    void answerTo(request, handle).then((answer) => send(response, answer));
  });
}

/** Serves a request listener (an express app too), under the place's conditions. */
export async function startListener(place: Place, listener: RequestListener): Promise<Running> {
  const { conditions } = place;
  const server = createServer((request, response) => {
    if (conditions?.outages.has(place.name)) request.socket.destroy();
    else if (!conditions || conditions.latencyMs === 0) listener(request, response);
    else void conditions.delay().then(() => listener(request, response));
  });
  return running(server, place.port, 'http');
}

/** Listens on 127.0.0.1 and answers where. @throws CodedError `configuration` naming the variable, where the port is taken. */
export async function running(server: Server, port: number, scheme: 'http' | 'https'): Promise<Running> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen('GATEHOUSE_SANDBOX_BASE_PORT', `127.0.0.1:${String(port)}`, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    address: `${scheme}://127.0.0.1:${String(bound.port)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // whoever keeps a connection busy for longer than this has had its time
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

/** Reads the call and asks the handler; what cannot be read is 400 or 413, a fault in the handler 500 without words. */
export async function answerTo(request: IncomingMessage, handle: (call: Call) => Answer | Promise<Answer>): Promise<Answer> {
  try {
    const call = await callOf(request);
    return 'status' in call ? call : await handle(call);
  } catch (error) {
    process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}\n`);
    return { status: 500, body: { error: 'fault' } };
  }
}

async function callOf(request: IncomingMessage): Promise<Call | Answer> {
  const [target = '/', search = ''] = (request.url ?? '/').split('?', 2);
  const path = segmentsOf(target);
  if (!path) return { status: 400, body: { error: 'bad_path' } };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return { status: 413, body: { error: 'body_too_large' }, headers: { connection: 'close' } };
    chunks.push(chunk);
  }
  const [only] = chunks;
  const body = chunks.length === 1 && only ? only : Buffer.concat(chunks);
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(search), headers: request.headers, body };
}

function segmentsOf(target: string): readonly string[] | undefined {
  const raw = target.split('/').slice(1);
  if (!target.includes('%')) return raw;
  try {
    return raw.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Writes one answer. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const text = answer.body === undefined ? '' : typeof answer.body === 'string' && answer.type ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    ...(text !== '' && { 'content-type': answer.type ?? 'application/json' }),
    ...(answer.status !== 204 && { 'content-length': Buffer.byteLength(text) }),
    ...answer.headers,
  });
  response.end(text);
}
