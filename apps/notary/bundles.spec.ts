import { expect, it, jest } from '@jest/globals';
import { bundleBytes, leafHash, MerkleTree, TILE_WIDTH } from '#ledger';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { Bundles } from './bundles.js';
import type { NotarisedBook } from './notarised-book.js';

const SIZE = 1_400;
const book = sampleBook('acme', Array.from({ length: SIZE }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n } })));
const tree = new MerkleTree();
for (const { bytes } of book) tree.append(leafHash(bytes));
const log = { name: 'ledger', tree } as NotarisedBook;
const expected = (index: number, width = TILE_WIDTH) => bundleBytes(book.slice(index * TILE_WIDTH, index * TILE_WIDTH + width).map(({ bytes }) => bytes));

async function stage() {
  const store = new MemoryStore();
  await store.append('ledger-acme', book, -1);
  return { store, bundles: new Bundles(store), read: jest.spyOn(store, 'read') };
}

it('reads neighbours together, once, also for those who ask at the same time', async () => {
  const { bundles, read } = await stage();
  const asked = await Promise.all([0, 1, 2, 3].map((index) => bundles.bundle(log, 'acme', index, TILE_WIDTH)));
  expect(asked.map((bytes, index) => Buffer.compare(bytes, expected(index)))).toEqual([0, 0, 0, 0]);
  expect(await bundles.bundle(log, 'acme', 1, 7)).toEqual(expected(1, 7));
  expect(read.mock.calls).toEqual([['ledger-acme', 0, 1_024]]);
});

it('reads what stands at the edge by itself', async () => {
  const { bundles, read } = await stage();
  expect(await bundles.bundle(log, 'acme', 5, SIZE - 5 * TILE_WIDTH)).toEqual(expected(5, SIZE - 5 * TILE_WIDTH));
  expect(read.mock.calls).toEqual([['ledger-acme', 1_280, 120]]);
});

it('refuses a bundle that was changed, and not its neighbours', async () => {
  const { bundles, store } = await stage();
  store.tamper('ledger-acme', book.map((stored, i) => (i === 600 ? { ...stored, bytes: Buffer.from(stored.bytes).fill('x', 9, 10) } : stored)));
  await expect(bundles.bundle(log, 'acme', 2, TILE_WIDTH)).rejects.toMatchObject({ code: 'log_mismatch' });
  expect(await bundles.bundle(log, 'acme', 1, TILE_WIDTH)).toEqual(expected(1));
});

it('asks the store again after it was away', async () => {
  const { bundles, store } = await stage();
  store.away = true;
  await expect(bundles.bundle(log, 'acme', 0, TILE_WIDTH)).rejects.toMatchObject({ code: 'store_unreachable' });
  store.away = false;
  expect(await bundles.bundle(log, 'acme', 0, TILE_WIDTH)).toEqual(expected(0));
});
