import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cosignaturesOf, MerkleTree, leafHash, openCheckpoint, parseCanonical, type StoredEntry } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../../test/ledger/following-notary.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { SmallWitness } from '../../test/ledger/small-witness.js';
import { until } from '../../test/until.js';
import type { TenantNotary } from './tenant-notary.js';

const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: {} }, ...Array.from({ length: 9 }, (_, n) => ({ type: 'case.ended', case: `c-${n}`, data: { as: 'done' } }))];
const book = sampleBook('acme', story);
const headOf = (entries: readonly StoredEntry[], size: number) => {
  const tree = new MerkleTree();
  for (const { bytes } of entries.slice(0, size)) tree.append(leafHash(bytes));
  return { size, root: tree.root(size) };
};
const NAME = 'witness.example/w';
const COSIGNED = { witness: NAME, at: '2026-09-21T14:13:20.000Z' };

let folder: string;
let store: MemoryStore;
let witness: SmallWitness;
let running: TenantNotary[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'witness-'));
  store = new MemoryStore();
  witness = await SmallWitness.start(signerOf('ledger'));
  running = [];
});
afterEach(async () => {
  for (const notary of running) await notary.close();
  await witness.stop();
  rmSync(folder, { recursive: true });
});

function start(pausesSeconds: readonly number[] = [0.001, 0.001]) {
  const started = notaryUnderTest({ store, folder, outside: { witnesses: [witness.at], pausesSeconds } });
  running.push(started.notary);
  return started;
}
const append = async (from: number, to: number): Promise<void> => store.append('ledger-acme', book.slice(from, to), from - 1);
const kept = (): string => readFileSync(join(folder, 'acme/ledger/checkpoint'), 'utf8');
const inside = () => store.all('checkpoints-acme').map(({ type, bytes }) => ({ type, note: (parseCanonical(bytes) as { note: string }).note }));
/** Resolves when the stream holds so many checkpoints. */
const storedTimes = (count: number): Promise<void> => until(() => inside().length >= count);
/** What has become of handing the ledger over, once it is no longer tried. */
async function handedOver({ outside }: TenantNotary) {
  const report = () => outside.reports.find((one) => one.book === 'ledger')!;
  await until(() => !report().trying);
  return report();
}

describe('a witness', () => {
  it('gets each checkpoint with the proof from its last size, and its cosignature is kept in folder, stream and answer', async () => {
    await append(0, 3);
    const { notary } = start();
    await storedTimes(2);
    for (const end of [4, 6, 9]) {
      const before = inside().length;
      await append(notary.books.ledger.tree.size, end);
      await storedTimes(before + 2);
    }
    expect(witness.asked).toEqual([[0, 3], [3, 4], [4, 6], [6, 9]].map(([old, size]) => ({ old, size, status: 200 })));
    expect(inside().map(({ type, note }) => [type, openCheckpoint(note, signerOf('ledger')).size, cosignaturesOf(note, [witness.at.key])])).toEqual(
      [3, 4, 6, 9].flatMap((size) => [['checkpoint.signed', size, []], ['checkpoint.cosigned', size, [COSIGNED]]]),
    );
    expect(cosignaturesOf(kept(), [witness.at.key])).toEqual([COSIGNED]);
    expect(notary.books.ledger.signed.map(({ size, cosignatures }) => [size, cosignatures])).toEqual([3, 4, 6, 9].map((size) => [size, [COSIGNED]]));
    expect(await handedOver(notary)).toEqual({ book: 'ledger', to: NAME, waiting: 0, trying: false, trouble: null });
  });

  it('that knows another size says it, and gets the proof from there', async () => {
    witness.remember(signerOf('ledger').name, headOf(book, 2));
    await append(0, 5);
    start();
    await storedTimes(2);
    expect(witness.asked).toEqual([{ old: 0, size: 5, status: 409 }, { old: 2, size: 5, status: 200 }]);
  });

  it('is asked from its last cosignature after a new start, and once more for a head that it has not cosigned', async () => {
    await append(0, 3);
    const first = start();
    await storedTimes(2);
    await first.notary.close();
    witness.broken = 503;
    await append(3, 5);
    const away = start([]);
    expect(await away.logged('not_handed_over')).toMatchObject({ to: NAME, size: 5, code: 'witness_away' });
    await away.notary.close();
    witness.broken = undefined;
    const again = start();
    await storedTimes(4);
    expect(witness.asked.map(({ old, status }) => [old, status])).toEqual([[0, 200], [expect.any(Number), 503], [3, 200]]);
    expect(again.notary.books.ledger.signed.map(({ size, cosignatures }) => [size, cosignatures.length])).toEqual([[3, 1], [5, 1]]);
  });

  it('is believed from the folder only where its cosignature holds', async () => {
    await append(0, 3);
    const first = start();
    await storedTimes(2);
    await first.notary.close();
    const history = join(folder, 'acme/ledger/history.ndjson');
    const lines = readFileSync(history, 'utf8').split('\n');
    const later = lines[1]!.replace(/(\u2014 witness\.example\/w \S{12})(\S)/, (_, before: string, one: string) => `${before}${one === 'A' ? 'B' : 'A'}`);
    expect(later).not.toBe(lines[1]);
    writeFileSync(history, `${lines[0]}\n${later}`);
    store.rollBack('checkpoints-acme', 1);
    witness.broken = 503;
    const { notary, logged } = start([]);
    // so it is asked for once more
    await logged('not_handed_over');
    expect(notary.books.ledger.signed.map(({ size, cosignatures }) => [size, cosignatures])).toEqual([[3, []]]);
  });

  it('that is away delays no signature, is tried with a bound, told once, and gets what it missed when it is back', async () => {
    witness.broken = 503;
    await append(0, 3);
    const { notary, logged, events } = start([0.001, 0.001]);
    await witness.askedTimes(3);
    await append(3, 4);
    expect(await logged('checkpoint_signed', 2)).toMatchObject({ size: 4 });
    await witness.askedTimes(4);
    expect(notary.missing).toBeUndefined();
    witness.broken = undefined;
    await append(4, 5);
    await logged('handed_over_again');
    await storedTimes(6);
    expect(events.filter(({ event }) => event === 'not_handed_over')).toHaveLength(1);
    expect(notary.books.ledger.signed.map(({ size, cosignatures }) => [size, cosignatures.length])).toEqual([[3, 1], [4, 1], [5, 1]]);
  });

  it('gives up after its tries until the next checkpoint', async () => {
    witness.broken = 503;
    await append(0, 3);
    const { notary } = start([0.001, 0.001]);
    await witness.askedTimes(3);
    expect(await handedOver(notary)).toMatchObject({ waiting: 1, trouble: 'witness_away' });
    expect(witness.asked).toHaveLength(3);
  });

  it.each<[string, () => void, string]>([
    ['a cosignature that is not over the checkpoint', () => (witness.lying = true), 'cosignature_wrong'],
    ['a split view that it refuses', () => witness.remember(signerOf('ledger').name, headOf(sampleBook('acme', story.map((one) => ({ ...one, actor: 'thief' }))), 2)), 'witness_refused'],
    ['a size that nobody here has', () => witness.remember(signerOf('ledger').name, headOf(book, 9)), 'witness_ahead'],
    ['a size that is none', () => Object.assign(witness, { claims: 'many\n' }).remember(signerOf('ledger').name, headOf(book, 2)), 'witness_refused'],
    ['a log that it does not know', () => (witness.broken = 404), 'witness_refused'],
    ['an answer without a cosignature', () => (witness.broken = 200), 'cosignature_missing'],
  ])('shows %s, and the note stays as it was signed', async (_, harm, code) => {
    harm();
    await append(0, 5);
    const { notary, logged } = start();
    expect(await logged('not_handed_over')).toMatchObject({ to: NAME, book: 'ledger', size: 5, code });
    expect(await handedOver(notary)).toMatchObject({ waiting: 0, trouble: code });
    expect(cosignaturesOf(kept(), [witness.at.key])).toEqual([]);
    expect(notary.missing).toBeUndefined();
  });
});
