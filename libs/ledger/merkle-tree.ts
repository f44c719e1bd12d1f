import { CodedError } from '#decider';
import { EMPTY_ROOT, nodeHash, type TreeHash } from './tree.js';

const HASH = 32;
const FIRST_NODES = 256;

/**
 * A growing RFC 6962 tree that keeps every node of its full subtrees (64 bytes a leaf), so that it can prove any two of its past sizes
 * against each other. Every method takes sizes up to the present one.
 */
export class MerkleTree {
  /** By level: the nodes from left to right; level 0 holds the leaves. */
  readonly #levels: { nodes: Buffer; count: number }[] = [];

  /** The tree over these leaves' hashes, one after the other. @throws CodedError `tree_range` for bytes that are no whole number of hashes. */
  static over(leaves: Uint8Array): MerkleTree {
    if (leaves.length % HASH !== 0) throw new CodedError('tree_range', `${leaves.length} bytes are no hashes`);
    const tree = new MerkleTree();
    for (let nodes = Buffer.from(leaves), count = leaves.length / HASH; count > 0; ) {
      tree.#levels.push({ nodes, count });
      const above = Buffer.allocUnsafe(Math.floor(count / 2) * HASH);
      for (let at = 0; at < above.length; at += HASH) above.set(nodeHash(nodes.subarray(2 * at, 2 * at + HASH), nodes.subarray(2 * at + HASH, 2 * at + 2 * HASH)), at);
      [nodes, count] = [above, above.length / HASH];
    }
    return tree;
  }

  /** The leaves' hashes from leaf `from` on, one after the other. */
  leaves(from: number): Uint8Array {
    return Buffer.from(this.#levels[0]?.nodes.subarray(from * HASH, this.size * HASH) ?? []);
  }

  get size(): number {
    return this.#levels[0]?.count ?? 0;
  }

  /** Takes the next leaf's hash. */
  append(leaf: TreeHash): void {
    let node = leaf;
    for (let level = 0; ; level += 1) {
      const index = this.#push(level, node);
      if (index % 2 === 0) return;
      node = nodeHash(this.node(level, index - 1), node);
    }
  }

  /** The root of the full subtree over leaves `index * 2^level` and on. @throws CodedError `tree_range` where there is none yet. */
  node(level: number, index: number): TreeHash {
    const row = this.#levels[level];
    if (!row || index < 0 || index >= row.count) throw new CodedError('tree_range', `no node ${index} at level ${level}`);
    return Buffer.from(row.nodes.subarray(index * HASH, (index + 1) * HASH));
  }

  /** How many nodes of full subtrees a level has in the tree of the first `size` leaves. */
  static width(size: number, level: number): number {
    return Math.floor(size / 2 ** level);
  }

  /** The root over the first `size` leaves. */
  root(size: number): TreeHash {
    return size === 0 ? EMPTY_ROOT : this.#over(0, this.#within(size));
  }

  /** PATH(index, D[size]) of RFC 6962, 2.1.1: from the leaf's neighbour up. @throws CodedError `tree_range`. */
  inclusion(index: number, size: number): readonly TreeHash[] {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.#within(size)) throw new CodedError('tree_range', `no leaf ${index} in a tree of ${size}`);
    const path: TreeHash[] = [];
    for (let from = 0, to = size; to - from > 1; ) {
      const middle = from + splitOf(to - from);
      if (index < middle) {
        path.push(this.#over(middle, to));
        to = middle;
      } else {
        path.push(this.#over(from, middle));
        from = middle;
      }
    }
    return path.reverse();
  }

  /** PROOF(from, D[to]) of RFC 6962, 2.1.2; empty from 0 and between equal sizes. @throws CodedError `tree_range`. */
  consistency(from: number, to: number): readonly TreeHash[] {
    if (this.#within(from) > this.#within(to)) throw new CodedError('tree_range', `a tree of ${to} cannot grow out of one of ${from}`);
    if (from === 0) return [];
    const path: TreeHash[] = [];
    let [low, high, known] = [0, to, true];
    while (from < high) {
      const middle = low + splitOf(high - low);
      if (from <= middle) {
        path.push(this.#over(middle, high));
        high = middle;
      } else {
        path.push(this.#over(low, middle));
        low = middle;
        known = false;
      }
    }
    if (!known) path.push(this.#over(low, high));
    return path.reverse();
  }

  #within(size: number): number {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size) throw new CodedError('tree_range', `a tree of ${this.size} leaves was never one of ${size}`);
    return size;
  }

  /** The root over leaves `from` (a place where a subtree of this extent begins) to before `to`. */
  #over(from: number, to: number): TreeHash {
    const count = to - from;
    const level = Math.floor(Math.log2(count));
    if (count === 2 ** level) return this.node(level, from / count);
    const middle = from + splitOf(count);
    return nodeHash(this.#over(from, middle), this.#over(middle, to));
  }

  #push(level: number, node: TreeHash): number {
    const row = (this.#levels[level] ??= { nodes: Buffer.alloc(FIRST_NODES * HASH), count: 0 });
    if (row.count * HASH === row.nodes.length) row.nodes = Buffer.concat([row.nodes, Buffer.alloc(Math.max(row.nodes.length, FIRST_NODES * HASH))]);
    row.nodes.set(node, row.count * HASH);
    return row.count++;
  }
}

/** The largest power of two below `count` (RFC 6962's k); `count` is at least 2. */
function splitOf(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return power === count ? count / 2 : power;
}
