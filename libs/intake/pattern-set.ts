import { RE2JS } from 're2js';
import type { MarkerClass } from './marker-class.js';
import { type MarkerPattern, piecesOf, sourceOf } from './marker-pattern.js';

/** One hit in a text: class and UTF-16 range. */
export interface Hit {
  readonly class: MarkerClass;
  readonly start: number;
  readonly end: number;
}

interface Compiled {
  readonly data: MarkerPattern;
  /** Compiled when first needed: most patterns never are, and each costs time and memory. */
  readonly match: () => RE2JS;
  readonly unless: () => RE2JS | undefined;
  /** What every match contains; patterns share their pieces. */
  readonly pieces: readonly RE2JS[];
}

/** After so many everyday meanings in one text the next hit counts, whatever it means. */
const mostExcused = 8;
const excuseReach = 60;

/**
 * Patterns compiled for linear-time matching. Each runs as an automaton of its own: a union of them has so many states
 * that hostile text drives it off the fast path. Only boolean automata run; positions are found by halving.
 */
export class PatternSet {
  private readonly patterns: readonly Compiled[];
  /** One piece of each pattern: most views hold none of them, and one cheap pass says so. */
  private readonly any: RE2JS;

  constructor(patterns: readonly MarkerPattern[], loose: boolean) {
    const compiled = new Map<string, RE2JS>();
    const pieceOf = (source: string) => {
      const piece = compiled.get(source) ?? RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
      compiled.set(source, piece);
      return piece;
    };
    this.patterns = patterns.map((data) => ({
      data,
      match: once(() => RE2JS.compile(sourceOf(data, loose), RE2JS.CASE_INSENSITIVE)),
      unless: once(() => (data.unless === undefined ? undefined : RE2JS.compile(data.unless))),
      pieces: piecesOf(data, loose).map(pieceOf),
    }));
    const first = patterns.map((data) => piecesOf(data, loose)[0] ?? sourceOf(data, loose));
    this.any = RE2JS.compile([...new Set(first)].map((source) => `(?:${source})`).join('|'), RE2JS.CASE_INSENSITIVE);
  }

  /** The first hit of each class in `text`. */
  find(text: string): Hit[] {
    const found = new Map<MarkerClass, Hit>();
    if (!this.any.test(text)) return [];
    const tested = new Map<RE2JS, boolean>();
    const holds = (piece: RE2JS) => {
      const answer = tested.get(piece) ?? piece.test(text);
      tested.set(piece, answer);
      return answer;
    };
    for (const pattern of this.patterns) {
      if (!pattern.pieces.every(holds)) continue;
      if (found.has(pattern.data.class) || !pattern.match().test(text)) continue;
      const hit = firstHit(text, pattern);
      if (hit !== undefined) found.set(pattern.data.class, { class: pattern.data.class, start: hit[0], end: hit[1] });
    }
    return [...found.values()];
  }
}

function firstHit(text: string, pattern: Compiled): readonly [number, number] | undefined {
  const [match, unless] = [pattern.match(), pattern.unless()];
  let from = 0;
  for (let excused = 0; ; excused += 1) {
    const rest = text.slice(from);
    if (!match.test(rest)) return undefined;
    const end = least(rest.length, (until) => match.test(rest.slice(0, until)));
    const start = end - least(end, (length) => match.test(rest.slice(end - length, end)));
    const context = rest.slice(Math.max(0, start - 1), end + excuseReach);
    if (excused >= mostExcused || unless?.test(context) !== true) return [from + start, from + end];
    from += Math.max(end - 1, start + 1);
  }
}

/** The least n up to `most` for which `holds`, which holds for `most`. */
function least(most: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
