import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '#decider';
import { listen } from '#edge';
import { type EventStore, openStore, type StoredEntry, type Verification } from '#ledger';
import { notaryApp } from '../../apps/notary/app.js';
import type { TenantNotary } from '../../apps/notary/tenant-notary.js';
import { sampleStore } from '../../eventstore/events/sample-book.js';
import { hashPassword } from '../../eventstore/node/password.js';
import { startStore } from '../../eventstore/node/server.js';
import { followingNotary } from '../ledger/following-notary.js';
import { ask, loopbackTls } from '../loopback.js';
import type { Books } from './books.js';
import { tamperedCopy } from './store-copy.js';

/** What the verification end point answered: `words` is its verdict, or the finding's book, entry and code. */
export interface Answered {
  readonly words: string;
  readonly body: JsonValue;
}

/** What an auditor holds, and how many entries of the honest ledger the last head covers that the notary still has. */
export interface Held {
  readonly checkpoint?: string;
  readonly signed?: number;
}

/** A token opens one tenant. */
const tokenOf = (tenant: string): string => `a-token-of-an-auditor-of-${tenant}`;
const PASSWORD = 'a-password-of-the-store';
const NOW = new Date('2026-11-23T10:00:00.000Z');

/** The notary's app over a running store, whose file is a tampered copy: another for each question. */
export class EndPoint {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tamper-'));
  readonly #notaries = new Map<string, TenantNotary>();
  #headless: TenantNotary | undefined;
  #questions = 0;
  #store: EventStore | undefined;
  #origin = '';
  #close: () => Promise<void> = () => Promise.resolve();

  private constructor(
    private readonly honest: Readonly<Record<string, Books>>,
    private readonly tls: Awaited<ReturnType<typeof loopbackTls>>,
  ) {}

  /** Writes the honest books of each tenant into a store through its own protocol, and starts the app. */
  static async open(honest: Readonly<Record<string, Books>>): Promise<EndPoint> {
    const point = new EndPoint(honest, await loopbackTls());
    await point.#begin();
    return point;
  }

  /** The answer over a copy of the store's file in which acme's books are these. */
  async over({ ledger, journal, checkpoints }: Books, { checkpoint, signed = 0 }: Held = {}): Promise<Answered> {
    const file = join(this.#folder, `copy-${(this.#questions += 1)}.db`);
    tamperedCopy(join(this.#folder, 'store.db'), file, { 'ledger-acme': ledger, 'doer-acme': journal, ...(checkpoints && { 'checkpoints-acme': checkpoints }) });
    const notary = signed === 0 ? undefined : await this.#notaryOf(this.honest.acme!.ledger.slice(0, signed));
    if (notary) this.#notaries.set('acme', notary);
    try {
      return await this.#withStore(file, () => this.asked('acme', checkpoint === undefined ? {} : { checkpoint: Buffer.from(checkpoint).toString('base64url') }));
    } finally {
      await notary?.close();
      this.#notaries.set('acme', this.#headless!);
      rmSync(file);
    }
  }

  /** Lets `work` ask over the untouched file. */
  untouched(work: () => Promise<void>): Promise<void> {
    return this.#withStore(join(this.#folder, 'store.db'), work);
  }

  /** The answer over the file as it is. */
  async asked(tenant: string, query: Readonly<Record<string, string>>): Promise<Answered> {
    const { text } = await ask(`${this.#origin}/v1/tenants/${tenant}/ledger/verification?${new URLSearchParams(query).toString()}`, this.tls.ca, `Bearer ${tokenOf(tenant)}`);
    const body = JSON.parse(text) as JsonValue;
    return { words: wordsOf(body), body };
  }

  async close(): Promise<void> {
    await this.#close();
    await this.#headless?.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #begin(): Promise<void> {
    const salt = Buffer.alloc(16, 7);
    const user = { name: 'root', salt: salt.toString('hex'), hash: (await hashPassword(PASSWORD, salt)).toString('hex'), append: ['*'], read: ['*'] };
    writeFileSync(join(this.#folder, 'users.json'), JSON.stringify({ users: [user] }));
    await this.#withStore(join(this.#folder, 'store.db'), async (store) => {
      for (const [tenant, { ledger, journal, checkpoints }] of Object.entries(this.honest)) {
        await Promise.all([store.append(`ledger-${tenant}`, ledger, -1), store.append(`doer-${tenant}`, journal, -1)]);
        if (checkpoints) await store.append(`checkpoints-${tenant}`, checkpoints, -1);
      }
    });
    // whose folder was taken as well: the books must speak for themselves
    this.#headless = await this.#notaryOf([]);
    for (const tenant of Object.keys(this.honest)) this.#notaries.set(tenant, this.#headless);
    const tenants = Object.keys(this.honest).map((id) => ({ id, tokens: [{ name: 'auditor', sha256: createHash('sha256').update(tokenOf(id)).digest('hex') }] }));
    const current = { read: (stream: string, from: number, limit?: number) => this.#store!.read(stream, from, limit) };
    const app = await notaryApp({ tenants, notaries: this.#notaries, store: { ...sampleStore(new Map()), ...current }, tls: this.tls, clock: () => NOW, log: () => undefined });
    this.#origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}`;
    this.#close = () => app.close();
  }

  /** A notary that has signed the head of exactly these entries of acme's ledger. */
  #notaryOf(entries: readonly StoredEntry[]): Promise<TenantNotary> {
    return followingNotary({ store: sampleStore(new Map([['ledger-acme', entries]])), folder: mkdtempSync(join(this.#folder, 'notary-')), clock: () => NOW });
  }

  async #withStore<T>(file: string, work: (store: EventStore) => Promise<T>): Promise<T> {
    const { ca, cert, key } = this.tls;
    const running = await startStore({ file, listen: '127.0.0.1:0', tls: { cert: cert.toString(), key: key.toString() }, users: { file: join(this.#folder, 'users.json') }, clock: () => NOW, log: () => undefined });
    const store = openStore({ address: running.address.replace('127.0.0.1', 'localhost'), ca, user: 'root', password: PASSWORD });
    this.#store = store;
    try {
      return await work(store);
    } finally {
      await store.close();
      await running.stop();
    }
  }
}

function wordsOf(body: JsonValue): string {
  const { finding, verdict, code } = body as Partial<Pick<Verification, 'finding' | 'verdict'>> & { readonly code?: string };
  return finding ? `${finding.book} entry ${finding.seq}: ${finding.code}` : (verdict ?? code ?? 'no answer');
}
