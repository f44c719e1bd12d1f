import { CodedError } from '#decider';
import { MAX_ENTRY_BYTES } from './entry.js';
import { MerkleTree } from './merkle-tree.js';

/** One resource of a tiled log (C2SP tlog-tiles): hashes of one level, or (`level: 'entries'`) the entries below them. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  /** How many hashes or entries it holds: 256, or fewer at the right edge. */
  readonly width: number;
}

export const TILE_WIDTH = 256;
const HEIGHT = 8;
const HASH = 32;
const HIGHEST_LEVEL = 63;
const LENGTH_BYTES = 2;

/** Where a tile lies: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits, all but the last with an x before them. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const place = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${place}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile at a path; undefined for a path that no tile has. */
export function tileAt(path: string): Tile | undefined {
  const [, level = '', place = '', partial] = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const tile: Tile = { level: level === 'entries' ? level : Number(level), index: Number(place.replaceAll(/[x/]/g, '')), width: Number(partial ?? TILE_WIDTH) };
  const real = place !== '' && tile.width > 0 && (partial === undefined || tile.width < TILE_WIDTH) && (tile.level === 'entries' || tile.level <= HIGHEST_LEVEL);
  return real && tilePath(tile) === path ? tile : undefined;
}

/** Every tile of a log of `size` entries, the entries' own first. */
export function tilesOf(size: number): readonly Tile[] {
  const row = (level: Tile['level'], width: number): Tile[] =>
    Array.from({ length: Math.ceil(width / TILE_WIDTH) }, (_, index) => ({ level, index, width: Math.min(TILE_WIDTH, width - index * TILE_WIDTH) }));
  const tiles = row('entries', size);
  for (let level = 0; MerkleTree.width(size, level * HEIGHT) > 0; level += 1) tiles.push(...row(level, MerkleTree.width(size, level * HEIGHT)));
  return tiles;
}

/** The bytes of a tile of hashes. @throws CodedError `tree_range` where the tree has not grown that far. */
export function tileBytes(tree: MerkleTree, { level, index, width }: Tile & { readonly level: number }): Uint8Array {
  const bytes = Buffer.alloc(width * HASH);
  for (let i = 0; i < width; i += 1) bytes.set(tree.node(level * HEIGHT, index * TILE_WIDTH + i), i * HASH);
  return bytes;
}

/** The bytes of a bundle: each entry behind its length in 16 bits. */
export function bundleBytes(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw new CodedError('entry_too_large', `${entry.length} bytes fit in no bundle`);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle, which must hold exactly `width` of them and nothing else. @throws CodedError `bundle_malformed`. */
export function bundleEntries(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bundle.length && entries.length < width) {
    const end = at + LENGTH_BYTES + bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  if (at !== bundle.length || entries.length !== width) throw new CodedError('bundle_malformed', `not a bundle of ${width} entries`);
  return entries;
}
