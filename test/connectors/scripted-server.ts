import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CodedError, type JsonObject, type JsonValue } from '#decider';

export interface Asked {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
}
export type Says = readonly [status: number, body?: JsonValue, headers?: Record<string, string>];

export interface ScriptedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP server on loopback that answers as told; undefined leaves the caller waiting. */
export async function serverThat(says: (request: Asked, nth: number) => Says | undefined): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      const one: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? {} : (JSON.parse(text) as JsonObject),
      };
      asked.push(one);
      const answer = says(one, asked.length);
      if (answer === undefined) return;
      response.writeHead(answer[0], answer[2]);
      response.end(answer[1] === undefined ? undefined : JSON.stringify(answer[1]));
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The CodedError that `attempt` ends with; anything else fails the test. */
export async function refusalOf(attempt: Promise<unknown>): Promise<CodedError> {
  const error: unknown = await attempt.then(() => new Error('it went through'), (e: unknown) => e);
  if (!(error instanceof CodedError)) throw error as Error;
  return error;
}

/** All that a log could print of an error. */
export const everythingIn = (error: unknown): string =>
  error instanceof Error ? [error.message, error.stack, JSON.stringify(error), everythingIn(error.cause)].join('\n') : '';
