import { Agent, request } from 'node:https';
import { CodedError, isJsonObject } from '#decider';
import type { ApprovalView } from '#approvals';
import { KEPT_CONNECTIONS, type tlsOptions } from '#edge';

/** A message to be posted to, or updated for, one approver. */
export interface Message {
  readonly tenant: string;
  readonly slackUser: string;
  readonly kind: 'request' | 'decided' | 'closed';
  readonly view: ApprovalView;
  readonly link: string | null;
  readonly message?: { readonly channel: string; readonly ts: string };
}

const TIMEOUT_MS = 10_000;
/** Far more than where a message stands can take. */
const LONGEST_ANSWER = 4_096;
// of Slack's kind, and nothing that could fill an entry of the ledger
const PLACE = /^[\w.-]{1,64}$/;

/** The gatekeeper's side of the approvals app: it posts messages and learns where they stand. */
export class ApprovalsClient {
  readonly #agent: Agent;

  constructor(
    private readonly url: string,
    tls: Pick<ReturnType<typeof tlsOptions>, 'ca' | 'cert' | 'key'>,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    this.#agent = new Agent({ ...KEPT_CONNECTIONS, ca: tls.ca, cert: tls.cert, key: tls.key });
  }

  /** Posts or updates; the same key twice gives one message. @throws CodedError `approvals_unreachable`, also for an answer that is too late, too long or none. */
  async put(key: string, message: Message): Promise<{ channel: string; ts: string }> {
    const answer = await this.#send(`/v1/messages/${encodeURIComponent(key)}`, JSON.stringify(message));
    if (!isJsonObject(answer) || typeof answer.channel !== 'string' || typeof answer.ts !== 'string' || !PLACE.test(answer.channel) || !PLACE.test(answer.ts))
      throw new CodedError('approvals_unreachable', 'the approvals app answered without channel and ts');
    return { channel: answer.channel, ts: answer.ts };
  }

  #send(path: string, body: string): Promise<unknown> {
    const failed = (cause: unknown): CodedError => new CodedError('approvals_unreachable', 'the approvals app did not take the message', { cause });
    return new Promise((resolve, reject) => {
      // for the whole of it: who answers a byte at a time must not hold a place that a case's work needs
      const signal = AbortSignal.timeout(this.timeoutMs);
      const call = request(new URL(path, this.url), { method: 'PUT', agent: this.#agent, signal, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.byteLength;
          if (length > LONGEST_ANSWER) response.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', (error) => reject(failed(error)));
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(failed(`status ${String(response.statusCode)}`));
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch (error) {
            reject(failed(error));
          }
        });
      });
      call.on('error', (error) => reject(failed(error)));
      // nobody asked to go on in another protocol; Node closes such a connection without a word
      call.on('upgrade', (_response, socket) => {
        socket.destroy();
        reject(failed('upgrade'));
      });
      call.end(body);
    });
  }
}
