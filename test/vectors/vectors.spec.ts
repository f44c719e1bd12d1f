import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#decider';
import { ed25519Key, jcs, leafHash, MerkleTree, noteSigner, parseCanonical, readCheckpoint, type TreeHash, verifyConsistency, verifyEd25519, verifyInclusion } from '#ledger';
import { openNote, signNote } from '../../libs/ledger/note.js';
import { hmacSha256, sameTag } from '../../libs/packet/proof-inputs.js';

const read = (name: string): unknown => JSON.parse(readFileSync(join('test/vectors', `${name}.json`), 'utf8'));
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('RFC 8785', () => {
  const { numbers, none, documents } = read('jcs') as { numbers: [string, string][]; none: string[]; documents: { input: string; output: string }[] };

  it.each(numbers)('the double %s is written %s', (bits, form) => {
    expect(textOf(jcs(hex(bits).readDoubleBE()))).toBe(form);
    expect(textOf(jcs(parseCanonical(Buffer.from(form))))).toBe(form);
  });

  it('what is no number has no form', () => {
    for (const bits of none) expect(() => jcs(hex(bits).readDoubleBE())).toThrow(expect.objectContaining({ code: 'not_canonical' }));
  });

  it.each(documents)('a document is sorted, escaped and written as published, and no reader takes it as it came: $output', ({ input, output }) => {
    expect(textOf(jcs(JSON.parse(input) as JsonValue))).toBe(output);
    expect(parseCanonical(Buffer.from(output))).toEqual(JSON.parse(input));
    expect(() => parseCanonical(Buffer.from(input))).toThrow(expect.objectContaining({ code: 'not_canonical' }));
  });
});

describe('transparency-dev/merkle', () => {
  const { leaves, inclusion, consistency } = read('merkle') as {
    leaves: string[];
    inclusion: { leafIdx: number; treeSize: number; root: string; leafHash: string; proof: string[] }[];
    consistency: { size1: number; size2: number; root1: string; root2: string; proof: string[] }[];
  };
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(hex(leaf)));
  const plain = (path: readonly TreeHash[]): string[] => path.map((hash) => Buffer.from(hash).toString('base64'));
  const damaged = (hash: TreeHash): Buffer => Buffer.from(hash.map((byte, i) => (i === 0 ? byte ^ 8 : byte)));

  it.each(inclusion)('leaf $leafIdx of $treeSize is proven as published, and by no damaged proof', ({ leafIdx, treeSize, root, leafHash: leaf, proof }) => {
    const head = { size: treeSize, root: base64(root) };
    const path = proof.map(base64);
    expect([plain(tree.inclusion(leafIdx, treeSize)), plain([tree.root(treeSize)])]).toEqual([proof, [root]]);
    expect(verifyInclusion(base64(leaf), leafIdx, path, head)).toBe(true);
    for (const other of [path.with(0, damaged(path[0]!)), path.slice(1), [...path, base64(root)], [base64(root), ...path], []]) expect(verifyInclusion(base64(leaf), leafIdx, other, head)).toBe(false);
    for (const [index, size] of [[leafIdx - 1, treeSize], [leafIdx + 1, treeSize], [leafIdx ^ 2, treeSize], [leafIdx, treeSize * 2], [leafIdx, treeSize >> 1]] as const)
      expect(verifyInclusion(base64(leaf), index, path, { ...head, size })).toBe(false);
  });

  it.each(consistency)('the tree of $size2 begins with that of $size1 as published, and by no damaged proof', ({ size1, size2, root1, root2, proof }) => {
    const [earlier, later] = [{ size: size1, root: base64(root1) }, { size: size2, root: base64(root2) }];
    const path = proof.map(base64);
    expect([plain(tree.consistency(size1, size2)), plain([tree.root(size1), tree.root(size2)])]).toEqual([proof, [root1, root2]]);
    expect(verifyConsistency(earlier, later, path)).toBe(true);
    for (const other of [path.with(0, damaged(path[0]!)), path.slice(0, -1), [...path, base64(root2)], [base64(root1), ...path], []]) expect(verifyConsistency(earlier, later, other)).toBe(false);
    expect(verifyConsistency({ ...earlier, root: later.root }, { ...later, root: earlier.root }, path)).toBe(false);
    for (const size of [size1 - 1, size1 + 1]) expect(verifyConsistency({ ...earlier, size }, later, path)).toBe(false);
  });
});

describe('C2SP', () => {
  it('the published checkpoint is read', () => {
    const { checkpoint, origin, size, root } = read('checkpoint') as { checkpoint: string; origin: string; size: number; root: string };
    expect(readCheckpoint(checkpoint)).toEqual({ origin, size, root: hex(root) });
  });

  it('a note is opened among sixteen signatures, unknown ones and those that share only a name', () => {
    const [text, own] = ['a first line\n\nafter an empty line\n', noteSigner('log.example', new Uint8Array(32).fill(1))];
    const lineOf = (seed: number, name = own.name): string => signNote(text, noteSigner(name, new Uint8Array(32).fill(seed))).slice(text.length + 1);
    const others = Array.from({ length: 15 }, (_, i) => lineOf(i + 2, i % 2 === 0 ? own.name : `witness-${i}.example`)).join('');
    expect(openNote(signNote(text, own) + others, own)).toBe(text);
    // the same key id under another name is another signer
    const renamed = signNote(text, own).replace(`\u2014 ${own.name}`, '\u2014 other.example');
    expect(() => openNote(renamed, own)).toThrow(expect.objectContaining({ code: 'note_unknown_signer' }));
  });
});

describe('Wycheproof', () => {
  const signatures = read('ed25519') as { tcId: number; comment: string; pk: string; msg: string; sig: string; valid: boolean }[];
  it.each(signatures)('Ed25519 $tcId $comment: $valid', ({ pk, msg, sig, valid }) => {
    expect(verifyEd25519(ed25519Key(hex(pk)), hex(msg), hex(sig))).toBe(valid);
  });

  const tags = read('hmac-sha256') as { tcId: number; key: string; msg: string; tag: string; valid: boolean }[];
  it.each(tags)('HMAC-SHA256 $tcId: $valid', ({ key, msg, tag, valid }) => {
    expect(sameTag(hex(tag), hmacSha256(hex(key), hex(msg)))).toBe(valid);
  });
});
