import { hash } from 'node:crypto';
import { CodedError } from '#decider';

/** A hash of the RFC 6962 tree: 32 bytes. */
export type TreeHash = Uint8Array;

/** What a run of leaves adds up to: their number, and the root over them. */
export interface TreeHead {
  readonly size: number;
  readonly root: TreeHash;
}

/** The root of a tree without leaves (RFC 6962, 2.1). */
export const EMPTY_ROOT: TreeHash = hash('sha256', '', 'buffer');

/** SHA-256 of 0x00 and the entry's bytes (RFC 6962, 2.1). */
export function leafHash(entry: Uint8Array): TreeHash {
  const input = Buffer.allocUnsafe(entry.length + 1);
  input[0] = 0;
  input.set(entry, 1);
  return hash('sha256', input, 'buffer');
}

/** SHA-256 of 0x01 and both children (RFC 6962, 2.1). */
export function nodeHash(left: TreeHash, right: TreeHash): TreeHash {
  const input = Buffer.allocUnsafe(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return hash('sha256', input, 'buffer');
}

/** The tree over a growing list in O(log n) memory: the roots of its full subtrees, largest first. */
export class CompactRange {
  readonly #peaks: TreeHash[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The tree of `size` leaves whose full subtrees have these roots. @throws CodedError `tree_range` where so many leaves have not so many. */
  static over(size: number, peaks: readonly TreeHash[]): CompactRange {
    if (peaks.length !== size.toString(2).replaceAll('0', '').length) throw new CodedError('tree_range', `${peaks.length} subtrees do not make a tree of ${size}`);
    const tree = new CompactRange();
    tree.#peaks.push(...peaks);
    tree.#size = size;
    return tree;
  }

  /** The roots of the full subtrees, largest first: all that is needed to go on. */
  get peaks(): readonly TreeHash[] {
    return [...this.#peaks];
  }

  /** Takes the next leaf's hash. */
  append(leaf: TreeHash): void {
    let node = leaf;
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2) node = nodeHash(this.#peaks.pop() ?? EMPTY_ROOT, node);
    this.#peaks.push(node);
    this.#size += 1;
  }

  /** The root over all leaves so far. */
  root(): TreeHash {
    if (this.#size === 0) return EMPTY_ROOT;
    return this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}
