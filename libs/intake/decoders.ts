import { replaced, type View, ViewBuilder } from './view.js';

interface Decoder {
  readonly name: string;
  /** What may be encoded text; every quantifier is bounded or over one class, so finding is linear. */
  readonly candidate: RegExp;
  readonly decode: (found: string) => string;
}

/** No more candidates than this are decoded in one view, so that a message of nothing else stays cheap. */
const mostCandidates = 40;
const longestCandidate = 8192;

const collected: readonly Decoder[] = [
  { name: 'base64', candidate: /[A-Za-z0-9+/_-]{16,}={0,2}/gu, decode: (s) => bytes(s, 'base64') },
  { name: 'base64', candidate: /(?:[A-Za-z0-9+/_-]{20,80}\r?\n\s?){1,60}[A-Za-z0-9+/_-]{2,80}={0,2}/gu, decode: (s) => bytes(s.replace(/\s/gu, ''), 'base64') },
  { name: 'hex', candidate: /(?:0x)?(?:[0-9A-Fa-f]{2}[\s:,-]?){8,}/gu, decode: (s) => bytes(s.replace(/^0x|[^0-9A-Fa-f]/gu, ''), 'hex') },
  { name: 'hex', candidate: /(?:(?:0x|\\x)[0-9A-Fa-f]{2}[\s,]{0,2}){6,}/gu, decode: (s) => bytes(s.replace(/0x|\\x|[^0-9A-Fa-f]/gu, ''), 'hex') },
  { name: 'base32', candidate: /\b[A-Z2-7]{16,}={0,6}/gu, decode: base32 },
  { name: 'decimal', candidate: /\b\d{2,3}(?:[\s,;]{1,2}\d{2,3}){7,}/gu, decode: (s) => codes(s.split(/[\s,;]+/u), 10) },
  { name: 'octal', candidate: /\\?\b[01][0-7]{2}(?:[\s\\,]{1,2}[01]?[0-7]{2}){7,}/gu, decode: (s) => codes(s.split(/[\s\\,]+/u).filter(Boolean), 8) },
  { name: 'binary', candidate: /\b(?:[01]{8}[\s,]?){6,}|\b(?:[01]{7}[\s,]){6,}[01]{7}/gu, decode: binary },
  { name: 'morse', candidate: /(?<!\S)[.-]{1,6}(?:[ /|]{1,3}[.-]{1,6}){9,}/gu, decode: morse },
  { name: 'letter-numbers', candidate: /\b\d{1,2}(?:[- ]\d{1,2}){9,}\b/gu, decode: letterNumbers },
];

/** Encodings that stand within readable text. */
const inPlace: readonly Decoder[] = [
  { name: 'url', candidate: /(?:%[0-9A-Fa-f]{2})+/gu, decode: (s) => bytes(s.replace(/%/gu, ''), 'hex') },
  { name: 'url', candidate: /%u[0-9A-Fa-f]{4}/gu, decode: (s) => point(Number.parseInt(s.slice(2), 16)) },
  { name: 'entities', candidate: /&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos|nbsp|colon|lpar|rpar|newline);?/giu, decode: entity },
  { name: 'escapes', candidate: /\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\U[0-9A-Fa-f]{8}|\\[nrt"'/]/gu, decode: escape },
  { name: 'quoted-printable', candidate: /=[0-9A-F]{2}|=\r?\n/gu, decode: (s) => (s.length === 3 && s !== '=\r\n' ? point(Number.parseInt(s.slice(1), 16)) : '') },
];

const anyInPlace = new RegExp(inPlace.map(({ candidate }) => `(${candidate.source})`).join('|'), 'gu');

/** The views that decoding `parent` gives: collected candidates, and text with its escapes read. */
export function decodedViews(parent: View): View[] {
  return [unescapedView(parent), ...collected.map((decoder) => collectedView(parent, decoder))].filter((view) => view !== undefined);
}

/** All that is encoded in place, read in one pass: a view for each mixture would be too many. */
function unescapedView(parent: View): View | undefined {
  const met = new Set<string>();
  const view = replaced('', parent, anyInPlace, (found, ...groups: (string | undefined)[]) => {
    const decoder = inPlace[groups.findIndex((group, at) => at < inPlace.length && group !== undefined)];
    met.add(decoder?.name ?? '');
    return decoder?.decode(found) ?? found;
  });
  return view && { ...view, name: met.size > 1 ? 'unescaped' : ([...met][0] ?? '') };
}

function collectedView(parent: View, { name, candidate, decode }: Decoder): View | undefined {
  const builder = new ViewBuilder(name, parent);
  let taken = 0;
  for (const { 0: found, index } of parent.text.matchAll(candidate)) {
    if (taken === mostCandidates) break;
    if (found.length > longestCandidate) continue;
    const text = decode(found);
    if (!isReadable(text)) continue;
    builder.put(`${text}\n`, index, index + found.length);
    taken += 1;
  }
  return taken === 0 ? undefined : builder.build();
}

/** Chance bytes are not text: nine in ten characters are letters, digits, marks or spaces. */
function isReadable(text: string): boolean {
  const shown = text.match(/[\p{L}\p{M}\p{N}\p{P}\p{Zs}\n\r\t+=<>|$]/gu)?.length ?? 0;
  return text.length >= 6 && shown >= text.length * 0.9;
}

/** UTF-8, or UTF-16 of letters that are half zeros. */
function bytes(written: string, encoding: 'base64' | 'hex'): string {
  return Buffer.from(written, encoding).toString('utf8').replaceAll('\0', '');
}

/** 1 for a, 2 for b; hyphens within words where there are any. */
function letterNumbers(written: string): string {
  const letters = (word: string, between: string) => word.split(between).map((n) => (Number(n) > 26 ? ' ' : String.fromCharCode(96 + Number(n)))).join('');
  return written.includes('-') ? written.split(' ').map((word) => letters(word, '-')).join(' ') : letters(written, ' ');
}

function codes(numbers: readonly string[], radix: number): string {
  return numbers.map((n) => point(Number.parseInt(n, radix))).join('');
}

function binary(bits: string): string {
  const groups = bits.split(/[\s,]+/u).filter(Boolean);
  return codes(groups.length > 1 ? groups : (bits.match(/.{8}/gu) ?? []), 2);
}

function point(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ', colon: ':', lpar: '(', rpar: ')', newline: '\n' };
function entity(written: string): string {
  const body = written.slice(1).replace(/;$/u, '').toLowerCase();
  if (body.startsWith('#x')) return point(Number.parseInt(body.slice(2), 16));
  return body.startsWith('#') ? point(Number.parseInt(body.slice(1), 10)) : (named[body] ?? '');
}

function escape(written: string): string {
  const hex = /[0-9A-Fa-f]{1,8}/u.exec(written.slice(2))?.[0];
  if (/^\\[uUx]/u.test(written) && hex !== undefined) return point(Number.parseInt(hex, 16));
  return { n: '\n', r: '\r', t: '\t' }[written.charAt(1)] ?? written.charAt(1);
}

function base32(written: string): string {
  const bits = Array.from(written.replace(/=+$/u, '')).map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2))).toString('utf8');
}

const morseCodes = '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(' ');
function morse(written: string): string {
  return written.replace(/\s{0,2}[/|]\s{0,2}|\s{2,}/gu, ' / ').split(' ').map((code) => (code === '/' ? ' ' : 'abcdefghijklmnopqrstuvwxyz'.charAt(morseCodes.indexOf(code)))).join('');
}
