import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CodedError } from '#decider';
import { listen } from '#edge';
import { CompactRange, decodeEntry, type EventStore, entryHash, leafHash, openStore, type StoredEntry } from '#ledger';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { startEmbedded } from '../../eventstore/node/contract/target.js';
import { ask, loopbackTls } from '../../test/loopback.js';
import { notaryApp } from './app.js';
import { followingNotary } from '../../test/ledger/following-notary.js';
import type { TenantNotary } from './tenant-notary.js';

const TOKEN = 'a-token-of-an-auditor';
const OTHERS = 'a-token-of-somebody-else';
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:${TOKEN}`).toString('base64')}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const tenants = [
  { id: 'acme', tokens: [{ name: 'auditor', sha256: sha256(TOKEN) }] },
  { id: 'globex', tokens: [{ name: 'auditor', sha256: sha256(OTHERS) }] },
];
const NOW = '2026-11-23T10:00:00.000Z';

const journal = sampleBook('acme', [{ type: 'journal.opened', case: null, data: { app: 'doer' } }, { type: 'lease.requested', case: 'c-1', data: { order: 1, portal: 'scim' } }]);
const ledger = sampleBook('acme', [
  { type: 'ledger.opened', case: null, data: { by: 'gatekeeper' } },
  { type: 'request.received', case: 'c-1', data: { pipeline: 'offboard', text: 'line end inside' } },
  ...journal.map(({ revision, bytes }): Said => ({ type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } })),
]);

function rootOf(entries: readonly StoredEntry[]): string {
  const tree = new CompactRange();
  for (const { bytes } of entries) tree.append(leafHash(bytes));
  return Buffer.from(tree.root()).toString('hex');
}

const streams = new Map<string, readonly StoredEntry[]>();
let store: EventStore;
let notaries: Map<string, TenantNotary>;
let folder: string;
let app: NestExpressApplication;
let ca: Buffer;
let origin: string;

const get = (path: string, token: string | null = TOKEN) => ask(`${origin}${path}`, ca, token === null ? undefined : `Bearer ${token}`);
const jsonAt = async (path: string, token?: string | null) => {
  const { status, headers, text } = await get(path, token);
  return { status, headers, body: JSON.parse(text) as unknown };
};
const VERIFICATION = '/v1/tenants/acme/ledger/verification';

beforeAll(async () => {
  const tls = await loopbackTls();
  ca = tls.ca;
  // a spec may put another store in the place of the one in memory
  const behind: EventStore = { ...sampleStore(streams), read: (...asked) => store.read(...asked) };
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  // they have followed empty books: what they sign is the matter of another spec
  notaries = new Map(await Promise.all(tenants.map(async ({ id }) => [id, await followingNotary({ store: sampleStore(new Map()), tenant: id, folder })] as const)));
  app = await notaryApp({ tenants, notaries, store: behind, clock: () => new Date(NOW), tls, log: () => undefined });
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}`;
});
afterAll(async () => {
  await app.close();
  for (const notary of notaries.values()) await notary.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  store = sampleStore(streams);
  streams.set('ledger-acme', ledger);
  streams.set('doer-acme', journal);
});

/** The ledger with one byte of one entry changed, as a thief in the store's file would. */
function tampered(seq: number, from: string, to: string): readonly StoredEntry[] {
  return ledger.map((stored) => (stored.revision === seq ? { ...stored, bytes: Buffer.from(Buffer.from(stored.bytes).toString().replace(from, to)) } : stored));
}

describe('the verification end point', () => {
  it('recomputes both books and says how far they hold and on what that rests', async () => {
    const { status, body, headers } = await jsonAt(VERIFICATION);
    expect(status).toBe(200);
    expect(body).toEqual({
      verdict: 'consistent',
      ledger: { entries: 4, head: { seq: 3, hash: entryHash(ledger[3]!.bytes), at: '2026-11-23T09:00:03.000Z' }, root: rootOf(ledger) },
      journal: { entries: 2, head: { seq: 1, hash: entryHash(journal[1]!.bytes), at: '2026-11-23T09:00:01.000Z' }, root: rootOf(journal) },
      receipts: { matched: 2, missing: [], unreceipted: [] },
      time: {
        ledger: { claimed: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T09:00:03.000Z' }, bounded: 0, widest: null, dated_back: { count: 0, entries: [] } },
        journal: { claimed: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T09:00:01.000Z' }, bounded: 0, widest: null, dated_back: { count: 0, entries: [] } },
      },
      handed_to: [],
      rests_on: ['the books themselves'],
      checkpoints: { ledger: null, journal: null },
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('remembers nothing: what was changed since the last call shows, with its place', async () => {
    expect((await get(VERIFICATION)).text).toContain('"consistent"');
    streams.set('ledger-acme', tampered(1, 'offboard', 'offbeard'));
    const { body } = await jsonAt(VERIFICATION);
    expect(body).toMatchObject({ verdict: 'inconsistent', ledger: { entries: 2, head: null }, finding: { book: 'ledger', seq: 2, code: 'prev_mismatch' } });
  });

  it.each<[string, () => void, object]>([
    ['a journal that was cut', () => streams.set('doer-acme', journal.slice(0, 1)), { receipts: { missing: [1] }, finding: { book: 'ledger', seq: 3, code: 'receipt_without_entry' } }],
    ['a receipt that was kept back', () => streams.set('ledger-acme', ledger.slice(0, 3)), { receipts: { unreceipted: [1] }, finding: { book: 'journal', seq: 1, code: 'entry_without_receipt' } }],
    ['a ledger that was taken away', () => streams.delete('ledger-acme'), { finding: { book: 'ledger', seq: 0, code: 'empty' } }],
    ["another tenant's ledger", () => streams.set('ledger-acme', sampleBook('globex', [{ type: 'ledger.opened', case: null, data: {} }])), { finding: { seq: 0, code: 'tenant_mismatch' } }],
  ])('finds %s', async (_, harm, expected) => {
    harm();
    expect((await jsonAt(VERIFICATION)).body).toMatchObject({ verdict: 'inconsistent', ...expected });
  });

  it('reads a book that is longer than a page of the store', async () => {
    streams.set('ledger-acme', sampleBook('acme', [{ type: 'ledger.opened', case: null, data: {} }, ...Array.from({ length: 600 }, () => ({ type: 'dependency.lost', case: null, data: {} }))]));
    streams.delete('doer-acme');
    expect((await jsonAt(VERIFICATION)).body).toMatchObject({ verdict: 'consistent', ledger: { entries: 601 } });
  });

  it('runs one at a time, lets two wait, tells the next to come back, and drops the work of who went away', async () => {
    const reads: string[] = [];
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    store = {
      ...store,
      async *read(stream, ...asked) {
        reads.push(stream);
        arrive();
        await held;
        yield* sampleStore(streams).read(stream, ...asked);
      },
    };
    const server = app.getHttpServer() as Server;
    const closed = new Promise((resolve) => server.once('secureConnection', (socket: TLSSocket) => socket.once('close', resolve)));
    const leaver = request(`${origin}${VERIFICATION}`, { ca, headers: { authorization: `Bearer ${TOKEN}` } }).on('error', () => undefined);
    leaver.end();
    await arrived;
    const waiting = [1, 2, 3].map(() => jsonAt(VERIFICATION));
    expect(await Promise.race(waiting)).toMatchObject({ status: 503, body: { code: 'busy' }, headers: { 'retry-after': '5' } });
    leaver.destroy();
    await closed;
    go();
    expect((await Promise.all(waiting)).map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect(reads).toEqual(['ledger-acme', 'ledger-acme', 'doer-acme', 'ledger-acme', 'doer-acme']);
  });

  it('says 503 and no more while the store is away', async () => {
    const away = () => Promise.reject(new CodedError('store_unreachable', 'the store did not answer'));
    store = { ...store, read: () => ({ [Symbol.asyncIterator]: () => ({ next: away }) }) };
    for (const path of [VERIFICATION, '/v1/tenants/acme/ledger/export'])
      expect(await jsonAt(path)).toMatchObject({ status: 503, headers: { 'retry-after': '1', 'content-type': 'application/problem+json; charset=utf-8' }, body: { code: 'store_unreachable' } });
    expect(await jsonAt('/ready', null)).toMatchObject({ status: 503, body: { ready: false, missing: [{ dependency: 'store', missing: 'store_unreachable' }] } });
  });
});

describe('the export', () => {
  it.each<[string, string, readonly StoredEntry[]]>([
    ['ledger', '/v1/tenants/acme/ledger/export', ledger],
    ['journal', '/v1/tenants/acme/journal/export', journal],
  ])('of the %s is its exact bytes, one entry a line', async (book, path, entries) => {
    const { status, text, headers } = await get(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'content-disposition': `attachment; filename="${book}-acme.ndjson"` });
    expect(text).toBe(entries.map(({ bytes }) => `${Buffer.from(bytes).toString()}\n`).join(''));
  });

  it('is torn, not ended, when the store goes away in the middle', async () => {
    streams.set('ledger-acme', sampleBook('acme', [{ type: 'ledger.opened', case: null, data: {} }, ...Array.from({ length: 3_000 }, () => ({ type: 'dependency.lost', case: null, data: {} }))]));
    const memory = sampleStore(streams);
    store = {
      ...memory,
      async *read(...asked) {
        for await (const stored of memory.read(...asked)) {
          if (stored.revision === 2_500) throw new CodedError('store_unreachable', 'away');
          yield stored;
        }
      },
    };
    await expect(get('/v1/tenants/acme/ledger/export')).rejects.toThrow('aborted');
  });
});

describe('who may ask', () => {
  it('is told the same for no token, a wrong one, another tenant and one that does not exist', async () => {
    const answers = await Promise.all([
      get(VERIFICATION, null),
      get(VERIFICATION, 'a-token-that-nobody-has'),
      get(VERIFICATION, OTHERS),
      get('/v1/tenants/nobody/ledger/verification'),
      get('/V1/tenants/acme/Ledger/export', OTHERS),
      get('/v1/tenants/%61cme/journal/export', OTHERS),
      get('/v1/nothing', null),
      ask(`${origin}${VERIFICATION}`, ca, basic('someone')),
    ]);
    const [first] = answers;
    for (const { status, text, headers } of answers) expect([status, text, headers['www-authenticate']]).toEqual([401, first.text, first.headers['www-authenticate']]);
    expect(JSON.parse(first.text)).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('may use Basic as user auditor, and asks for the process\'s health without a token', async () => {
    expect((await ask(`${origin}${VERIFICATION}`, ca, basic('auditor'))).status).toBe(200);
    expect(await jsonAt('/health', null)).toMatchObject({ status: 200, body: { alive: true } });
    expect((await get('/ready', null)).status).toBe(200);
    expect((await get('/v1/nothing')).status).toBe(404);
  });
});

it('reads the real store with the rights of a notary', async () => {
  const real = await startEmbedded([{ name: 'notary', append: ['checkpoints-'], read: ['ledger-', 'doer-', 'checkpoints-'] }]);
  const storeCa = Buffer.from(real.cert);
  const [writer, reader] = ['root', 'notary'].map((user) => openStore({ address: real.address, ca: storeCa, user, password: `${user}-secret` })) as [EventStore, EventStore];
  await writer.append('ledger-acme', ledger, -1);
  await writer.append('doer-acme', journal, -1);
  store = reader;
  expect((await jsonAt(VERIFICATION)).body).toMatchObject({ verdict: 'consistent', ledger: { entries: 4 }, receipts: { matched: 2 } });
  await writer.close();
  await reader.close();
  await real.stop();
});
