import { RE2JS } from 're2js';
import type { MarkerClass } from './marker-class.js';
import { type MarkerPattern, sourceOf } from './marker-pattern.js';

/** One hit in a text: class and UTF-16 range. */
export interface Hit {
  readonly class: MarkerClass;
  readonly start: number;
  readonly end: number;
}

interface Compiled {
  readonly data: MarkerPattern;
  readonly match: RE2JS;
  readonly unless: RE2JS | undefined;
}

/** After so many everyday meanings in one text the next hit counts, whatever it means. */
const mostExcused = 8;
const excuseReach = 60;

/** Patterns compiled for linear-time matching; only boolean automata run, positions are found by halving. */
export class PatternSet {
  private readonly all: RE2JS;
  private readonly classes: readonly { readonly name: MarkerClass; readonly match: RE2JS; readonly patterns: readonly Compiled[] }[];

  constructor(patterns: readonly MarkerPattern[], loose: boolean) {
    const compile = (source: string) => RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    const union = (of: readonly MarkerPattern[]) => compile(of.map((data) => sourceOf(data, loose)).join('|'));
    this.all = union(patterns.filter((data) => data.class !== 'pressure'));
    this.classes = [...new Set(patterns.map((data) => data.class))].map((name) => {
      const own = patterns.filter((data) => data.class === name);
      const compiled = own.map((data): Compiled => ({
        data,
        match: compile(sourceOf(data, loose)),
        unless: data.unless === undefined ? undefined : RE2JS.compile(data.unless),
      }));
      return { name, match: union(own), patterns: compiled };
    });
  }

  /** The first hit of each class in `text`. */
  find(text: string): Hit[] {
    if (!this.all.test(text)) return [];
    return this.classes.flatMap(({ name, match, patterns }) => {
      const hit = firstHit(text, match, patterns);
      return hit === undefined ? [] : [{ class: name, start: hit[0], end: hit[1] }];
    });
  }
}

function firstHit(text: string, match: RE2JS, patterns: readonly Compiled[]): readonly [number, number] | undefined {
  let from = 0;
  for (let excused = 0; ; excused += 1) {
    const rest = text.slice(from);
    if (!match.test(rest)) return undefined;
    const end = least(rest.length, (until) => match.test(rest.slice(0, until)));
    const start = end - least(end, (length) => match.test(rest.slice(end - length, end)));
    if (excused >= mostExcused || !isExcused(rest, start, end, patterns)) return [from + start, from + end];
    from += Math.max(end - 1, start + 1);
  }
}

function isExcused(text: string, start: number, end: number, patterns: readonly Compiled[]): boolean {
  const found = text.slice(start, end);
  const context = text.slice(Math.max(0, start - 1), end + excuseReach);
  const matching = patterns.filter(({ match }) => match.test(found));
  return matching.length > 0 && matching.every(({ unless }) => unless?.test(context) === true);
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
