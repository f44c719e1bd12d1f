import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { MerkleTree, type TreeHead } from '#ledger';

const HASH = 32;

/**
 * The hashes of a book's entries in a file, 32 bytes each in their order, written as heads are signed. By itself it is worth nothing: it gives
 * the tree back where its root is the one that this notary has signed.
 */
export class LeafFile {
  #kept = 0;

  constructor(private readonly path: string) {}

  /** The tree of a signed head; undefined where the file does not come to its root. */
  tree({ size, root }: TreeHead): MerkleTree | undefined {
    const leaves = this.#first(size);
    const tree = leaves && MerkleTree.over(leaves);
    if (!tree || Buffer.compare(tree.root(size), root) !== 0) return undefined;
    this.#kept = size;
    return tree;
  }

  /** Writes the leaves that are new, each in its own place, so that what a crash or another instance left there is written over. */
  keep(tree: MerkleTree): void {
    if (this.#kept === tree.size) return;
    const file = openSync(this.path, existsSync(this.path) ? 'r+' : 'wx', 0o600);
    try {
      writeSync(file, tree.leaves(this.#kept), 0, undefined, this.#kept * HASH);
      fsyncSync(file);
      this.#kept = tree.size;
    } finally {
      closeSync(file);
    }
  }

  #first(size: number): Uint8Array | undefined {
    if (!existsSync(this.path)) return undefined;
    const file = openSync(this.path, 'r');
    try {
      if (fstatSync(file).size < size * HASH) return undefined;
      const leaves = Buffer.allocUnsafe(size * HASH);
      return readSync(file, leaves, 0, leaves.length, 0) === leaves.length ? leaves : undefined;
    } finally {
      closeSync(file);
    }
  }
}
