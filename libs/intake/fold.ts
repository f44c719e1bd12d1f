import { enclosedLetter, lookalikes, otherLatin } from './lookalikes.js';
import { replaced, type View } from './view.js';

/** One letter with the marks upon it, or a run of Hangul jamo: what normalisation may join. */
const beyondAscii = /[\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]+|[^\0-\x7F]\p{M}{0,8}|[\0-\x7F]\p{M}{1,8}|\p{M}+/gu;
const token = /[\p{L}\p{M}]+/gu;
const latin = /\p{Script=Latin}/u;
const lookalikeScript = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;

/** NFKC, marks dropped from Latin letters, special alphabets and look-alikes in mixed tokens made plain; undefined when nothing changes. */
export function foldedView(parent: View): View | undefined {
  if (!/[^\0-\x7F]/u.test(parent.text)) return undefined;
  const known = new Map<string, string>();
  const plain = replaced('folded', parent, beyondAscii, (cluster) => remembered(known, cluster, plainLetters)) ?? parent;
  return lookalikeScript.test(plain.text) ? (replaced('folded', plain, token, unmixed) ?? plain) : plain;
}

/** The same on a string; folding what is folded changes nothing. */
export function folded(text: string): string {
  return foldedView({ name: 'raw', text, locate: (start, end) => [start, end] })?.text ?? text;
}

/** Normalising is dear, and a text has few letters. */
function remembered(known: Map<string, string>, cluster: string, made: (cluster: string) => string): string {
  const plain = known.get(cluster) ?? made(cluster);
  known.set(cluster, plain);
  return plain;
}

function plainLetters(cluster: string): string {
  const special = Array.from(cluster).map((c) => otherLatin.get(c) ?? enclosedLetter(c.codePointAt(0) ?? 0) ?? c).join('');
  const composed = special.normalize('NFKC');
  return /\p{Script=Latin}/u.test(composed) ? withoutMarks(composed) : composed.replace(/(?<=[\0-\x7F])\p{M}+/gu, '');
}

function withoutMarks(letters: string): string {
  const bare = letters.normalize('NFD').replace(/(?<=[\p{Script=Latin}\0-\x7F])\p{M}+/gu, '');
  return Array.from(bare.normalize('NFC')).map((c) => otherLatin.get(c) ?? c).join('');
}

/** A token of Latin letters and look-alikes reads as Latin; a token in one script stays, or a Cyrillic text would be destroyed. */
function unmixed(letters: string): string {
  if (!lookalikeScript.test(letters) || !(latin.test(letters) || isDisguise(letters))) return letters;
  return Array.from(letters).map((c) => lookalikes.get(c) ?? c).join('');
}

/** Nothing but look-alikes, some of them letters that the usual Cyrillic and Greek alphabets lack. */
function isDisguise(letters: string): boolean {
  return letters.length >= 3 && /[ѕіјԁԛԝһӏցհոօսգ]/u.test(letters) && Array.from(letters).every((c) => lookalikes.has(c));
}
