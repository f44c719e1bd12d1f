import 'reflect-metadata';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../../test/ledger/following-notary.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { SmallWitness } from '../../test/ledger/small-witness.js';
import { until } from '../../test/until.js';
import type { TenantNotary } from './tenant-notary.js';

const KEY = { id: 'AKIDEXAMPLE', secret: 'a secret of the spec' };
const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: {} }, ...Array.from({ length: 5 }, (_, n) => ({ type: 'case.ended', case: `c-${n}`, data: { as: 'done' } }))];
const book = sampleBook('acme', story);

/** A bucket that believes nobody: it makes each signature again by the steps of the documentation, from what arrived. */
class SmallBucket {
  readonly objects = new Map<string, string>();
  readonly statuses: number[] = [];
  broken: number | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => void parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        const status = this.broken ?? (isSigned(request, body) ? 200 : 403);
        if (status === 200) this.objects.set(request.url ?? '', body.toString('utf8'));
        this.statuses.push(status);
        response.writeHead(status).end();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/checkpoints/of%20gatehouse`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function isSigned({ method, url, headers }: IncomingMessage, body: Buffer): boolean {
  const [, id, day, names = '', signature = ''] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/eu-central-1\/s3\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? [];
  const digest = createHash('sha256').update(body).digest('hex');
  const time = String(headers['x-amz-date']);
  if (id !== KEY.id || digest !== headers['x-amz-content-sha256'] || !time.startsWith(`${day}T`) || !['host', 'x-amz-date', 'x-amz-content-sha256'].every((name) => names.split(';').includes(name))) return false;
  const canonical = `${method}\n${url}\n\n${names.split(';').map((name) => `${name}:${String(headers[name])}\n`).join('')}\n${names}\n${digest}`;
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = mac(mac(mac(mac(`AWS4${KEY.secret}`, day ?? ''), 'eu-central-1'), 's3'), 'aws4_request');
  const expected = mac(key, `AWS4-HMAC-SHA256\n${time}\n${day}/eu-central-1/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

let folder: string;
let store: MemoryStore;
let bucket: SmallBucket;
let url: string;
let running: TenantNotary[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bucket-'));
  store = new MemoryStore();
  bucket = new SmallBucket();
  url = await bucket.start();
  running = [];
});
afterEach(async () => {
  for (const notary of running) await notary.close();
  await bucket.stop();
  rmSync(folder, { recursive: true });
});

function start(more: { readonly secret?: string; readonly witness?: SmallWitness } = {}) {
  const buckets = [{ url, region: 'eu-central-1', key: { ...KEY, secret: more.secret ?? KEY.secret } }];
  const started = notaryUnderTest({ store, folder, outside: { buckets, pausesSeconds: [0.001], witnesses: more.witness ? [more.witness.at] : [] } });
  running.push(started.notary);
  return started;
}
const append = (from: number, to: number): Promise<void> => store.append('ledger-acme', book.slice(from, to), from - 1);
const at = (name: string): string => bucket.objects.get(`/checkpoints/of%20gatehouse/acme/ledger/${name}`) ?? '';
const sizeAt = (name: string): number => openCheckpoint(at(name), signerOf('ledger')).size;

describe('a bucket', () => {
  it('takes each checkpoint by its size, and the last one, under a signature that holds', async () => {
    await append(0, 2);
    const { notary } = start();
    await until(() => at('checkpoint') !== '');
    await append(2, 4);
    await until(() => bucket.statuses.length === 4);
    expect([...bucket.objects.keys()].map((path) => path.split('/').at(-1))).toEqual(['000000000000002', 'checkpoint', '000000000000004']);
    expect([sizeAt('000000000000002'), sizeAt('000000000000004'), sizeAt('checkpoint')]).toEqual([2, 4, 4]);
    await until(() => notary.outside.reports.every(({ trying }) => !trying));
    expect(notary.outside.reports[0]).toEqual({ book: 'ledger', to: new URL(url).host, waiting: 0, trying: false, trouble: null });
  });

  it('takes it once more with the cosignature that came for it', async () => {
    const witness = await SmallWitness.start(signerOf('ledger'));
    try {
      await append(0, 2);
      start({ witness });
      await until(() => at('checkpoint').includes('witness.example/w'));
      expect(at('000000000000002')).toBe(at('checkpoint'));
    } finally {
      await witness.stop();
    }
  });

  it('refuses who signs with another secret, which is shown and never said', async () => {
    await append(0, 2);
    const { logged, events } = start({ secret: 'not the secret' });
    expect(await logged('not_handed_over')).toEqual({ tenant: 'acme', book: 'ledger', to: new URL(url).host, size: 2, code: 'bucket_refused' });
    expect(bucket.objects.size).toBe(0);
    expect(JSON.stringify(events)).not.toContain('not the secret');
  });

  it('that is away delays nothing, and gets the checkpoints that it missed', async () => {
    bucket.broken = 503;
    await append(0, 2);
    const { logged } = start();
    expect(await logged('not_handed_over')).toMatchObject({ code: 'bucket_away' });
    await append(2, 3);
    expect(await logged('checkpoint_signed', 2)).toMatchObject({ size: 3 });
    bucket.broken = undefined;
    await append(3, 4);
    await until(() => at('checkpoint') !== '' && sizeAt('checkpoint') === 4);
    expect([sizeAt('000000000000002'), sizeAt('000000000000003')]).toEqual([2, 3]);
  });
});
