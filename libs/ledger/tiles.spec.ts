import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { alteredTile, CompactRange, layTiles, leafHash, MerkleTree, nodeHash, type StoredEntry, tileAt, tiledEntries } from './index.js';
import { bundleBytes, bundleEntries, tilePath, tilesOf } from './tiles.js';

const book = sampleBook('acme', Array.from({ length: 600 }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n } })));
const headOf = (size: number) => {
  const range = new CompactRange();
  for (const { bytes } of book.slice(0, size)) range.append(leafHash(bytes));
  return { size, root: range.root() };
};
async function* streamed(events: readonly StoredEntry[]): AsyncGenerator<StoredEntry> {
  for (const event of events) yield await Promise.resolve(event);
}
async function laid(size: number): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await layTiles(streamed(book), 'acme', headOf(size), (path, bytes) => void files.set(path, bytes));
  return files;
}
const reading = (files: ReadonlyMap<string, Uint8Array>) => (path: string): Uint8Array => files.get(path) ?? Buffer.alloc(0);

describe('the path of a tile', () => {
  it('is as the examples of C2SP tlog-tiles say', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 0, index: 1_000, width: 256 })).toBe('tile/0/x001/000');
    expect(tilePath({ level: 1, index: 0, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 'entries', index: 5, width: 1 })).toBe('tile/entries/005.p/1');
    // a tree of 70,000 has these at its right edge
    expect(tilesOf(70_000).filter(({ width }) => width < 256).map(tilePath)).toEqual(['tile/entries/273.p/112', 'tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
    expect(tilesOf(70_000).filter(({ level }) => level === 1).map(tilePath)).toEqual(['tile/1/000', 'tile/1/001.p/17']);
    expect(tilesOf(0)).toEqual([]);
  });

  it('leads back to its tile, and no other path leads anywhere', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant('entries' as const), fc.nat(63)), fc.nat(10 ** 12), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(tileAt(tilePath({ level, index, width }))).toEqual({ level, index, width });
      }),
    );
    for (const path of ['', 'tile', 'tile/0', 'tile/0/', 'tile/0/1', 'tile/0/0000', 'tile/00/000', 'tile/64/000', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/x000/001', 'tile/0/001/000', 'tile/-1/000', 'tile/0/000.p', 'tile/data/000', '/tile/0/000', 'tile/0/000/', 'checkpoint'])
      expect([path, tileAt(path)]).toEqual([path, undefined]);
  });
});

describe('a bundle', () => {
  it('gives back what was put in, and nothing for other bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 20 }), (entries) => {
        const bytes = bundleBytes(entries);
        expect(bundleEntries(bytes, entries.length).map((entry) => Buffer.from(entry))).toEqual(entries.map((entry) => Buffer.from(entry)));
        for (const [other, width] of [[bytes, entries.length + 1], [bytes, entries.length - 1], [bytes.subarray(0, -1), entries.length], [Buffer.concat([bytes, Buffer.of(0)]), entries.length]] as const)
          expect(() => bundleEntries(other, width)).toThrow(expect.objectContaining({ code: 'bundle_malformed' }));
      }),
    );
    expect(() => bundleBytes([new Uint8Array(65_536)])).toThrow(expect.objectContaining({ code: 'entry_too_large' }));
  });
});

describe('a tiled log', () => {
  it.each([1, 2, 255, 256, 257, 512, 600])('of %i entries holds all of them and their tree, and any other byte shows', async (size) => {
    const files = await laid(size);
    expect([...files.keys()].sort()).toEqual(tilesOf(size).map(tilePath).sort());
    const tree = new MerkleTree();
    for (const { revision, bytes } of tiledEntries(size, reading(files))) {
      expect(Buffer.compare(bytes, book[revision]!.bytes)).toBe(0);
      tree.append(leafHash(bytes));
    }
    expect(tree.root(size)).toEqual(headOf(size).root);
    expect(alteredTile(tree, size, reading(files))).toBeUndefined();
    for (const path of files.keys()) {
      if (path.startsWith('tile/entries')) continue;
      for (const other of [files.get(path)!.map((byte, i) => (i === 3 ? byte ^ 1 : byte)), Buffer.concat([files.get(path)!, Buffer.of(0)]), Buffer.alloc(0)])
        expect(alteredTile(tree, size, reading(new Map(files).set(path, other)))).toBe(path);
    }
  });

  it('has at level 1 the roots of the full tiles below', async () => {
    const files = await laid(600);
    const level0 = files.get('tile/0/000')!;
    let row = Array.from({ length: 256 }, (_, i) => level0.subarray(i * 32, i * 32 + 32));
    while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i]!, row[2 * i + 1]!));
    expect(Buffer.from(files.get('tile/1/000.p/2')!.subarray(0, 32))).toEqual(Buffer.from(row[0]!));
  });

  it('is not laid for a checkpoint that is not of this book', async () => {
    const lay = (events: readonly StoredEntry[], head: { size: number; root: Uint8Array }) => layTiles(streamed(events), 'acme', head, () => undefined);
    await expect(lay(book, { ...headOf(5), size: 6 })).rejects.toMatchObject({ code: 'checkpoint_mismatch' });
    await expect(lay(book.slice(0, 4), headOf(5))).rejects.toMatchObject({ code: 'cut' });
    await expect(lay(book.with(2, book[3]!), headOf(5))).rejects.toMatchObject({ code: 'seq_gap' });
  });
});
