import { Agent, request } from 'node:https';
import { CodedError } from '#decider';
import type { PacketSender, TlsIdentity } from './packet-sender.js';

// an idle connection is let go before the five seconds after which most servers close theirs under a call on its way
const IDLE_MS = 4_000;
/** More would only wait for the same journal, and each handshake costs more than many deliveries. */
const MOST_CONNECTIONS = 16;

/** Sends deliveries over mutual TLS, on connections that are kept. `url` is the doer's origin, `timeoutMs` bounds each call. */
export function httpSender(options: TlsIdentity & { readonly url: string; readonly timeoutMs: number }): PacketSender {
  const { url, timeoutMs, ca, cert, key } = options;
  const target = new URL('/v1/packets', url);
  if (target.protocol !== 'https:') throw new CodedError('transport_address', 'packets travel over https only');
  const agent = new Agent({ ca, cert, key, keepAlive: true, timeout: IDLE_MS, maxSockets: MOST_CONNECTIONS, minVersion: 'TLSv1.3' });
  return {
    async send(_tenant, _caseId, delivery) {
      const status = await post(target, agent, delivery, timeoutMs);
      if (status === 202) return;
      // the delivery itself is at fault only where it is too large; any other answer is whatever stands in between, or a doer that does not know us yet
      throw new CodedError(status === 413 ? 'transport_refused' : 'transport_unreachable', `${target.host} answered ${status}`);
    },
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

function post(target: URL, agent: Agent, body: Uint8Array, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown) => reject(new CodedError('transport_unreachable', `${target.host} does not answer`, { cause }));
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(target, { method: 'POST', agent, headers, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.on('error', unreachable);
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    outgoing.on('error', unreachable);
    // nobody asked to go on in another protocol; Node closes such a connection without a word
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      unreachable(new Error('upgrade'));
    });
    outgoing.end(body);
  });
}
