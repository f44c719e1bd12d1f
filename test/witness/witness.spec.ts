import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cosignaturesOf, openCheckpoint, parseCanonical, verifierKey } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../ledger/following-notary.js';
import { MemoryStore } from '../ledger/memory-store.js';
import { until } from '../until.js';
import type { TenantNotary } from '../../apps/notary/tenant-notary.js';
import { Litewitness } from './litewitness.js';

/** A witness that others wrote. Needs Go to build it once (tools/witness.sh), and ssh-agent, ssh-keygen and sqlite3 to run it. */
const BINARY = binary();

function binary(): string | undefined {
  try {
    return execFileSync('tools/witness.sh', { encoding: 'utf8' }).trim().split('\n').at(-1);
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.warn('skipped: litewitness could not be built; see tools/witness.sh');
    return undefined;
  }
}

const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: {} }, ...Array.from({ length: 300 }, (_, n) => ({ type: 'case.ended', case: `c-${n}`, data: { as: 'done' } }))];
const book = sampleBook('acme', story);
const forked = sampleBook('acme', story.map((one, n) => (n < 5 ? one : { ...one, actor: 'thief' })));
const ORIGIN = signerOf('ledger').name;

let folder: string;
let store: MemoryStore;
let witness: Litewitness;
let running: TenantNotary[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'litewitness-'));
  store = new MemoryStore();
  running = [];
  if (BINARY === undefined) return;
  witness = new Litewitness(BINARY, folder);
  await witness.start([{ origin: ORIGIN, key: verifierKey(signerOf('ledger')) }]);
});
afterEach(async () => {
  for (const notary of running) await notary.close();
  if (BINARY !== undefined) await witness.stop();
  rmSync(folder, { recursive: true });
});

function start(heads = 'heads') {
  const started = notaryUnderTest({ store, folder: join(folder, heads), outside: { witnesses: [witness.at], pausesSeconds: [0.01, 0.01] } });
  running.push(started.notary);
  return started;
}
const append = (from: number, to: number, of = book): Promise<void> => store.append('ledger-acme', of.slice(from, to), from - 1);
const inside = () => store.all('checkpoints-acme').map(({ type, bytes }) => ({ type, note: (parseCanonical(bytes) as { note: string }).note }));
const cosignedSizes = () => inside().flatMap(({ type, note }) => (type === 'checkpoint.cosigned' ? [openCheckpoint(note, signerOf('ledger')).size] : []));

(BINARY === undefined ? describe.skip : describe)('litewitness', () => {
  it('cosigns a growing log, and what it signs holds with its key, in folder, stream and note as served', async () => {
    await append(0, 1);
    const { notary } = start();
    const sizes = [1, 2, 3, 5, 8, 64, 65, 255, 256, 257, 300];
    for (const [i, size] of sizes.entries()) {
      if (i > 0) await append(sizes[i - 1]!, size);
      await until(() => cosignedSizes().includes(size));
      expect(witness.sizeOf(ORIGIN)).toBe(size);
    }
    for (const note of [readFileSync(join(folder, 'heads/acme/ledger/checkpoint'), 'utf8'), inside().at(-1)!.note, notary.books.ledger.signed.at(-1)!.note]) {
      expect(openCheckpoint(note, signerOf('ledger')).size).toBe(300);
      expect(cosignaturesOf(note, [witness.at.key])).toEqual([{ witness: 'witness.example/lite', at: expect.stringMatching(/^20\d\d-.*Z$/) }]);
    }
  });

  it('names its size to a notary that has forgotten it, and goes on from there', async () => {
    await append(0, 7);
    const first = start();
    await until(() => cosignedSizes().includes(7));
    await first.notary.close();
    rmSync(join(folder, 'heads'), { recursive: true });
    store.rollBack('checkpoints-acme', 0);
    await append(7, 20);
    start();
    await until(() => cosignedSizes().includes(20));
    expect(witness.sizeOf(ORIGIN)).toBe(20);
  });

  it('refuses a history beside the one that it has cosigned, though notary and store have both been rewritten', async () => {
    await append(0, 9);
    const honest = start();
    await until(() => cosignedSizes().includes(9));
    await honest.notary.close();
    store.tamper('ledger-acme', forked.slice(0, 12));
    store.rollBack('checkpoints-acme', 0);
    const { logged, notary } = start('emptied');
    expect(await logged('not_handed_over')).toMatchObject({ to: 'witness.example/lite', size: 12, code: 'witness_refused' });
    expect(cosignaturesOf(notary.books.ledger.signed.at(-1)!.note, [witness.at.key])).toEqual([]);
    expect(witness.sizeOf(ORIGIN)).toBe(9);
  });

  it('shows a store that was rolled back together with the folder', async () => {
    await append(0, 9);
    const honest = start();
    await until(() => cosignedSizes().includes(9));
    await honest.notary.close();
    store.rollBack('ledger-acme', 6);
    store.rollBack('checkpoints-acme', 0);
    const { logged } = start('emptied');
    expect(await logged('not_handed_over')).toMatchObject({ size: 6, code: 'witness_ahead' });
  });

  it('refuses a log that it does not know', async () => {
    await append(0, 2);
    await store.append('doer-acme', sampleBook('acme', [{ type: 'journal.opened', case: null, data: {} }]), -1);
    const { logged } = start();
    expect(await logged('not_handed_over')).toMatchObject({ book: 'journal', code: 'witness_refused' });
  });

  it('may be away: nothing waits for it, and it gets what it missed', async () => {
    await append(0, 2);
    const { logged } = start();
    await until(() => cosignedSizes().includes(2));
    await witness.pause();
    await append(2, 4);
    expect(await logged('not_handed_over')).toMatchObject({ code: 'http_unreachable' });
    await append(4, 6);
    expect(await logged('checkpoint_signed', 3)).toMatchObject({ size: 6 });
    await witness.resume();
    await append(6, 8);
    await until(() => cosignedSizes().includes(8));
    expect(cosignedSizes()).toEqual([2, 4, 6, 8]);
  });
});
