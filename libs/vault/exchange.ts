import http from 'node:http';
import https from 'node:https';
import { CodedError } from '#decider';

/** One HTTP call, mostly with a credential. `url` is http or https; `ca` is PEM and replaces the system's authorities. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: string;
  /** From the call to the last byte of its answer. */
  readonly timeoutMs: number;
  /** The most bytes of an answer that are taken; 8 MiB where it is not given. */
  readonly longestAnswer?: number;
}

/** What came back, whatever its status; redirects are answers like any other. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
}

const LONGEST_ANSWER = 8 * 1024 * 1024;
// shared by every client: a case makes more than twenty calls, and a TLS handshake each would be most of its time
// an idle connection is let go before the five seconds after which most servers close theirs under a call on its way
const kept = { keepAlive: true, maxSockets: 128, timeout: 4_000 };
const plain = new http.Agent(kept);
const secure = new https.Agent(kept);

/**
 * Sends one call and gives its answer. No redirect is followed and no proxy is asked, so a credential reaches the configured host alone.
 * @throws CodedError `http_unreachable` without an answer in time, `http_answer` for one that is too long; neither says more than host and system code.
 */
export async function exchange(call: Call): Promise<Answer> {
  const url = target(call.url);
  try {
    return await send(call, url, { plain, secure });
  } catch (error) {
    // a kept connection that the other side had just closed: its neighbours may be closed too, so the second try makes its own
    if (error instanceof Stale && call.method !== 'POST') return await send(call, url, { plain: false, secure: false }).catch(outward(url));
    return outward(url)(error);
  }
}

class Stale extends Error {
  readonly code = 'ECONNRESET';
}
class TooLong extends Error {}

interface Agents {
  readonly plain: http.Agent | false;
  readonly secure: https.Agent | false;
}

function send(call: Call, url: URL, agents: Agents): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: call.method, headers: call.headers };
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents.secure, ca: call.ca, rejectUnauthorized: true })
        : http.request(url, { ...options, agent: agents.plain });
    const timer = setTimeout(() => request.destroy(new Error('ETIMEDOUT')), call.timeoutMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', (error: NodeJS.ErrnoException) => {
      reject(request.reusedSocket && error.code === 'ECONNRESET' ? new Stale() : error);
    });
    // nobody asked to go on in another protocol; Node closes such a connection without a word
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('upgrade'));
    });
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
        if (length <= (call.longestAnswer ?? LONGEST_ANSWER)) return void parts.push(part);
        // first of all: an answer that is whole already would be taken without its last part
        reject(new TooLong('too long'));
        request.destroy();
      });
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    request.end(call.body);
  });
}

function target(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new CodedError('http_address', 'an address must be an http or https URL without a user');
  return url;
}

// the original error is left behind: some of them hold headers
function outward(url: URL): (error: unknown) => never {
  return (error) => {
    if (error instanceof TooLong) throw new CodedError('http_answer', `${url.host}: the answer is too long`);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CodedError('http_unreachable', `${url.host}: ${code ?? (message === 'ETIMEDOUT' ? message : 'failed')}`);
  };
}
