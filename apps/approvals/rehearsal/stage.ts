import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, createServer as createHttps, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Ending, TlsFiles } from '#edge';
import { startApprovals } from '../approvals.js';
import type { Settings } from '../settings.js';
import { certificates } from './certificates.js';

export const ORIGIN = 'https://localhost:7443';
export const SIGNING_SECRET = 'a-signing-secret-of-slack';
export const SLACK_TOKEN = 'xoxb-never-to-be-logged';

/** A request that a stand-in got, and what it shall answer. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
export type Script = (received: Received) => Reply | Promise<Reply>;

/** What an answer was. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The app on loopback between a stand-in gatekeeper and a stand-in Slack; `got` and `slackGot` are what they received. */
export class Stage {
  readonly got: Received[] = [];
  readonly slackGot: Received[] = [];
  readonly logged: string[] = [];
  gatekeeper: Script = () => ({ status: 500 });
  slack: Script = () => ({ status: 500 });
  /** Bolt reads the real clock, so this one starts there. */
  now = new Date();
  readonly #waiting = new Set<() => void>();
  readonly #agents = new Map<string | undefined, Agent>();
  readonly #endings: Ending[] = [];
  #addresses = { address: '', internal: '' };
  #identities: ReadonlyMap<string, TlsFiles> = new Map();

  async open(): Promise<void> {
    this.#identities = await certificates('approvals', 'gatekeeper', 'doer');
    const own = this.#files('gatekeeper');
    const gatekeeper = createHttps({ ca: readFileSync(own.ca), cert: readFileSync(own.cert), key: readFileSync(own.key), requestCert: true }, (q, r) => answer(q, r, this.got, (one) => this.gatekeeper(one)));
    const slack = createHttp((q, r) => answer(q, r, this.slackGot, (one) => this.slack(one)));
    const [gatekeeperPort, slackPort] = [await this.#listen(gatekeeper), await this.#listen(slack)];
    const { ca, cert, key } = this.#files('approvals');
    const secret = (name: string, content: string): string => {
      const path = join(dirname(ca), name);
      writeFileSync(path, `${content}\n`, { mode: 0o600 });
      return path;
    };
    const settings: Settings = {
      GATEHOUSE_APPROVALS_LISTEN: '127.0.0.1:0', GATEHOUSE_APPROVALS_INTERNAL_LISTEN: '127.0.0.1:0', GATEHOUSE_APPROVALS_PUBLIC_URL: ORIGIN,
      GATEHOUSE_GATEKEEPER_URL: `https://127.0.0.1:${gatekeeperPort}`, GATEHOUSE_TLS_CA: ca, GATEHOUSE_TLS_CERT: cert, GATEHOUSE_TLS_KEY: key,
      GATEHOUSE_SLACK_API_URL: `http://127.0.0.1:${slackPort}/api/`, GATEHOUSE_SLACK_TEAM: 'T0ACME',
      GATEHOUSE_SLACK_TOKEN_FILE: secret('slack-token', SLACK_TOKEN), GATEHOUSE_SLACK_SIGNING_SECRET_FILE: secret('slack-secret', SIGNING_SECRET),
    };
    const log = (event: string, facts = {}): void => {
      this.logged.push(JSON.stringify({ event, ...facts }));
      for (const look of this.#waiting) look();
    };
    this.#addresses = await startApprovals(settings, () => this.now, log, (end) => this.#endings.push(end));
  }

  /** Resolves once `count` lines of `event` are in the log. */
  until(event: string, count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.logged.filter((line) => line.includes(`"${event}"`)).length < count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    for (const end of this.#endings.reverse()) await end();
  }

  /** Asks the public side as a browser without a certificate would. */
  browse(method: string, path: string, sent: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {}): Promise<Got> {
    return this.#ask(this.#addresses.address, method, path, sent);
  }

  /** Asks the internal side under the certificate of `name`, or under none. */
  ask(name: string | undefined, method: string, path: string, body?: unknown): Promise<Got> {
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.#ask(this.#addresses.internal, method, path, json, name);
  }

  #ask(address: string, method: string, path: string, sent: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string }, name?: string): Promise<Got> {
    return new Promise((resolve, reject) => {
      const call = request(`https://${address}${path}`, { method, agent: this.#agent(name), headers: { ...sent.headers, 'content-length': String(Buffer.byteLength(sent.body ?? '')) } }, (response) => {
        void textOf(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }), reject);
      });
      call.on('error', reject);
      call.end(sent.body);
    });
  }

  #agent(name: string | undefined): Agent {
    const { ca, cert, key } = this.#files(name ?? 'approvals');
    const known = this.#agents.get(name);
    if (known) return known;
    const own = new Agent({ keepAlive: true, maxSockets: 10, ca: readFileSync(ca), ...(name !== undefined && { cert: readFileSync(cert), key: readFileSync(key) }) });
    this.#agents.set(name, own);
    this.#endings.push(() => {
      own.destroy();
      return Promise.resolve();
    });
    return own;
  }

  #files(name: string): TlsFiles {
    const files = this.#identities.get(name);
    if (!files) throw new Error(`no certificate for ${name}`);
    return files;
  }

  async #listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#endings.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return (server.address() as AddressInfo).port;
  }
}

function answer(q: IncomingMessage, r: ServerResponse, received: Received[], script: Script): void {
  void textOf(q).then(async (body) => {
    const one = { method: q.method ?? '', path: q.url ?? '', headers: q.headers, body };
    received.push(one);
    const reply = await script(one);
    r.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(JSON.stringify(reply.body ?? {}));
  });
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
