import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listen } from '#edge';
import { decodeEntry, entryHash, type StoredEntry } from '#ledger';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { loopbackTls } from '../../test/loopback.js';
import { describeWith } from '../../test/programs.js';
import { notaryApp } from './app.js';
import { followingNotary } from '../../test/ledger/following-notary.js';

const SCRIPT = readFileSync('docs/verify.mjs', 'utf8');
const PAGE = readFileSync('docs/verify-it-yourself.md', 'utf8');

const journal = sampleBook('acme', [
  { type: 'journal.opened', case: null, data: { app: 'doer' } },
  { type: 'lease.requested', case: 'c-1', data: { order: 1, portal: 'scim', odd: { 10: 'a', 9: 'b', é: '\u2028\r' } } },
  { type: 'lease.requested', case: 'c-1', data: { order: 1, portal: 'directory' } },
]);
const receiptOf = ({ revision, bytes }: StoredEntry): Said => ({ type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } });
const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: { by: 'gatekeeper' } }, ...journal.slice(0, 2).map(receiptOf), { type: 'case.ended', case: 'c-1', data: { as: 'done' } }];
const ledger = sampleBook('acme', story);
const linesOf = (entries: readonly StoredEntry[]): Buffer => Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
const headOf = (entries: readonly StoredEntry[]): string => entryHash(entries.at(-1)?.bytes ?? new Uint8Array());

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  for (const program of ['verify.mjs', 'verify.py']) copyFileSync(join('docs', program), join(folder, program));
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
function run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}
/** The script's verdict over these exports. */
function verify(ledgerBytes: Uint8Array, journalBytes?: Uint8Array): Promise<Outcome> {
  writeFileSync(join(folder, 'ledger.ndjson'), ledgerBytes);
  if (journalBytes) writeFileSync(join(folder, 'journal.ndjson'), journalBytes);
  return run(process.execPath, ['verify.mjs', 'ledger.ndjson', ...(journalBytes ? ['journal.ndjson'] : [])]);
}

describe('the checker', () => {
  it('has at most 40 lines and imports hashing and file reading alone', () => {
    expect(SCRIPT.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    expect([...SCRIPT.matchAll(/from '(.+)'|import\((.+)\)/g)].map(([, name]) => name)).toEqual(['node:crypto', 'node:fs']);
  });

  it('finds a good export good', async () => {
    const { code, out } = await verify(linesOf(ledger), linesOf(journal));
    expect(out).toBe(`journal: 3 entries, head ${headOf(journal)}\nledger: 4 entries, head ${headOf(ledger)}\nreceipts: 2 of 3 journal entries\n`);
    expect(code).toBe(0);
    expect((await verify(linesOf(ledger))).code).toBe(0);
  });

  it('says which entry does not fit', async () => {
    const changed = (seq: number, from: string, to: string) => linesOf(ledger.map((stored) => (stored.revision === seq ? { ...stored, bytes: Buffer.from(Buffer.from(stored.bytes).toString().replace(from, to)) } : stored)));
    const [first, second, third, fourth] = ledger as [StoredEntry, StoredEntry, StoredEntry, StoredEntry];
    const cases: [Uint8Array, RegExp][] = [
      [changed(1, 'gatekeeper', 'gatekeepes'), /^ledger entry 2: its prev/],
      [changed(1, '{', '['), /^ledger entry 1: it is not JSON/],
      [changed(3, '"seq":3', '"seq":4'), /^ledger entry 3: it says that it is entry 4/],
      [changed(3, '"tenant":"acme"', '"tenant":"acne"'), /^ledger entry 3: it is of another tenant/],
      [linesOf([first, third, fourth]), /^ledger entry 1: its prev/],
      [linesOf([first, second, second, third]), /^ledger entry 2: its prev/],
      [linesOf([second]), /^ledger entry 0: its prev/],
      [linesOf(sampleBook('acme', [story[0]!, story[2]!])), /^ledger entry 1: it is not the receipt of journal entry 0/],
      [linesOf(sampleBook('acme', [story[0]!, { ...story[1]!, data: { ...story[1]!.data, hash: 'f'.repeat(64) } }])), /^ledger entry 1: it is not the receipt/],
    ];
    for (const [bytes, words] of cases) {
      const { code, err } = await verify(bytes, linesOf(journal));
      expect(err).toMatch(words);
      expect(code).toBe(1);
    }
    expect(await verify(linesOf(ledger), linesOf(journal.slice(0, 1)))).toMatchObject({ code: 1, err: expect.stringMatching(/^ledger entry 2: it is not the receipt of journal entry 1/) });
  });

  it('says that it could not read what is missing, empty or cut short', async () => {
    expect(await run(process.execPath, ['verify.mjs'])).toMatchObject({ code: 2, err: expect.stringMatching(/^usage: node verify\.mjs ledger\.ndjson \[journal\.ndjson\]$/m) as unknown });
    expect((await run(process.execPath, ['verify.mjs', 'no-such-file'])).code).toBe(2);
    expect(await verify(Buffer.alloc(0))).toMatchObject({ code: 2, err: 'could not read: the ledger is empty\n' });
    expect(await verify(linesOf(ledger).subarray(0, -1))).toMatchObject({ code: 2, err: expect.stringContaining('cut short') });
  });

  it('never finds a ledger good with another byte anywhere, unless its head is another too', async () => {
    const good = linesOf(ledger);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bad = Buffer.from(good);
        bad[at]! ^= flip;
        const { code, out } = await verify(bad, linesOf(journal));
        expect(code !== 0 || !out.includes(`ledger: 4 entries, head ${headOf(ledger)}`)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

describeWith('curl', 'python3', 'jq', 'sha256sum')('the page', () => {
  it('says what its commands do, run as they are written', async () => {
    const token = 'a-token-of-an-auditor';
    const tls = await loopbackTls();
    const store = sampleStore(new Map([['ledger-acme', ledger], ['doer-acme', journal]]));
    const tenants = [{ id: 'acme', tokens: [{ name: 'auditor', sha256: createHash('sha256').update(token).digest('hex') }] }];
    const signing = await followingNotary({ store, tenant: 'acme', folder: join(folder, 'checkpoints') });
    const app = await notaryApp({ tenants, notaries: new Map([['acme', signing]]), store, tls, clock: () => new Date('2026-11-23T09:01:00.000Z'), log: () => undefined });
    const notary = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')}`;
    writeFileSync(join(folder, 'ca.pem'), tls.ca);
    writeFileSync(join(folder, 'authorization.txt'), `Authorization: Bearer ${token}\n`, { mode: 0o600 });

    const blocks = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].map(([, command]) => command ?? '');
    const outcomes: Outcome[] = [];
    for (const command of blocks) outcomes.push(await run('/bin/sh', ['-ec', command], { NOTARY: notary, TENANT: 'acme' }));
    await app.close();
    await signing.close();
    expect(outcomes.map(({ code, err }) => [code, err])).toEqual(blocks.map(() => [0, '']));
    const [, verdict, answer, first, , pinned, python, shell] = outcomes;
    const shape = /```\n(journal: .*?)```/s.exec(PAGE)?.[1] ?? '';
    expect(verdict?.out.replaceAll(/[0-9a-f]{64}/g, '<hash>').replace(/receipts: \d+/, 'receipts: <taken>').replaceAll(/\b\d+ (?=entries|journal)/g, '<entries> ')).toBe(shape);
    expect(JSON.parse(answer?.out ?? '')).toMatchObject({ verdict: 'consistent', ledger: { head: { hash: headOf(ledger) } } });
    expect(first?.out).toBe(`${entryHash(ledger[0]!.bytes)}  -\n`);
    expect(JSON.parse(pinned?.out ?? '')).toMatchObject({ verdict: 'consistent_with_pinned', ledger: { head: { hash: headOf(ledger) } } });
    const { root } = (JSON.parse(pinned?.out ?? '') as { ledger: { root: string } }).ledger;
    expect(python?.out).toBe(`4 entries, head ${headOf(ledger)}, root ${root}\nthe first 4 are those of the checkpoint of log.example/ledger/acme\n`);
    expect(shell?.out).toBe(`4 entries, head ${headOf(ledger)}\n`);

    // the same two programs over a book rewritten whole, one cut, and one with a changed entry
    const checks = blocks.slice(-2);
    const over = async (entries: readonly StoredEntry[]): Promise<readonly (readonly [number, string])[]> => {
      writeFileSync(join(folder, 'ledger.ndjson'), linesOf(entries));
      return Promise.all(checks.map(async (command) => run('/bin/sh', ['-ec', command]).then(({ code, out, err }) => [code, out + err] as const)));
    };
    expect(await over(sampleBook('acme', story.map((one) => ({ ...one, actor: 'thief' }))))).toEqual([[1, 'the first 4 entries are not those of the checkpoint\n'], [0, expect.stringContaining('4 entries')]]);
    expect(await over(ledger.slice(0, 3))).toEqual([[1, 'the export ends at entry 3, and the checkpoint is over 4\n'], [0, expect.stringContaining('3 entries')]]);
    expect(await over(ledger.with(2, ledger[1]!))).toEqual([[1, expect.stringMatching(/^entry 2: /)], [1, 'ledger entry 2 does not fit\n']]);
  });
});
