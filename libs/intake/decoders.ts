import { bytes, type Decoder, escapesIn, needlessView, point, unescapedView } from './escapes.js';
import { type View, ViewBuilder } from './view.js';

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

/** What decoding a view gives. */
export interface Decoded {
  /** The whole text with its escapes read: signs that stand between words. */
  readonly whole: View | undefined;
  /** What was hidden: whole texts in an encoding, and the surroundings of letters that needed no escape. */
  readonly hidden: readonly View[];
  /** Where the first text in an encoding stands that was not read: one too many, or too long. */
  readonly unread: readonly [start: number, end: number] | undefined;
}

/** The views that decoding `parent` gives. */
export function decoded(parent: View): Decoded {
  const escapes = escapesIn(parent.text);
  const found = collected.map((decoder) => collectedView(parent, decoder));
  const hidden = [needlessView(parent, escapes), ...found.map(({ view }) => view)];
  return { whole: unescapedView(parent, escapes), hidden: hidden.filter((view) => view !== undefined), unread: found.find(({ unread }) => unread !== undefined)?.unread };
}

function collectedView(parent: View, { name, candidate, decode }: Decoder): { readonly view: View | undefined; readonly unread: Decoded['unread'] } {
  const builder = new ViewBuilder(name, parent);
  let taken = 0;
  let unread: Decoded['unread'];
  for (const { 0: found, index } of parent.text.matchAll(candidate)) {
    const tooLong = found.length > longestCandidate;
    // what is left out of a long one is not decoded: its beginning tells whether it is text
    const text = decode(tooLong ? found.slice(0, longestCandidate) : found);
    if (!isReadable(text)) continue;
    if (tooLong || taken === mostCandidates) {
      unread ??= parent.locate(index, index + found.length);
      if (taken === mostCandidates) break;
      continue;
    }
    builder.put(`${text}\n`, index, index + found.length);
    taken += 1;
  }
  return { view: taken === 0 ? undefined : builder.build(), unread };
}

/** Chance bytes are not text: nine in ten characters are letters, digits, marks or spaces. */
function isReadable(text: string): boolean {
  const shown = text.match(/[\p{L}\p{M}\p{N}\p{P}\p{Zs}\n\r\t+=<>|$]/gu)?.length ?? 0;
  return text.length >= 6 && shown >= text.length * 0.9;
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

function base32(written: string): string {
  const bits = Array.from(written.replace(/=+$/u, '')).map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2))).toString('utf8');
}

const morseCodes = '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(' ');
function morse(written: string): string {
  return written.replace(/\s{0,2}[/|]\s{0,2}|\s{2,}/gu, ' / ').split(' ').map((code) => (code === '/' ? ' ' : 'abcdefghijklmnopqrstuvwxyz'.charAt(morseCodes.indexOf(code)))).join('');
}
