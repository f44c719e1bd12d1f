import 'reflect-metadata';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listen } from '#edge';
import { CompactRange, leafHash, signCheckpoint, type StoredEntry, verifierKey } from '#ledger';
import { notaryApp } from '../../apps/notary/app.js';
import { sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { followingNotary, signerOf } from '../ledger/following-notary.js';
import { loopbackTls } from '../loopback.js';

/** Programs that others wrote: fsck of transparency-dev/tessera, and beside it our own offline verifier. */
const FSCK = execFileSync('tools/fsck.sh', { encoding: 'utf8' }).trim().split('\n').at(-1)!;
const TOKEN = 'a-token-of-an-auditor';
const SIZES = [1, 2, 255, 256, 257, 700];

const book = sampleBook('acme', Array.from({ length: 700 }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n } })));
let work: string;
let key: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'fsck-'));
  key = join(work, 'key');
  writeFileSync(key, `${verifierKey(signerOf('ledger'))}\n`);
});
afterAll(() => rmSync(work, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly words: string;
}
function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: { PATH: process.env.PATH ?? '', ...env } }, (_, out, err) => resolve({ code: child.exitCode ?? -1, words: out + err }));
  });
}
const fsck = (folder: string) => run(FSCK, [`file://${folder}/`, key]);
const own = (folder: string) => run(process.execPath, ['dist/apps/console/verify.js', folder, '--key', key]);

function noteOf(entries: readonly StoredEntry[]): string {
  const range = new CompactRange();
  for (const { bytes } of entries) range.append(leafHash(bytes));
  return signCheckpoint({ size: range.size, root: range.root() }, signerOf('ledger'));
}
/** The tiled log of these entries in a new folder, laid out by the console's command. */
async function laid(entries: readonly StoredEntry[], name: string): Promise<string> {
  const [file, note, folder] = [join(work, `${name}.ndjson`), join(work, `${name}.checkpoint`), join(work, name)] as const;
  writeFileSync(file, Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])));
  writeFileSync(note, noteOf(entries));
  expect(await run(process.execPath, ['dist/apps/console/tiles.js', file, note, folder])).toMatchObject({ code: 0 });
  return folder;
}

it.each(SIZES)('fsck and our own verifier accept a log of %i entries as it is laid out', async (size) => {
  const folder = await laid(book.slice(0, size), `good-${size}`);
  expect(await fsck(folder)).toMatchObject({ code: 0, words: expect.stringContaining('fsck: log.example/ledger/acme is good\n') });
  expect(await own(folder)).toMatchObject({ code: 0, words: expect.stringContaining(`consistent_with_pinned: ledger of acme, ${size} entries`) });
});

it('both refuse a byte changed in any file of it, and a file that is cut', async () => {
  const good = await laid(book.slice(0, 300), 'harmed');
  for (const path of ['checkpoint', 'tile/entries/000', 'tile/entries/001.p/44', 'tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1'])
    for (const [how, harm] of [['changed', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === Math.floor(bytes.length / 2) ? byte ^ 1 : byte)))], ['cut', (bytes: Buffer) => bytes.subarray(0, -1)]] as const) {
      const bad = join(work, 'bad');
      rmSync(bad, { recursive: true, force: true });
      cpSync(good, bad, { recursive: true });
      writeFileSync(join(bad, path), harm(readFileSync(join(bad, path))));
      expect([path, how, (await fsck(bad)).code]).toEqual([path, how, 1]);
      expect([path, how, (await own(bad)).code]).toEqual([path, how, expect.any(Number)]);
      expect((await own(bad)).code).toBeGreaterThan(0);
    }
});

it('both refuse tiles of one history beside entries of another, though each verifies alone', async () => {
  const other = sampleBook('acme', book.slice(0, 300).map(({ type }, n) => ({ type, case: null, data: { n: n === 120 ? 'otherwise' : n } })));
  const [one, two] = [await laid(book.slice(0, 300), 'one'), await laid(other, 'two')];
  for (const folder of [one, two]) expect([(await fsck(folder)).code, (await own(folder)).code]).toEqual([0, 0]);
  cpSync(join(two, 'tile/entries'), join(one, 'tile/entries'), { recursive: true });
  expect([(await fsck(one)).code, (await own(one)).code]).toEqual([1, 1]);
});

it('our own verifier refuses what fsck lets pass: bytes after a partial tile, and an entry too many', async () => {
  const folder = await laid(book.slice(0, 300), 'beyond');
  for (const [path, more] of [['tile/0/001.p/44', Buffer.alloc(32)], ['tile/entries/001.p/44', Buffer.of(0, 1, 0x41)]] as const) {
    const before = readFileSync(join(folder, path));
    writeFileSync(join(folder, path), Buffer.concat([before, more]));
    expect(await own(folder)).toMatchObject({ code: 1 });
    writeFileSync(join(folder, path), before);
  }
});

it('fsck accepts what the notary serves over HTTPS, and refuses it once the store was changed', async () => {
  const tls = await loopbackTls();
  const streams = new Map<string, readonly StoredEntry[]>([['ledger-acme', book]]);
  const store = sampleStore(streams);
  const notary = await followingNotary({ store, folder: join(work, 'heads') });
  const tenants = [{ id: 'acme', tokens: [{ name: 'auditor', sha256: createHash('sha256').update(TOKEN).digest('hex') }] }];
  const app = await notaryApp({ tenants, notaries: new Map([['acme', notary]]), store, tls, clock: () => new Date(), log: () => undefined });
  const address = (await listen(app, '127.0.0.1:0', 'GATEHOUSE_NOTARY_LISTEN')).replace('127.0.0.1', 'localhost');
  writeFileSync(join(work, 'ca.pem'), tls.ca);
  writeFileSync(join(work, 'authorization'), `Bearer ${TOKEN}\n`, { mode: 0o600 });
  const served = () => run(FSCK, [`https://${address}/v1/tenants/acme/ledger/log/`, key], { SSL_CERT_FILE: join(work, 'ca.pem'), AUTHORIZATION_FILE: join(work, 'authorization') });
  try {
    expect(await served()).toMatchObject({ code: 0, words: expect.stringContaining('fsck: log.example/ledger/acme is good\n') });
    streams.set('ledger-acme', book.with(120, { ...book[120]!, bytes: Buffer.from(Buffer.from(book[120]!.bytes).toString().replace('"n":120', '"n":121')) }));
    expect((await served()).code).not.toBe(0);
  } finally {
    await app.close();
    await notary.close();
  }
});
