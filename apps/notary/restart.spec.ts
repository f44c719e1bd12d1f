import 'reflect-metadata';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CompactRange, leafHash, MerkleTree, signCheckpoint, type StoredEntry } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../../test/ledger/following-notary.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';

const opened = (type: string): Said => ({ type, case: null, data: {} });
const said = (n: number): Said => ({ type: 'note.taken', case: 'c-1', data: { n } });
const story = [opened('ledger.opened'), ...Array.from({ length: 20 }, (_, n) => said(n))];
const ledger = sampleBook('acme', story);
const journal = sampleBook('acme', [opened('journal.opened'), said(0)]);
const rootOf = (entries: readonly StoredEntry[]): Uint8Array => {
  const tree = new CompactRange();
  for (const { bytes } of entries) tree.append(leafHash(bytes));
  return tree.root();
};

let folder: string;
let store: MemoryStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  store = new MemoryStore();
  await store.append('doer-acme', journal, -1);
  await store.append('ledger-acme', ledger.slice(0, 10), -1);
});
afterEach(() => rmSync(folder, { recursive: true }));

const leaves = (): string => join(folder, 'acme/ledger/leaves');

/** A notary that has signed what is there, and ended. */
async function signedOnce(): Promise<void> {
  const { notary, logged } = notaryUnderTest({ store, folder });
  await logged('checkpoint_signed', 2);
  await notary.close();
}

/** Another one after it; where it began to read the ledger before it could sign. */
async function restarted() {
  const read = jest.spyOn(store, 'read');
  const started = notaryUnderTest({ store, folder });
  await Promise.race([started.logged('following'), started.logged('tenant_stopped')]);
  const from = read.mock.calls.filter(([stream, , limit]) => stream === 'ledger-acme' && limit !== 1).map(([, first]) => first);
  read.mockRestore();
  return { ...started, from };
}

describe('a notary that starts again', () => {
  it('goes on from the head that it signed, reads what came after, and then all of what it took over', async () => {
    await signedOnce();
    await store.append('ledger-acme', ledger.slice(10), 9);
    const { notary, logged, from } = await restarted();
    expect(from).toEqual([10]);
    expect(await logged('checkpoint_signed')).toMatchObject({ book: 'ledger', size: 21 });
    expect(notary.books.ledger.tree.root(21)).toEqual(rootOf(ledger));
    expect([await logged('reverified'), await logged('reverified', 2)]).toEqual([{ tenant: 'acme', book: 'ledger', entries: 10 }, { tenant: 'acme', book: 'journal', entries: 2 }]);
    expect(notary.missing).toBeUndefined();
    await notary.close();
    expect([statSync(leaves()).size, statSync(leaves()).mode & 0o777]).toEqual([21 * 32, 0o600]);
  });

  it.each([0, 4, 8])('stops the tenant for an entry that was changed below its head, here %i, while it was away', async (place) => {
    await signedOnce();
    const other = sampleBook('acme', story.map((one, i) => (i === place ? { ...one, actor: 'thief' } : one)));
    store.tamper('ledger-acme', [...ledger.slice(0, place), other[place]!, ...ledger.slice(place + 1, 10)]);
    const { notary, logged, from } = await restarted();
    expect(from).toEqual([10]);
    expect(await logged('tenant_stopped')).toMatchObject({ code: expect.stringMatching(/^(checkpoint_mismatch|prev_mismatch)$/) });
    await notary.close();
  });

  it('reads everything where the last entry below its head is another, and says what does not fit', async () => {
    await signedOnce();
    store.tamper('ledger-acme', sampleBook('acme', story.map((one, i) => (i === 9 ? { ...one, actor: 'thief' } : one))).slice(0, 10));
    const { notary, logged, from } = await restarted();
    expect([from, (await logged('tenant_stopped')).code]).toEqual([[0], 'checkpoint_mismatch']);
    await notary.close();
  });

  it('stops the tenant where the book was cut below its head', async () => {
    await signedOnce();
    store.rollBack('ledger-acme', 7);
    const { notary, logged, from } = await restarted();
    expect([from, (await logged('tenant_stopped')).code]).toEqual([[0], 'cut']);
    await notary.close();
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['changed', (bytes) => Buffer.from(bytes.map((byte, i) => (i === 70 ? byte ^ 1 : byte)))],
    ['cut short', (bytes) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
  ])('believes no leaves that were %s: it reads everything', async (_, change) => {
    await signedOnce();
    writeFileSync(leaves(), change(readFileSync(leaves())));
    const { notary, from } = await restarted();
    expect([from, notary.missing, notary.books.ledger.tree.root(10)]).toEqual([[0], undefined, rootOf(ledger.slice(0, 10))]);
    await notary.close();
  });

  it('stops for a tree of another history than the chain, even one whose head it signed', async () => {
    await signedOnce();
    const bytes = readFileSync(leaves());
    bytes.fill(0, 4 * 32, 5 * 32);
    writeFileSync(leaves(), bytes);
    writeFileSync(join(folder, 'acme/ledger/checkpoint'), signCheckpoint({ size: 10, root: MerkleTree.over(bytes).root(10) }, signerOf('ledger')));
    rmSync(join(folder, 'acme/ledger/history.ndjson'));
    store.tamper('checkpoints-acme', []);
    const { notary, logged } = await restarted();
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'checkpoint_mismatch', why: 'ledger entry 4 is not the one that was signed' });
    await notary.close();
  });

  it('finds a head in the store that it signed and this book is not of, also where its own folder was lost', async () => {
    await signedOnce();
    rmSync(join(folder, 'acme'), { recursive: true });
    store.tamper('ledger-acme', sampleBook('acme', story.map((one, i) => (i === 3 ? { ...one, actor: 'thief' } : one))).slice(0, 10));
    const { notary, logged } = await restarted();
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'checkpoint_mismatch' });
    await notary.close();
    expect(existsSync(leaves())).toBe(false);
  });
});
