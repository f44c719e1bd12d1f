import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { listen } from '#edge';
import { CompactRange, type EventStore, leafHash, noteSigner, signCheckpoint, type StoredEntry, verifierKey } from '#ledger';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { followingNotary, signerOf } from '../../test/ledger/following-notary.js';
import { ask, loopbackTls } from '../../test/loopback.js';
import { notaryApp } from './app.js';
import type { TenantNotary } from './tenant-notary.js';

const TOKEN = 'a-token-of-an-auditor';
const NOW = new Date('2026-11-23T09:01:00.000Z');
const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: {} }, ...[1, 2, 3].map((n) => ({ type: 'note.taken', case: 'c-1', data: { n } }))];
const ledger = sampleBook('acme', story);
const journal = sampleBook('acme', [{ type: 'journal.opened', case: null, data: {} }]);
const rewritten = sampleBook('acme', story.map((one) => ({ ...one, actor: 'thief' })));
const rootOf = (entries: readonly StoredEntry[], size: number): Uint8Array => {
  const tree = new CompactRange();
  for (const { bytes } of entries.slice(0, size)) tree.append(leafHash(bytes));
  return tree.root();
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const noteOf = (size: number, signer = signerOf('ledger')): string => signCheckpoint({ size, root: rootOf(ledger, size) }, signer);

const streams = new Map<string, readonly StoredEntry[]>();
let folder: string;
let app: NestExpressApplication;
let origin: string;
let ca: Buffer;
/** Who answers for the tenant: one that has signed the four entries, or one whose own heads were taken as well. */
let signing: TenantNotary;
let headless: TenantNotary;
const notaries = new Map<string, TenantNotary>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  const store: EventStore = sampleStore(new Map([['ledger-acme', ledger], ['doer-acme', journal]]));
  signing = await followingNotary({ store, folder, clock: () => NOW });
  headless = await followingNotary({ store: sampleStore(new Map()), folder: join(folder, 'other') });
  const tls = await loopbackTls();
  ca = tls.ca;
  const tenants = [{ id: 'acme', tokens: [{ name: 'auditor', sha256: createHash('sha256').update(TOKEN).digest('hex') }] }];
  app = await notaryApp({ tenants, notaries, store: sampleStore(streams), tls, clock: () => NOW, log: () => undefined });
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}`;
});
afterAll(async () => {
  await app.close();
  await signing.close();
  await headless.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  notaries.set('acme', signing);
  streams.set('ledger-acme', ledger);
  streams.set('doer-acme', journal);
});

async function verdict(query: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: unknown }> {
  const { status, text } = await ask(`${origin}/v1/tenants/acme/ledger/verification?${new URLSearchParams(query).toString()}`, ca, `Bearer ${TOKEN}`);
  return { status, body: JSON.parse(text) as unknown };
}
const holding = (note: string) => verdict({ checkpoint: Buffer.from(note).toString('base64url') });

describe('a head that the auditor holds', () => {
  it('is what the verdict then rests on, as a note of either book or as size and root', async () => {
    expect(await holding(noteOf(3))).toMatchObject({ status: 200, body: { verdict: 'consistent_with_pinned', rests_on: ['the books themselves', expect.stringContaining('4 entries of the ledger that the notary'), expect.stringContaining('notary'), 'a checkpoint over 3 entries of the ledger that the auditor holds'] } });
    expect(await verdict({ size: '2', root: hex(rootOf(ledger, 2)) })).toMatchObject({ body: { verdict: 'consistent_with_pinned' } });
    expect(await holding(signCheckpoint({ size: 1, root: rootOf(journal, 1) }, signerOf('journal')))).toMatchObject({ body: { verdict: 'consistent_with_pinned' } });
  });

  it('shows a store that was rewritten whole, which is consistent with itself', async () => {
    streams.set('ledger-acme', rewritten);
    notaries.set('acme', headless);
    expect(await verdict()).toMatchObject({ body: { verdict: 'consistent', ledger: { entries: 4 }, checkpoints: { ledger: null } } });
    const found = { verdict: 'inconsistent', finding: { book: 'ledger', seq: 0, code: 'checkpoint_mismatch' } };
    expect(await holding(noteOf(3))).toMatchObject({ body: found });
    expect(await verdict({ size: '3', root: hex(rootOf(ledger, 3)) })).toMatchObject({ body: found });
    notaries.set('acme', signing);
    expect(await verdict()).toMatchObject({ body: found });
  });

  it('shows an end that was cut off, where the notary signed it', async () => {
    streams.set('ledger-acme', ledger.slice(0, 2));
    notaries.set('acme', headless);
    expect(await verdict()).toMatchObject({ body: { verdict: 'consistent' } });
    expect(await holding(noteOf(4))).toMatchObject({ body: { verdict: 'inconsistent', finding: { seq: 2, code: 'cut' } } });
    expect(await verdict({ size: '4', root: hex(rootOf(ledger, 4)) })).toMatchObject({ status: 422, body: { code: 'size_beyond_head' } });
  });

  it('is refused in words where it is none', async () => {
    const cases: [Readonly<Record<string, string>>, number, string][] = [
      [{ checkpoint: '' }, 400, 'held_malformed'],
      [{ checkpoint: 'not base64!' }, 400, 'held_malformed'],
      [{ size: '3' }, 400, 'held_malformed'],
      [{ root: hex(rootOf(ledger, 3)) }, 400, 'held_malformed'],
      [{ size: '-3', root: hex(rootOf(ledger, 3)) }, 400, 'held_malformed'],
      [{ size: '3', root: 'ab' }, 400, 'held_malformed'],
      [{ sice: '3' }, 400, 'unknown_parameter'],
      [{ size: '0', root: hex(rootOf(ledger, 0)) }, 422, 'held_empty'],
    ];
    for (const [query, status, code] of cases) expect(await verdict(query)).toMatchObject({ status, body: { code } });
  });

  it('beyond the head is refused with both sizes', async () => {
    expect(await verdict({ size: '5', root: hex(rootOf(ledger, 4)) })).toMatchObject({ status: 422, body: { code: 'size_beyond_head', errors: [{ field: 'size', message: '5 is beyond the 4 entries of the ledger' }] } });
  });

  it.each<[string, () => string, number, string, RegExp]>([
    ['no note', () => 'nonsense', 400, 'note_malformed', /not a signed note: no blank line/],
    ['a note that is no checkpoint', () => noteOf(3).replace('\n3\n', '\nthree\n'), 400, 'checkpoint_malformed', /origin, size and base64/],
    ["another tenant's", () => noteOf(3, signerOf('ledger', 'globex')), 422, 'checkpoint_origin', /a checkpoint of log\.example\/ledger\/globex, not of log\.example\/ledger\/acme/],
    ["an unknown signer's", () => noteOf(3, noteSigner(signerOf('ledger').name, new Uint8Array(32).fill(9))), 422, 'note_unknown_signer', /no signature of log\.example\/ledger\/acme with key id [0-9a-f]{8}/],
    ['changed after it was signed', () => noteOf(3).replace('\n3\n', '\n2\n'), 422, 'note_signature', /is not over this text/],
  ])('that is %s is refused, with what is wrong and what would be right', async (_, note, status, code, message) => {
    expect(await holding(note())).toMatchObject({ status, body: { code, detail: expect.stringMatching(/.{20}/), errors: [{ field: 'checkpoint', message: expect.stringMatching(message) }] } });
  });
});

it('shows its own last checkpoint of each book, when it was signed, and who verifies it', async () => {
  const { body } = await verdict();
  expect(body).toMatchObject({
    verdict: 'consistent',
    checkpoints: { ledger: { size: 4, at: NOW.toISOString(), note: noteOf(4), key: verifierKey(signerOf('ledger')) }, journal: { size: 1 } },
  });
});
