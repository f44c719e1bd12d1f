import { CodedError } from '#decider';
import { type BookEvent, EMPTY_HEAD, follow } from './chain.js';
import type { Checkpoint } from './checkpoint.js';
import { MerkleTree } from './merkle-tree.js';
import { bundleBytes, bundleEntries, type Tile, TILE_WIDTH, tileBytes, tilePath, tilesOf } from './tiles.js';
import { leafHash } from './tree.js';

/**
 * Lays a book out as the tiled log of a checkpoint: every tile and bundle, each handed to `write` with its path.
 * @throws CodedError of `follow` where the chain does not hold; `cut` where the book ends below the checkpoint; `checkpoint_mismatch` where it is another's.
 */
export async function layTiles(events: AsyncIterable<BookEvent>, tenant: string, { size, root }: Pick<Checkpoint, 'size' | 'root'>, write: (path: string, bytes: Uint8Array) => void): Promise<void> {
  const tree = new MerkleTree();
  let head = EMPTY_HEAD;
  let bundle: Uint8Array[] = [];
  for await (const event of events) {
    if (tree.size === size) break;
    head = follow(head, event, tenant).head;
    tree.append(leafHash(event.bytes));
    bundle.push(event.bytes);
    if (bundle.length < TILE_WIDTH && tree.size < size) continue;
    write(tilePath({ level: 'entries', index: Math.floor((tree.size - 1) / TILE_WIDTH), width: bundle.length }), bundleBytes(bundle));
    bundle = [];
  }
  if (tree.size < size) throw new CodedError('cut', `the book has ${tree.size} entries, and the checkpoint is over ${size}`);
  if (Buffer.compare(tree.root(size), root) !== 0) throw new CodedError('checkpoint_mismatch', `the ${size} entries are not those of the checkpoint`);
  for (const tile of hashTiles(size)) write(tilePath(tile), tileBytes(tree, tile));
}

/** The entries of a tiled log of `size` entries, in order. @throws CodedError `bundle_malformed`, and what `read` throws. */
export function* tiledEntries(size: number, read: (path: string) => Uint8Array): Generator<BookEvent> {
  for (const tile of tilesOf(size)) {
    if (tile.level !== 'entries') return;
    for (const [i, bytes] of bundleEntries(read(tilePath(tile)), tile.width).entries()) yield { revision: tile.index * TILE_WIDTH + i, bytes };
  }
}

/** The path of the first tile whose bytes are not the tree's; undefined where all of them are. */
export function alteredTile(tree: MerkleTree, size: number, read: (path: string) => Uint8Array): string | undefined {
  const altered = hashTiles(size).find((tile) => Buffer.compare(read(tilePath(tile)), tileBytes(tree, tile)) !== 0);
  return altered && tilePath(altered);
}

function hashTiles(size: number): readonly (Tile & { readonly level: number })[] {
  return tilesOf(size).flatMap(({ level, ...place }) => (level === 'entries' ? [] : [{ level, ...place }]));
}
