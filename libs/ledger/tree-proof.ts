import { EMPTY_ROOT, nodeHash, type TreeHash, type TreeHead } from './tree.js';

/** Whether `path` shows that the leaf stands at `index` in the tree of `head` (RFC 9162, 2.1.3.2). Any input is taken; what does not fit is false. */
export function verifyInclusion(leaf: TreeHash, index: number, path: readonly TreeHash[], { size, root }: TreeHead): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const node of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(node, hash);
      for (; fn % 2 === 0 && fn !== 0; fn /= 2) sn = half(sn);
    } else hash = nodeHash(hash, node);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && same(hash, root);
}

/** Whether `path` shows that the tree of `later` begins with all of the tree of `earlier` (RFC 9162, 2.1.4.2). Any input is taken; what does not fit is false. */
export function verifyConsistency(earlier: TreeHead, later: TreeHead, path: readonly TreeHash[]): boolean {
  if (!isCount(earlier.size) || !isCount(later.size) || earlier.size > later.size) return false;
  if (earlier.size === later.size) return path.length === 0 && same(earlier.root, later.root);
  if (earlier.size === 0) return path.length === 0 && same(earlier.root, EMPTY_ROOT);
  let [fn, sn] = [earlier.size - 1, later.size - 1];
  for (; fn % 2 === 1; fn = half(fn)) sn = half(sn);
  // an earlier tree that is one full subtree is its own first node
  const [first, ...rest] = fn === 0 ? [earlier.root, ...path] : path;
  if (!first) return false;
  let [before, after] = [first, first];
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      before = nodeHash(node, before);
      after = nodeHash(node, after);
      for (; fn % 2 === 0 && fn !== 0; fn /= 2) sn = half(sn);
    } else after = nodeHash(after, node);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && same(before, earlier.root) && same(after, later.root);
}

// shifts would cut sizes to 32 bits
const half = (n: number): number => Math.floor(n / 2);

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function same(a: TreeHash, b: TreeHash): boolean {
  return Buffer.compare(a, b) === 0;
}
