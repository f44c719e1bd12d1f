import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CodedError, type JsonValue } from '#decider';
import { listen } from '#edge';
import { type EventStore, openStore, type StoredEntry } from '#ledger';
import { sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { startEmbedded } from '../../eventstore/node/contract/target.js';
import { followingNotary } from '../../test/ledger/following-notary.js';
import { ask, loopbackTls } from '../../test/loopback.js';
import { notaryApp } from './app.js';
import type { TenantNotary } from './tenant-notary.js';

const TOKEN = 'a-token-of-an-auditor';
const SIZE = 3_500;
const PATH = '/v1/tenants/acme/ledger/verification';
const ledger = sampleBook('acme', Array.from({ length: SIZE }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n } })));
const streams = new Map<string, readonly StoredEntry[]>();
const memory = sampleStore(streams);

let folder: string;
let app: NestExpressApplication;
let notary: TenantNotary;
let origin: string;
let ca: Buffer;
let store: EventStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  notary = await followingNotary({ store: sampleStore(new Map([['ledger-acme', ledger]])), folder });
  const tls = await loopbackTls();
  ca = tls.ca;
  const tenants = [{ id: 'acme', tokens: [{ name: 'auditor', sha256: createHash('sha256').update(TOKEN).digest('hex') }] }];
  const behind: EventStore = { ...memory, read: (...asked) => store.read(...asked) };
  app = await notaryApp({ tenants, notaries: new Map([['acme', notary]]), store: behind, tls, clock: () => new Date('2026-11-23T10:00:00.000Z'), log: () => undefined });
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}`;
});
afterAll(async () => {
  await app.close();
  await notary.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  store = memory;
  streams.set('ledger-acme', ledger);
});

/** A verification as a stream: its answer, and what can be read of it. */
function streamed(query = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${PATH}${query}`, { ca, agent: false, headers: { authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' } }, resolve);
    asked.on('error', reject).end();
  });
}
async function eventsIn(response: IncomingMessage): Promise<readonly { readonly event: string; readonly data: JsonValue }[]> {
  let text = '';
  for await (const part of response) text += String(part);
  return text.split('\n\n').slice(0, -1).map((block) => {
    const [, event = '', data = ''] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? [];
    return { event, data: JSON.parse(data) as JsonValue };
  });
}

describe('a verification that is asked for as events', () => {
  it('tells how far it is, and ends with the same verdict as without', async () => {
    const response = await streamed();
    expect([response.statusCode, response.headers['content-type'], response.headers['cache-control']]).toEqual([200, 'text/event-stream', 'no-store']);
    const events = await eventsIn(response);
    expect(events.slice(0, -1)).toEqual([
      ...[1_000, 2_000, 3_000, SIZE].map((entries) => ({ event: 'progress', data: { book: 'ledger', entries, of: SIZE } })),
      { event: 'progress', data: { book: 'journal', entries: 0, of: 0 } },
    ]);
    const plain = await ask(`${origin}${PATH}`, ca, `Bearer ${TOKEN}`);
    expect(plain.headers['content-type']).toMatch(/^application\/json/);
    expect(events.at(-1)).toEqual({ event: 'verdict', data: JSON.parse(plain.text) as JsonValue });
  });

  it('is refused with a status before it begins, and in an event after it', async () => {
    const refused = await streamed('?size=0&root=ab');
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    refused.resume();
    const late = await eventsIn(await streamed(`?size=${SIZE + 1}&root=${'ab'.repeat(32)}`));
    expect(late.at(-1)).toMatchObject({ event: 'problem', data: { status: 422, code: 'size_beyond_head' } });
    store = {
      ...memory,
      async *read(...asked) {
        for await (const stored of memory.read(...asked)) {
          if (stored.revision === 2_500) throw new CodedError('store_unreachable', 'away');
          yield stored;
        }
      },
    };
    expect((await eventsIn(await streamed())).at(-1)).toMatchObject({ event: 'problem', data: { status: 503, code: 'store_unreachable' } });
  });

  it('ends with its client: nothing more is read, and the next one has its turn', async () => {
    const server = app.getHttpServer() as Server;
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const closed = new Promise((resolve) => server.once('secureConnection', (socket: TLSSocket) => socket.once('close', resolve)));
    const pages: number[] = [];
    store = {
      ...memory,
      async *read(stream, from, limit) {
        pages.push(from);
        if (from === 2_048) await left;
        yield* memory.read(stream, from, limit);
      },
    };
    const response = await streamed();
    response.on('error', () => undefined);
    await new Promise((resolve) => response.once('data', resolve));
    const next = ask(`${origin}${PATH}`, ca, `Bearer ${TOKEN}`);
    response.destroy();
    await closed;
    leave();
    expect(JSON.parse((await next).text)).toMatchObject({ verdict: 'consistent' });
    const all = Array.from({ length: Math.floor(SIZE / 1_024) + 1 }, (_, page) => page * 1_024);
    // for who left the ledger, one page ahead of the one it left at, and never the journal; for the next one both
    expect(pages).toEqual([0, 1_024, 2_048, 3_072, ...all, 0]);
  });
});

it('many at once keep no writer waiting: all but three are told to come back, and what is appended meanwhile is there before the first has its verdict', async () => {
  const real = await startEmbedded([{ name: 'notary', append: ['checkpoints-'], read: ['ledger-', 'doer-'] }]);
  const [writer, reader] = ['root', 'notary'].map((user) => openStore({ address: real.address, ca: Buffer.from(real.cert), user, password: `${user}-secret` })) as [EventStore, EventStore];
  try {
    for (let from = 0; from < SIZE; from += 500) await writer.append('ledger-acme', ledger.slice(from, from + 500), from - 1);
    store = reader;
    const first = await streamed();
    let ended = false;
    const events = eventsIn(first).finally(() => (ended = true));
    const others = Array.from({ length: 20 }, () => ask(`${origin}${PATH}`, ca, `Bearer ${TOKEN}`));
    await writer.append('ledger-globex', sampleBook('globex', [{ type: 'ledger.opened', case: null, data: {} }]), -1);
    expect(ended).toBe(false);
    expect((await events).at(-1)).toMatchObject({ event: 'verdict', data: { verdict: 'consistent' } });
    const statuses = (await Promise.all(others)).map(({ status }) => status);
    expect([200, 503].map((status) => statuses.filter((one) => one === status).length)).toEqual([2, 18]);
  } finally {
    await writer.close();
    await reader.close();
    await real.stop();
  }
});
