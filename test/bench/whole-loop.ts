import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, isJsonObject, type JsonValue } from '#decider';
import { type EventStore, openStore } from '#ledger';
import { Client } from '../../apps/console/client.js';
import type { Gatehouse } from '../../apps/console/gatehouse.js';
import { foldersOf, TENANT } from '../../apps/console/set-up.js';

const AGAIN_MS = 100;

interface Finish {
  readonly at: number;
  readonly done: boolean;
}

/** Files requests at the gatekeeper, and hears from the store when the doer's journal says that an order is finished. */
export class WholeLoop {
  readonly #client: Client;
  readonly #token: string;
  readonly #store: EventStore;
  readonly #ending = new AbortController();
  readonly #finished = new Map<string, Finish>();
  readonly #waiting = new Map<string, (finish: Finish) => void>();
  readonly #listening: Promise<void>;

  constructor({ addresses, data }: Gatehouse) {
    const { tls, secrets } = foldersOf(data);
    this.#client = new Client(addresses, data);
    this.#token = this.#client.token('requester-hr');
    const password = readFileSync(join(secrets, 'store-admin.password'), 'utf8').trim();
    this.#store = openStore({ address: addresses.store.replace('127.0.0.1', 'localhost'), ca: readFileSync(join(tls, 'ca.pem')), user: 'admin', password });
    this.#listening = this.#listen();
  }

  /** Files one request and waits until its soft phase is done; answers the milliseconds after the 202. */
  async offboard(email: string): Promise<number> {
    const id = await this.#file(`Please offboard ${email}, last day today`);
    const accepted = performance.now();
    const { at, done } = await this.#finishOf(id);
    if (!done) throw new CodedError('bench', 'an order was not carried out');
    return at - accepted;
  }

  /** Sets how late the sandbox's systems answer. */
  async latency(ms: number): Promise<void> {
    await this.#client.control('/control/latency', { json: { ms } });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#listening;
    await this.#store.close();
    this.#client.close();
  }

  async #file(text: string): Promise<string> {
    const headers = { 'idempotency-key': randomUUID() };
    for (;;) {
      // a kept connection may have closed, and a busy machine answers 503: the key makes a second filing the same request
      const answer = await this.#client.gatekeeper('/v1/requests', { token: this.#token, json: { text }, headers }).catch(() => undefined);
      if (answer?.status === 202 && typeof answer.body.case === 'string') return answer.body.case;
      if (answer && answer.status !== 503) throw new CodedError('bench', `a request was answered ${String(answer.status)}`);
      await delay(AGAIN_MS);
    }
  }

  #finishOf(id: string): Promise<Finish> {
    const known = this.#finished.get(id);
    this.#finished.delete(id);
    return known ? Promise.resolve(known) : new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async #listen(): Promise<void> {
    for await (const { type, bytes } of this.#store.subscribe(`doer-${TENANT}`, -1, this.#ending.signal)) {
      if (type !== 'order.finished') continue;
      const entry = JSON.parse(Buffer.from(bytes).toString('utf8')) as JsonValue;
      if (!isJsonObject(entry) || typeof entry.case !== 'string' || !isJsonObject(entry.data) || !Array.isArray(entry.data.outcomes)) continue;
      const finish = { at: performance.now(), done: entry.data.outcomes.every((one: JsonValue) => isJsonObject(one) && one.outcome === 'done') };
      const waiting = this.#waiting.get(entry.case);
      if (waiting) waiting(finish);
      else this.#finished.set(entry.case, finish);
      this.#waiting.delete(entry.case);
    }
  }
}
