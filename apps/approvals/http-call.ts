import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions, request as httpsRequest } from 'node:https';
import { KEPT_CONNECTIONS } from '#edge';

/** One answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request to the one server that a caller was made for. */
export type Call = (path: string, request: { readonly method: 'GET' | 'POST'; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }) => Promise<Answer>;

const ANSWER_LIMIT_BYTES = 1024 * 1024;

/** Calls under `base` and nowhere else; rejects on no connection, on no whole answer in `timeoutMs`, and on one that is too long. */
export function callerOf(base: string, options: { readonly tls: AgentOptions; readonly timeoutMs: number }): Call {
  const secure = new URL(base).protocol === 'https:';
  const send = secure ? httpsRequest : httpRequest;
  const agent = secure ? new HttpsAgent({ ...options.tls, ...KEPT_CONNECTIONS }) : new HttpAgent(KEPT_CONNECTIONS);
  return (path, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(options.timeoutMs);
      const sent = send(base.replace(/\/$/, '') + path, { method, agent, signal, headers: { ...headers, 'content-length': Buffer.byteLength(body ?? '') } }, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.byteLength;
          if (length > ANSWER_LIMIT_BYTES) response.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      });
      sent.on('error', reject);
      // nobody asked to go on in another protocol; Node closes such a connection without a word
      sent.on('upgrade', (_response, socket) => {
        socket.destroy();
        reject(new Error('the answer goes on in another protocol'));
      });
      sent.end(body);
    });
}
