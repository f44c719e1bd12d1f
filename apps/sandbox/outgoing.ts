import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { KEPT_CONNECTIONS } from '#edge';

/** Whom the sandbox trusts and who it is when it calls out, in PEM. */
export interface Credentials {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const TIMEOUT_MS = 10_000;

/** Calls out over kept connections under one set of credentials; a redirect is an answer like any other. */
export class Caller {
  private readonly plain = new HttpAgent(KEPT_CONNECTIONS);
  private readonly secure: HttpsAgent;

  constructor(credentials: Credentials) {
    this.secure = new HttpsAgent({ ...KEPT_CONNECTIONS, ...credentials });
  }

  call({ method, url, headers, body }: Outgoing): Promise<Incoming> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = { method, headers: { ...headers, ...length }, timeout: TIMEOUT_MS };
      const request =
        url.protocol === 'https:' ? httpsRequest(url, { ...options, agent: this.secure }) : httpRequest(url, { ...options, agent: this.plain });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      });
      request.end(body);
    });
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}
