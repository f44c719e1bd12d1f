import { RE2JS } from 're2js';
import { LiteralScan, type Standing } from './literal-scan.js';
import { type MarkerPattern, sourceOf } from './marker-pattern.js';
import { once } from './once.js';
import { requirementOf } from './required-literals.js';
import { countUpTo, spacesIn, type Span, spansOf } from './spans.js';

/** One hit in a text: class and UTF-16 range. */
export interface Hit {
  readonly class: string;
  readonly start: number;
  readonly end: number;
}

/** A pattern as it is searched. */
export interface SearchedPattern {
  readonly data: MarkerPattern;
  /** Compiled when first needed: most patterns never are, and each costs time and memory. */
  readonly match: () => RE2JS;
  readonly unless: () => RE2JS | undefined;
  /** Sets of literals by number; a match has one of each, in this order. */
  readonly sets: readonly number[];
  readonly mostSpaces: number;
  /** How many characters around a match only show that it is not a part of a word. */
  readonly edge: 0 | 1;
}

/** After so many everyday meanings in one text the next hit counts, whatever it means. */
const mostExcused = 8;
const other = /[^\0-\u036F\u1E00-\u20CF]/u;
const excuseReach = 60;
const excuseBefore = 10;

/**
 * Patterns matched in linear time. One pass finds the literals that matches need, and a pattern runs only where all of its own stand.
 * Each runs as an automaton of its own: a union of them has so many states that hostile text drives it off the fast path.
 * Boolean automata look for a match; only around one does the slower automaton run that knows its place.
 */
export class PatternSet {
  private readonly tight: readonly SearchedPattern[];
  private readonly loose: readonly SearchedPattern[];
  private readonly european: LiteralScan;
  /** Apart, since most texts hold no letter of these and the alphabets are large. */
  private readonly others: LiteralScan;

  /** @throws {SyntaxError} for a pattern whose matches need no literal: it would have to run everywhere */
  constructor(patterns: readonly MarkerPattern[]) {
    const numbers = new Map<string, number>();
    const sets: (readonly string[])[] = [];
    const numbered = (set: readonly string[]) => {
      const key = JSON.stringify(set);
      const number = numbers.get(key) ?? sets.push(set) - 1;
      numbers.set(key, number);
      return number;
    };
    const searched = (loose: boolean) => patterns.map((data) => searchedPattern(data, loose, numbered));
    [this.tight, this.loose] = [searched(false), searched(true)];
    const isOther = (set: readonly string[]) => set.every((literal) => other.test(literal));
    this.european = new LiteralScan(new Map([...sets.entries()].filter(([, set]) => !isOther(set))));
    this.others = new LiteralScan(new Map([...sets.entries()].filter(([, set]) => isOther(set))));
  }

  /** The patterns in the form for words that may have lost the spaces between, or the strict one. */
  searched(loose: boolean): readonly SearchedPattern[] {
    return loose ? this.loose : this.tight;
  }

  /** The first hit of each class in `text`; `loose` when its words may have lost the spaces between. */
  find(text: string, loose: boolean): Hit[] {
    const between = `\n${text}\n\n`;
    const found = new Map<string, Hit>();
    const standing = [this.european.scan(between), ...(other.test(between) ? [this.others.scan(between)] : [])];
    const spaces = spacesIn(between);
    for (const pattern of this.searched(loose)) {
      if (found.has(pattern.data.class)) continue;
      const hit = firstHit(between, pattern, spansFor(pattern, standing, spaces, between.length), spaces);
      if (hit !== undefined) found.set(pattern.data.class, hit);
    }
    return [...found.values()];
  }
}

function searchedPattern(data: MarkerPattern, loose: boolean, numbered: (set: readonly string[]) => number): SearchedPattern {
  const source = sourceOf(data, loose);
  const { oneOf, mostSpaces } = requirementOf(source);
  if (oneOf.length === 0) throw new SyntaxError(`a match of ${data.pattern} needs no literal`);
  return {
    data,
    match: once(() => RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)),
    unless: once(() => (data.unless === undefined ? undefined : RE2JS.compile(data.unless))),
    sets: oneOf.map(numbered),
    mostSpaces,
    edge: loose || data.unspaced === true ? 0 : 1,
  };
}

/** Where matches of `pattern` can be: around its rarest literal, where all the others stand near, in their order. */
function spansFor({ sets, mostSpaces }: SearchedPattern, standing: readonly Standing[], spaces: readonly number[], length: number): readonly Span[] {
  if (!sets.every((set) => standing.some((some) => some.has(set)))) return [];
  const positions = sets.map((set) => standing.find((some) => some.has(set))?.of(set) ?? []);
  return spansOf(positions, spaces, mostSpaces, length);
}

/** The first match in `text`, which stands behind one line end and before two, that has no everyday meaning; positions are those of the text between them. */
export function firstHit(text: string, pattern: SearchedPattern, spans: readonly Span[], spaces: readonly number[]): Hit | undefined {
  let excused = 0;
  for (const span of spans) {
    for (let from = span.start; from < span.end; excused += 1) {
      const place = firstMatch(text, { start: from, end: span.end }, pattern, spaces);
      if (place === undefined) break;
      const [start, end] = [place.start + pattern.edge, place.end - pattern.edge];
      const context = text.slice(Math.max(0, start - excuseBefore), end + excuseReach);
      if (excused >= mostExcused || pattern.unless()?.test(context) !== true) {
        return { class: pattern.data.class, start: Math.max(0, start - 1), end: Math.min(text.length - 3, end - 1) };
      }
      from = place.start + 1;
    }
  }
  return undefined;
}

/** The match in `span` that needs the fewest runs of white space. A text is cut behind white space only, where no word is made or broken. */
function firstMatch(text: string, { start, end }: Span, { match, mostSpaces }: SearchedPattern, spaces: readonly number[]): Span | undefined {
  if (!match().test(text.slice(start, end))) return undefined;
  const [first, last] = [countUpTo(spaces, start), countUpTo(spaces, end - 2)];
  const cut = (run: number) => (run < last ? (spaces[run] ?? end) + 1 : end);
  const run = first + least(last - first, (runs) => match().test(text.slice(start, cut(first + runs))));
  const near = Math.max(start, spaces[run - mostSpaces - 2] ?? 0);
  const found = match().matcher(text.slice(near, cut(run)));
  return found.find() ? { start: near + found.start(), end: near + found.end() } : undefined;
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
