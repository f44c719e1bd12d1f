/** A pattern in RE2 syntax as a tree: only what the prefilter asks about is kept. */
export type PatternNode =
  /** One character, or several that may stand in its place; undefined when there are too many to list. */
  | { readonly kind: 'character'; readonly among: readonly string[] | undefined; readonly space: 'never' | 'only' | 'perhaps' }
  /** A place between characters. */
  | { readonly kind: 'edge' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number };

const mostListed = 4;
const anyCharacter: PatternNode = { kind: 'character', among: undefined, space: 'perhaps' };
const classes: Readonly<Record<string, 'never' | 'only' | 'perhaps'>> = { s: 'only', S: 'never', d: 'never', D: 'perhaps', w: 'never', W: 'perhaps' };
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/**
 * Reads RE2 source without named groups, back references or assertions but `\b`.
 * @throws {SyntaxError} at anything else, so that nothing is ever read as less than it is
 */
export function parsePattern(source: string): PatternNode {
  const reader = { source, at: 0 };
  const node = choice(reader);
  if (reader.at < source.length) throw new SyntaxError(`unexpected ${source.charAt(reader.at)} at ${String(reader.at)}`);
  return node;
}

interface Reader {
  readonly source: string;
  at: number;
}

function taken(reader: Reader, sticky: RegExp): RegExpExecArray | undefined {
  sticky.lastIndex = reader.at;
  const found = sticky.exec(reader.source) ?? undefined;
  if (found !== undefined) reader.at = sticky.lastIndex;
  return found;
}

function choice(reader: Reader): PatternNode {
  const options = [sequence(reader)];
  while (taken(reader, /\|/yu)) options.push(sequence(reader));
  return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
}

function sequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (reader.at < reader.source.length && !/[|)]/u.test(reader.source.charAt(reader.at))) parts.push(repeated(reader, single(reader)));
  return { kind: 'sequence', parts };
}

function repeated(reader: Reader, part: PatternNode): PatternNode {
  const found = taken(reader, /(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/yu);
  if (found === undefined) return part;
  const [, sign, least = '', comma, most = ''] = found;
  if (sign !== undefined) return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
  return { kind: 'repeat', part, least: Number(least), most: comma === '' ? Number(least) : most === '' ? Infinity : Number(most) };
}

function single(reader: Reader): PatternNode {
  if (taken(reader, /\(\?(?:s|-i)?:/yu)) {
    const inner = choice(reader);
    if (!taken(reader, /\)/yu)) throw new SyntaxError('a group is not closed');
    return inner;
  }
  const listed = taken(reader, /\[(\^?)((?:\\(?:[pP](?:\{[^}]+\}|.)|.)|[^\]\\])+)\]/yu);
  if (listed !== undefined) return characterClass(listed[1] === '^', listed[2] ?? '');
  if (taken(reader, /\\b/yu)) return { kind: 'edge' };
  const property = taken(reader, /\\([pP])(?:\{[^}]+\}|[A-Z])/yu);
  if (property !== undefined) return { kind: 'character', among: undefined, space: property[1] === 'p' ? 'never' : 'perhaps' };
  const perl = taken(reader, /\\([sSdDwW])/yu)?.[1];
  if (perl !== undefined) return { kind: 'character', among: undefined, space: classes[perl] ?? 'perhaps' };
  const byte = taken(reader, /\\x([0-9A-Fa-f]{2})/yu)?.[1];
  if (byte !== undefined) return character(String.fromCharCode(Number.parseInt(byte, 16)));
  const escaped = taken(reader, /\\([nrtf]|[^A-Za-z0-9])/yu)?.[1];
  if (escaped !== undefined) return character(controls[escaped] ?? escaped);
  if (taken(reader, /\./yu)) return anyCharacter;
  const plain = taken(reader, /[^\\()[\]{}*+?|^$]/yu)?.[0];
  if (plain === undefined) throw new SyntaxError(`unexpected ${reader.source.charAt(reader.at)} at ${String(reader.at)}`);
  return character(plain);
}

function character(written: string): PatternNode {
  return { kind: 'character', among: [written], space: /\s/u.test(written) ? 'only' : 'never' };
}

function characterClass(negated: boolean, body: string): PatternNode {
  const spaces = /\\[snrtfDWP]|\s/u.test(body);
  if (negated) return { kind: 'character', among: undefined, space: body.includes('\\s') ? 'never' : 'perhaps' };
  const plain = !/\\[a-zA-Z]|[^\\]-./u.test(body) ? Array.from(body.replace(/\\(?=[^A-Za-z])/gu, '')) : undefined;
  const among = plain !== undefined && plain.length <= mostListed ? plain : undefined;
  return { kind: 'character', among, space: spaces ? 'perhaps' : 'never' };
}
