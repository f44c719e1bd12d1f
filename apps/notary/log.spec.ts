import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { JsonObject, JsonValue } from '#decider';
import { listen } from '#edge';
import { decodeEntry, leafHash, MerkleTree, openCheckpoint, parseVerifierKey, readDisclosure, type StoredEntry, tileAt, tileBytes, tiledEntries, verifyConsistency, verifyInclusion } from '#ledger';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { followingNotary, signerOf } from '../../test/ledger/following-notary.js';
import { askBytes, loopbackTls } from '../../test/loopback.js';
import { notaryApp } from './app.js';
import type { TenantNotary } from './tenant-notary.js';

const TOKEN = 'a-token-of-an-auditor';
const SIZE = 300;
const story: readonly Said[] = Array.from({ length: SIZE }, (_, n) => (n === 0 ? { type: 'ledger.opened', case: null, data: {} } : { type: 'note.taken', case: `c-${n % 7}`, data: { n, about: 'c-3' } }));
const ledger = sampleBook('acme', story);
const tree = new MerkleTree();
for (const { bytes } of ledger) tree.append(leafHash(bytes));

const streams = new Map<string, readonly StoredEntry[]>();
let folder: string;
let app: NestExpressApplication;
let notary: TenantNotary;
let address: string;
let ca: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  notary = await followingNotary({ store: sampleStore(new Map([['ledger-acme', ledger]])), folder });
  const tls = await loopbackTls();
  ca = tls.ca;
  const tenants = ['acme', 'globex'].map((id) => ({ id, tokens: [{ name: 'auditor', sha256: createHash('sha256').update(id === 'acme' ? TOKEN : `${TOKEN}-else`).digest('hex') }] }));
  app = await notaryApp({ tenants, notaries: new Map([['acme', notary]]), store: sampleStore(streams), tls, clock: () => new Date(), log: () => undefined });
  address = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}/v1/tenants/acme/`;
});
afterAll(async () => {
  await app.close();
  await notary.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => void streams.set('ledger-acme', ledger));

const get = (path: string, token = TOKEN) => askBytes(address + path, ca, `Bearer ${token}`);
const jsonAt = async (path: string) => JSON.parse((await get(path)).bytes.toString()) as JsonObject;
const hashOf = (text: JsonValue | undefined): Uint8Array => Buffer.from(text as string, 'hex');
const hashesOf = (list: JsonValue | undefined): Uint8Array[] => (list as string[]).map(hashOf);
const harmed = (seq: number) => ledger.with(seq, { ...ledger[seq]!, bytes: Buffer.from(ledger[seq]!.bytes).fill('x', 10, 12) });

describe('the log', () => {
  it('is served as tiles, bundles, checkpoint and key, which fit', async () => {
    const key = parseVerifierKey((await get('ledger/log/key')).bytes.toString().trim());
    const { status, bytes, headers } = await get('ledger/log/checkpoint');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/plain; charset=utf-8', 'no-store']);
    const { size, root } = openCheckpoint(bytes.toString(), key);
    expect([size, Buffer.compare(root, tree.root(SIZE))]).toEqual([SIZE, 0]);
    const files = new Map<string, Uint8Array>();
    for (const path of ['tile/entries/000', 'tile/entries/001.p/44', 'tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1']) files.set(path, (await get(`ledger/log/${path}`)).bytes);
    expect([...tiledEntries(SIZE, (path) => files.get(path)!)].map((one) => Buffer.compare(one.bytes, ledger[one.revision]!.bytes))).toEqual(ledger.map(() => 0));
    for (const [path, content] of files) {
      const tile = tileAt(path)!;
      if (tile.level !== 'entries') expect(Buffer.compare(content, tileBytes(tree, { ...tile, level: tile.level }))).toBe(0);
    }
    expect((await get('ledger/log/tile/0/000')).headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  it('has nothing at other addresses, and nothing for others', async () => {
    for (const path of ['tile/0/001', 'tile/0/001.p/45', 'tile/0/002.p/1', 'tile/1/000.p/2', 'tile/entries/001', 'tile/0/0', 'tile/0/000/..%2f..', 'tile/x', 'nothing']) expect([path, (await get(`ledger/log/${path}`)).status]).toEqual([path, 404]);
    for (const path of ['journal/log/checkpoint', 'checkpoints/log/checkpoint', 'toString/log/checkpoint']) expect((await get(path)).status).toBe(404);
    for (const path of ['ledger/log/checkpoint', 'ledger/log/tile/0/000', 'ledger/proofs/inclusion?seq=1', 'ledger/cases/c-1/disclosure']) expect((await get(path, `${TOKEN}-else`)).status).toBe(401);
  });

  it('does not hand out a bundle that was changed in the store under a head that was signed', async () => {
    streams.set('ledger-acme', harmed(280));
    expect((await get('ledger/log/tile/entries/000')).status).toBe(200);
    expect(await jsonAt('ledger/log/tile/entries/001.p/44')).toMatchObject({ status: 500, code: 'log_mismatch' });
    streams.set('ledger-acme', ledger.slice(0, 290));
    expect(await jsonAt('ledger/log/tile/entries/001.p/44')).toMatchObject({ code: 'log_mismatch' });
  });
});

describe('a proof', () => {
  it('of inclusion holds, and says between which checkpoints the entry was written', async () => {
    const proof = await jsonAt('ledger/proofs/inclusion?seq=17&size=201');
    expect(verifyInclusion(leafHash(ledger[17]!.bytes), 17, hashesOf(proof.path), { size: 201, root: tree.root(201) })).toBe(true);
    expect(proof).toMatchObject({ log: signerOf('ledger').name, seq: 17, size: 201, checkpoint: null, written: { after: null, before: '2026-11-23T10:00:00.000Z' } });
    const { size, checkpoint } = await jsonAt('ledger/proofs/inclusion?seq=0');
    expect([size, openCheckpoint(checkpoint as string, signerOf('ledger')).size]).toEqual([SIZE, SIZE]);
  });

  it('of consistency holds', async () => {
    const { from, to, path } = (await jsonAt('ledger/proofs/consistency?from=77')) as { from: JsonObject; to: JsonObject; path: JsonValue };
    expect([from.size, to.size]).toEqual([77, SIZE]);
    expect(verifyConsistency({ size: 77, root: hashOf(from.root) }, { size: SIZE, root: hashOf(to.root) }, hashesOf(path))).toBe(true);
    expect(Buffer.compare(hashOf(from.root), tree.root(77))).toBe(0);
  });

  it('of the times is the tightest of each clock, with the notes that say so', async () => {
    const { claimed, after, before } = await jsonAt('ledger/proofs/time?seq=17');
    expect([claimed, after]).toEqual([decodeEntry(ledger[17]!.bytes).at, []]);
    expect(before).toEqual([{ clock: 'notary', size: SIZE, at: '2026-11-23T10:00:00.000Z', note: expect.any(String) }]);
    const [{ note }] = before as [{ note: string }];
    expect(openCheckpoint(note, signerOf('ledger')).size).toBe(SIZE);
    streams.set('ledger-acme', harmed(17));
    expect(await jsonAt('ledger/proofs/time?seq=17')).toMatchObject({ status: 500, code: 'log_mismatch' });
  });

  it.each([
    ['inclusion?seq=300', 422, 'tree_range', 'seq is 300, and can be 299 at most'],
    ['inclusion?seq=5&size=5', 422, 'tree_range', 'seq is 5, and can be 4 at most'],
    ['inclusion?seq=1&size=301', 422, 'tree_range', 'size is 301, and can be 300 at most'],
    ['inclusion?seq=0&size=0', 422, 'tree_range', 'seq is 0, and there is no entry in the ledger'],
    ['inclusion', 400, 'query_malformed', 'seq must be a whole number'],
    ['inclusion?seq=-1', 400, 'query_malformed', 'seq must be a whole number'],
    ['inclusion?seq=1e1', 400, 'query_malformed', 'seq must be a whole number'],
    ['inclusion?seq=1&seq=2', 400, 'query_malformed', 'seq must be a whole number'],
    ['consistency?from=9&to=8', 422, 'tree_range', 'from is 9, and can be 8 at most'],
    ['consistency?from=9&to=301', 422, 'tree_range', 'to is 301, and can be 300 at most'],
    ['consistency?to=8', 400, 'query_malformed', 'from must be a whole number'],
    ['time?seq=300', 422, 'tree_range', 'seq is 300, and can be 299 at most'],
    ['time', 400, 'query_malformed', 'seq must be a whole number'],
  ])('%s is refused in words', async (path, status, code, message) => {
    expect(await jsonAt(`ledger/proofs/${path}`)).toMatchObject({ status, code, detail: expect.stringMatching(/.{20}/), errors: [{ field: 'query', message }] });
  });
});

it.each([
  ['ledger/proofs/inclusion?seq=1&sice=2', ['sice'], 'this address takes seq, size'],
  ['ledger/proofs/consistency?form=1', ['form'], 'this address takes from, to'],
  ['ledger/proofs/time?seq=1&size=2', ['size'], 'this address takes seq'],
  ['ledger/verification?checkpoints=x&Size=1', ['checkpoints', 'Size'], 'this address takes checkpoint, size, root'],
  ['ledger/export?from=7', ['from'], 'this address takes no parameters'],
  ['journal/export?x[y]=7', ['x[y]'], 'this address takes no parameters'],
  ['ledger/log/checkpoint?size=7', ['size'], 'this address takes no parameters'],
  ['ledger/cases/c-1/disclosure?__proto__=7', ['__proto__'], 'this address takes no parameters'],
])('%s has parameters that are not known, and they are named', async (path, names, message) => {
  expect(await jsonAt(path)).toMatchObject({ status: 400, code: 'unknown_parameter', detail: expect.stringMatching(/.{20}/), errors: names.map((field) => ({ field, message })) });
});

describe('the file of one case', () => {
  it('holds its entries, each proven, and nothing of another', async () => {
    const { entries, checkpoint } = readDisclosure(await jsonAt('ledger/cases/c-3/disclosure'));
    expect(entries.map(({ entry }) => entry.seq)).toEqual(ledger.map(({ revision }) => revision).filter((n) => n > 0 && n % 7 === 3));
    expect(openCheckpoint(checkpoint, signerOf('ledger')).size).toBe(SIZE);
  });

  it('does not open once anything in it was changed', async () => {
    const file = await jsonAt('ledger/cases/c-3/disclosure');
    const [first, ...rest] = file.entries as [{ entry: string; path: string[] }, ...JsonValue[]];
    const changes: [JsonObject, string][] = [
      [{ ...file, case: 'c-4' }, 'disclosure_refused'],
      [{ ...file, entries: rest }, 'disclosure_refused'],
      [{ ...file, entries: [] }, 'disclosure_malformed'],
      [{ ...file, entries: [{ ...first, entry: first.entry.replace('"n":3', '"n":4') }, ...rest] }, 'disclosure_refused'],
      [{ ...file, entries: [{ ...first, entry: ` ${first.entry}` }, ...rest] }, 'not_canonical'],
      [{ ...file, entries: [{ ...first, path: first.path.slice(1) }, ...rest] }, 'disclosure_refused'],
      [{ ...file, entries: [{ ...first, path: ['nonsense'] }, ...rest] }, 'disclosure_malformed'],
      [{ ...file, checkpoint: 'nonsense' }, 'note_malformed'],
      [{ v: 1 }, 'disclosure_malformed'],
    ];
    for (const [other, code] of changes) expect(() => readDisclosure(other)).toThrow(expect.objectContaining({ code }));
  });

  it('is not made of what was changed in the store, or of no entry', async () => {
    expect(await jsonAt('ledger/cases/c-9/disclosure')).toMatchObject({ status: 404, code: 'no_case' });
    streams.set('ledger-acme', ledger.with(3, { ...ledger[3]!, bytes: Buffer.from(Buffer.from(ledger[3]!.bytes).toString().replace('"n":3', '"n":4')) }));
    expect(await jsonAt('ledger/cases/c-3/disclosure')).toMatchObject({ status: 500, code: 'log_mismatch' });
    expect(await jsonAt('journal/cases/c-3/disclosure')).toMatchObject({ status: 422, code: 'no_checkpoint' });
  });
});
