import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { closeTallies, entryAfter, headOf, openTally, STREAM, type Tally } from '../../test/ledger/tally.js';
import { type Head, jsonIn, jsonPart, SnapshotFile, type SnapshotFileOptions, type StateCodec } from './index.js';

const codec: StateCodec<Tally> = {
  encode: ({ keys, perCase }) => [jsonPart('tally', { keys, perCase })],
  decode: ([part]) => jsonIn(part!) as unknown as Tally,
};

let folder: string;
let store: MemoryStore;
let heard: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  store = new MemoryStore();
  heard = [];
});
afterEach(async () => {
  await closeTallies();
  rmSync(folder, { recursive: true });
});

const file = (): string => join(folder, `${STREAM}.snapshot`);
const snapshots = (change: Partial<SnapshotFileOptions<Tally>> = {}) =>
  new SnapshotFile<Tally>({ folder, tenant: 'acme', stream: STREAM, code: 'code-1', key: Buffer.alloc(32, 1), codec, heard: (event, code) => heard.push(`${event} ${code}`), ...change });

/** A process that tallied these keys and ended in order. */
async function kept(...keys: readonly string[]): Promise<void> {
  const book = await openTally(store, { snapshots: snapshots() });
  for (const key of keys) await book.commit({ do: 'note', key });
  await book.close();
}

/** Opens the book anew: what it folded to, and which entries it read to get there. */
async function reopened(change: Partial<SnapshotFileOptions<Tally>> = {}) {
  const read = jest.spyOn(store, 'read');
  const book = await openTally(store, { snapshots: snapshots(change) });
  const from = read.mock.calls.filter(([, , limit]) => limit !== 1).map(([, first]) => first);
  read.mockRestore();
  return { book, readFrom: Math.min(...from) };
}

describe('a snapshot', () => {
  it('lets a book go on where it ended, and reads only what came after', async () => {
    await kept('a', 'b');
    const other = await openTally(store);
    await other.commit({ do: 'note', key: 'c' });
    const { book, readFrom } = await reopened();
    expect([book.state, book.head, readFrom]).toEqual([other.state, await headOf(store), 3]);
    await book.commit({ do: 'once', key: 'a' });
    await book.commit({ do: 'note', key: 'd' });
    expect((await headOf(store)).seq).toBe(4);
  });

  it('is a private file and nothing beside it', async () => {
    await kept('a');
    expect([statSync(file()).mode & 0o777, existsSync(`${file()}.new`)]).toEqual([0o600, false]);
  });

  it.each([0, 11, 60, 200, -40, -1])('with one bit changed at %i is thrown away, and the book is read from its start', async (place) => {
    await kept('a', 'b');
    const bytes = readFileSync(file());
    const at = place < 0 ? bytes.length + place : place;
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(file(), bytes);
    const { book, readFrom } = await reopened();
    expect([book.state.keys, readFrom, heard, book.stopped]).toEqual([['"a"', '"b"'], 0, ['snapshot_thrown_away snapshot_mac'], false]);
  });

  it.each<[string, Partial<SnapshotFileOptions<Tally>>]>([
    ['snapshot_mac', { key: Buffer.alloc(32, 2) }],
    ['snapshot_of_other_code', { code: 'code-2' }],
    ['snapshot_of_another_book', { tenant: 'other' }],
  ])('is thrown away by %s', async (code, change) => {
    await kept('a', 'b');
    expect((await snapshots(change).read())?.head).toBeUndefined();
    expect(heard).toEqual([`snapshot_thrown_away ${code}`]);
  });

  it('whose tree does not come to its root is thrown away, even under the right key', async () => {
    await kept('a', 'b');
    const body = readFileSync(file()).subarray(0, -32);
    const root = body.indexOf('"root":"') + 8;
    body.fill('0', root, root + 64);
    writeFileSync(file(), Buffer.concat([body, createHmac('sha256', Buffer.alloc(32, 1)).update(body).digest()]));
    expect([await snapshots().read(), heard]).toEqual([undefined, ['snapshot_thrown_away snapshot_root']]);
  });

  it('that the store contradicts stops the tenant, and is not replaced', async () => {
    await kept('a', 'b');
    const before = readFileSync(file());
    store.rollBack(STREAM, 2);
    await expect(reopened()).rejects.toMatchObject({ code: 'store_behind' });
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  it('that names another entry than the store holds stops the tenant', async () => {
    await kept('a', 'b');
    store.rollBack(STREAM, 2);
    await store.append(STREAM, [entryAfter(await headOf(store), 'x')], 1);
    await expect(reopened()).rejects.toMatchObject({ code: 'prev_mismatch' });
  });

  it('of an earlier incarnation is thrown away once an operator has opened another', async () => {
    await kept('a', 'b');
    const { hash, incarnation } = (await snapshots().read())!.head;
    store.rollBack(STREAM, 2);
    const head: Head = await headOf(store);
    const data = { restored: { entries: 2, hash: head.hash }, known: { entries: 3, hash, incarnation, checkpoint: null } };
    await store.append(STREAM, [entryAfter(head, 'x', { type: 'ledger.reopened', incarnation: 'another', data })], 1);
    const { book, readFrom } = await reopened();
    expect([book.trouble, book.state.keys, readFrom]).toEqual([undefined, ['"a"'], 0]);
  });

  it('that cannot be kept is said, and holds nobody up', async () => {
    const book = await openTally(store, { snapshots: snapshots({ folder: '/dev/null/no' }) });
    await book.commit({ do: 'note', key: 'a' });
    await book.close();
    expect(heard).toEqual(['snapshot_thrown_away ENOTDIR', 'snapshot_not_kept ENOTDIR']);
  });

  it('is written while the book goes on, of a fold that does not change under it', async () => {
    const book = await openTally(store, { snapshots: snapshots() });
    for (let i = 0; i < 10_001; i += 500) await Promise.all(Array.from({ length: 500 }, (_, n) => book.commit({ do: 'note', key: `k${i + n}` })));
    while (!existsSync(file())) await new Promise((resolve) => setImmediate(resolve));
    const folded = (await snapshots().read())!;
    expect([folded.head.seq >= 9_999, folded.state.keys.length]).toEqual([true, folded.head.seq]);
  });
});
