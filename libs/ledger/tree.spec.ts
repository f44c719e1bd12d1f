import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompactRange, EMPTY_ROOT, leafHash, MerkleTree, nodeHash, type TreeHash, verifyConsistency, verifyInclusion } from './index.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * The leaves and the roots after each of them that certificate-transparency and transparency-dev/merkle test with
 * (testonly/reference_test.go, Apache 2.0).
 */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** MTH of RFC 6962, 2.1, as it is written there. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

function grown(leaves: readonly Uint8Array[]) {
  const range = new CompactRange();
  const tree = new MerkleTree();
  for (const leaf of leaves) {
    range.append(leafHash(leaf));
    tree.append(leafHash(leaf));
  }
  return { range, tree };
}

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Buffer.from(`leaf ${i}`));
const damaged = (hash: TreeHash): TreeHash => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte));

describe('the tree', () => {
  it('has the roots of the public test vectors at every size', () => {
    const { range, tree } = grown([]);
    LEAVES.forEach((leaf, size) => {
      expect([hex(range.root()), hex(tree.root(size))]).toEqual([ROOTS[size], ROOTS[size]]);
      range.append(leafHash(Buffer.from(leaf, 'hex')));
      tree.append(leafHash(Buffer.from(leaf, 'hex')));
    });
    expect([hex(range.root()), hex(tree.root(8))]).toEqual([ROOTS[8], ROOTS[8]]);
    expect(range.size).toBe(8);
  });

  it('is the tree that RFC 6962 defines, at its end and at every size before', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), fc.nat(), (leaves, pick) => {
        const { range, tree } = grown(leaves);
        const size = pick % (leaves.length + 1);
        expect(hex(range.root())).toBe(hex(definedRoot(leaves)));
        expect(hex(tree.root(size))).toBe(hex(definedRoot(leaves.slice(0, size))));
      }),
    );
  });
});

describe('a proof', () => {
  const SIZE = 67;
  const { tree } = grown(leavesOf(SIZE));
  const head = (size: number) => ({ size, root: tree.root(size) });

  it('of inclusion holds for each leaf of each size, and for no other place, leaf, root or path', () => {
    for (let size = 1; size <= SIZE; size += 1)
      for (let index = 0; index < size; index += 1) {
        const [leaf, path] = [tree.node(0, index), tree.inclusion(index, size)];
        expect(verifyInclusion(leaf, index, path, head(size))).toBe(true);
        expect(verifyInclusion(damaged(leaf), index, path, head(size))).toBe(false);
        expect(verifyInclusion(leaf, index, path, { size, root: damaged(tree.root(size)) })).toBe(false);
        expect(verifyInclusion(leaf, index, [...path, EMPTY_ROOT], head(size))).toBe(false);
        if (path.length > 0) expect(verifyInclusion(leaf, index, path.slice(0, -1), head(size))).toBe(false);
        if (size > 1) expect(verifyInclusion(leaf, (index + 1) % size, path, head(size))).toBe(false);
      }
  });

  it('of consistency holds between every two sizes, and for no other root or path', () => {
    for (let to = 0; to <= SIZE; to += 1)
      for (let from = 0; from <= to; from += 1) {
        const path = tree.consistency(from, to);
        expect(verifyConsistency(head(from), head(to), path)).toBe(true);
        expect(verifyConsistency({ size: from, root: damaged(tree.root(from)) }, head(to), path)).toBe(false);
        if (from > 0) expect(verifyConsistency(head(from), { size: to, root: damaged(tree.root(to)) }, path)).toBe(false);
        expect(verifyConsistency(head(from), head(to), [...path, EMPTY_ROOT])).toBe(false);
        if (path.length > 0) {
          expect(verifyConsistency(head(from), head(to), path.slice(1))).toBe(false);
          expect(verifyConsistency(head(from), head(to), path.with(0, damaged(path[0]!)))).toBe(false);
        }
        if (from < to) expect(verifyConsistency(head(to), head(from), path)).toBe(false);
      }
  });

  it('of consistency says no to a book that was rewritten below', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (size, grow, at) => {
        const to = size + (grow % 20);
        const leaves = leavesOf(to);
        const other = grown(leaves.with(at % size, Buffer.from('other'))).tree;
        const path = other.consistency(size, to);
        expect(verifyConsistency({ size, root: grown(leaves).tree.root(size) }, { size: to, root: other.root(to) }, path)).toBe(false);
      }),
    );
  });

  it('answers any nonsense with no', () => {
    const leaf = leafHash(Buffer.of(1));
    for (const [index, size] of [[-1, 1], [1, 1], [0, 0], [0.5, 2], [NaN, 2], [0, Infinity], [2 ** 60, 2 ** 61]] as const)
      expect(verifyInclusion(leaf, index, [nodeHash(leaf, leaf)], { size, root: leaf })).toBe(false);
    expect(verifyConsistency({ size: 3, root: leaf }, { size: 5, root: leaf }, [])).toBe(false);
  });

  it('of a range that the tree never had is refused', () => {
    for (const ask of [() => tree.inclusion(3, 3), () => tree.inclusion(-1, 3), () => tree.inclusion(0, SIZE + 1), () => tree.consistency(5, 4), () => tree.consistency(0.5, 4), () => tree.root(-1), () => tree.node(1, SIZE)])
      expect(ask).toThrow(expect.objectContaining({ code: 'tree_range' }));
  });
});
