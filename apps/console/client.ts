import { readFileSync } from 'node:fs';
import { Agent, request as overTls } from 'node:https';
import { request as plain } from 'node:http';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { KEPT_CONNECTIONS } from '#edge';
import type { Addresses } from './addresses.js';
import { httpsUrl, httpUrl } from './addresses.js';
import { foldersOf } from './set-up.js';

/** An answer as it came: status, and JSON where it was JSON. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: JsonObject;
}

interface Call {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly token?: string;
  readonly json?: JsonValue;
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a person outside the stack can do: call its public interfaces, trusting the start authority. */
export class Client {
  readonly #agent: Agent;

  constructor(
    readonly addresses: Addresses,
    private readonly data: string,
  ) {
    this.#agent = new Agent({ ...KEPT_CONNECTIONS, ca: readFileSync(join(foldersOf(data).tls, 'ca.pem')) });
  }

  /** The token that set-up made under this name. */
  token(name: string): string {
    return readFileSync(join(foldersOf(this.data).secrets, `${name}.token`), 'utf8').trim();
  }

  gatekeeper(path: string, call: Call = {}): Promise<Answer> {
    return this.ask(httpsUrl(this.addresses.gatekeeper) + path, call);
  }

  admin(path: string): Promise<Answer> {
    return this.ask(httpsUrl(this.addresses.admin) + path, { token: this.token('auditor') });
  }

  notary(path: string): Promise<Answer> {
    return this.ask(httpsUrl(this.addresses.notary) + path, { token: this.token('auditor') });
  }

  /** The sandbox's control door: what a person would see by walking through the company. */
  async control(path: string, call: Call = {}): Promise<JsonObject> {
    return (await this.ask(httpUrl(this.addresses.control) + path, call)).body;
  }

  async phone(path: string, call: Call = {}): Promise<JsonObject> {
    return (await this.ask(httpUrl(this.addresses.phones) + path, call)).body;
  }

  /** @throws CodedError `no_answer` when the connection fails. */
  ask(url: string, { method, token, json, raw, headers }: Call = {}): Promise<Answer> {
    const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
    const options = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const call = url.startsWith('https:') ? overTls(url, { ...options, agent: this.#agent }) : plain(url, options);
      call.on('error', (cause) => reject(new CodedError('no_answer', `${url} does not answer`, { cause })));
      call.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(answerOf(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
      });
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function answerOf(status: number, text: string): Answer {
  try {
    const body = JSON.parse(text) as JsonValue;
    return { status, text, body: isJsonObject(body) ? body : { items: body } };
  } catch {
    return { status, text, body: {} };
  }
}
