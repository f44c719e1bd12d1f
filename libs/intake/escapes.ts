import { type View, ViewBuilder } from './view.js';

/** One encoding. */
export interface Decoder {
  readonly name: string;
  /** What may be encoded text; every quantifier is bounded or over one class, so finding is linear. */
  readonly candidate: RegExp;
  readonly decode: (found: string) => string;
}

/** Encodings that stand within readable text. */
const inPlace: readonly Decoder[] = [
  { name: 'url', candidate: /(?:%[0-9A-Fa-f]{2})+/gu, decode: (s) => bytes(s.replace(/%/gu, ''), 'hex') },
  { name: 'url', candidate: /%u[0-9A-Fa-f]{4}/gu, decode: (s) => point(Number.parseInt(s.slice(2), 16)) },
  { name: 'entities', candidate: /&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos|nbsp|colon|lpar|rpar|newline);?/giu, decode: entity },
  { name: 'escapes', candidate: /\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\U[0-9A-Fa-f]{8}|\\[nrt"'/]/gu, decode: escape },
  { name: 'quoted-printable', candidate: /=[0-9A-F]{2}|=\r?\n/gu, decode: (s) => (s.length === 3 && s !== '=\r\n' ? point(Number.parseInt(s.slice(1), 16)) : '') },
];

const anyInPlace = new RegExp(inPlace.map(({ candidate }) => `(${candidate.source})`).join('|'), 'gu');

/** One escape or several in a row, and what they stand for. */
export interface Escape {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** All that is encoded in place, read in one pass: a view for each mixture would be too many. */
export function escapesIn(text: string): readonly Escape[] {
  const known = new Map<string, Pick<Escape, 'name' | 'text'>>();
  const read = (found: string, groups: readonly (string | undefined)[]) => {
    const decoder = inPlace[groups.findIndex((group) => group !== undefined)];
    return { name: decoder?.name ?? '', text: decoder?.decode(found) ?? found };
  };
  return [...text.matchAll(anyInPlace)].map((match) => {
    const [found] = match;
    const escape = known.get(found) ?? read(found, match.slice(1));
    known.set(found, escape);
    return { ...escape, start: match.index, end: match.index + found.length };
  });
}

function nameOf(escapes: readonly Escape[]): string {
  const names = new Set(escapes.map(({ name }) => name));
  return names.size > 1 ? 'unescaped' : ([...names][0] ?? '');
}

/** The whole text with its escapes read; undefined when that changes nothing. */
export function unescapedView(parent: View, escapes: readonly Escape[]): View | undefined {
  if (escapes.length === 0) return undefined;
  const builder = new ViewBuilder(nameOf(escapes), parent);
  putUnescaped(builder, escapes, 0, parent.text.length);
  const view = builder.build();
  return view.text === parent.text ? undefined : view;
}

/** How far the words may stand that make a marker of an escaped letter. */
const surroundings = 240;

/** The text around letters that were written as escapes without need; undefined when there are none. */
export function needlessView(parent: View, escapes: readonly Escape[]): View | undefined {
  const parts: { start: number; end: number }[] = [];
  for (const { text, start, end } of escapes) {
    if (!/[A-Za-z]/u.test(text)) continue;
    const [from, until] = [wordBefore(parent.text, start - surroundings), Math.min(parent.text.length, end + surroundings)];
    const last = parts.at(-1);
    if (last !== undefined && from <= last.end) last.end = until;
    else parts.push({ start: from, end: until });
  }
  if (parts.length === 0) return undefined;
  const builder = new ViewBuilder(nameOf(escapes), parent);
  let next = 0;
  for (const { start, end } of parts) {
    while ((escapes[next]?.start ?? end) < start) next += 1;
    const within = escapes.slice(next, firstBeyond(escapes, next, end));
    next += within.length;
    putUnescaped(builder, within, start, end);
    builder.put(' … ', end, end);
  }
  return builder.build();
}

function firstBeyond(escapes: readonly Escape[], from: number, end: number): number {
  let at = from;
  while ((escapes[at]?.end ?? Infinity) <= end) at += 1;
  return at;
}

/** The parent's [start, end) with `escapes`, which lie in it, read. */
function putUnescaped(builder: ViewBuilder, escapes: readonly Escape[], start: number, end: number): void {
  let kept = start;
  for (const escape of escapes) {
    builder.keep(kept, escape.start);
    builder.put(escape.text, escape.start, escape.end);
    kept = escape.end;
  }
  builder.keep(kept, end);
}

/** Where a word begins at or a little before `at`, so that none is cut. */
function wordBefore(text: string, at: number): number {
  if (at <= 0) return 0;
  const space = text.lastIndexOf(' ', at);
  return at - space > 40 ? at : space;
}

/** UTF-8, or UTF-16 of letters that are half zeros. */
export function bytes(written: string, encoding: 'base64' | 'hex'): string {
  return Buffer.from(written, encoding).toString('utf8').replaceAll('\0', '');
}

/** The character of a code point; none for what is no code point. */
export function point(code: number): string {
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
