import { type PatternNode, parsePattern } from './pattern-syntax.js';

/** What every match of a pattern has. */
export interface Requirement {
  /** Sets of literals, case folded, one space for each run of white space: every match contains one of each set, in this order. */
  readonly oneOf: readonly (readonly string[])[];
  /** The most runs of white space that a match may touch; infinite when unbounded. */
  readonly mostSpaces: number;
}

/** Strings that are all the node can match, or sets of which each match contains one. */
type Needs = { readonly exact: readonly string[] } | { readonly sets: readonly (readonly string[])[] };

const mostExact = 96;
const mostCrossed = 32;
const nothing: Needs = { sets: [] };

/** Derives, from RE2 source, literals that no match can lack: after "Regular Expression Matching with a Trigram Index" (Cox, 2012). */
export function requirementOf(source: string): Requirement {
  const tree = parsePattern(source);
  return { oneOf: setsOf(needsOf(tree)).map((set) => [...new Set(set.map((literal) => caseFolded(literal).replace(/[\t\n\f\r ]+/gu, ' ')))]), mostSpaces: spacesIn(tree) };
}

/** One spelling for all that RE2 takes for the same letter when case is ignored; never longer or shorter. */
export function caseFolded(text: string): string {
  let folded = '';
  for (let at = 0; at < text.length; at += 1) folded += foldedUnit(text.charAt(at));
  return folded;
}

function foldedUnit(unit: string): string {
  const upper = unit.toUpperCase();
  const lower = (upper.length === 1 ? upper : unit).toLowerCase();
  return lower.length === 1 ? lower : unit;
}

function needsOf(node: PatternNode): Needs {
  switch (node.kind) {
    case 'edge':
      return { exact: [''] };
    case 'character':
      // beyond the basic plane a letter's cases share no unit
      return node.among === undefined || node.space !== 'never' || node.among.some((one) => one.length > 1) ? nothing : { exact: node.among };
    case 'choice':
      return eitherOf(node.options.map(needsOf));
    case 'sequence':
      return allOf(node.parts.map(needsOf));
    case 'repeat': {
      const once = needsOf(node.part);
      if (isSpaceRun(node)) return { exact: [' '] };
      if (node.least === 0) return node.most === 1 && 'exact' in once ? { exact: [...once.exact, ''] } : nothing;
      return node.most === 1 ? once : { sets: setsOf(once) };
    }
  }
}

function eitherOf(options: readonly Needs[]): Needs {
  const exact = options.flatMap((option) => ('exact' in option ? option.exact : []));
  if (exact.length <= mostExact && options.every((option) => 'exact' in option)) return { exact };
  const best = options.map((option) => bestOf(setsOf(option)));
  return best.some((set) => set === undefined) ? nothing : { sets: [best.flatMap((set) => set ?? [])] };
}

function allOf(parts: readonly Needs[]): Needs {
  const sets: (readonly string[])[] = [];
  let [run, whole]: [readonly string[], boolean] = [[''], true];
  for (const part of parts) {
    if ('exact' in part && run.length * part.exact.length <= mostCrossed) {
      run = run.flatMap((head) => part.exact.map((tail) => head + tail));
      continue;
    }
    if ('exact' in part && run.length === 1 && run[0] === '') {
      run = part.exact;
      continue;
    }
    whole = false;
    sets.push(...setsOf({ exact: run }));
    if (!('exact' in part)) sets.push(...part.sets);
    run = 'exact' in part ? part.exact : [''];
  }
  return whole ? { exact: run } : { sets: [...sets, ...setsOf({ exact: run })] };
}

/** What may be empty or white space is no requirement. */
function setsOf(needs: Needs): readonly (readonly string[])[] {
  if ('sets' in needs) return needs.sets;
  return needs.exact.length === 0 || needs.exact.some((literal) => literal.trim() === '') ? [] : [needs.exact];
}

function isSpaceRun(node: PatternNode & { readonly kind: 'repeat' }): boolean {
  return node.part.kind === 'character' && node.part.space === 'only' && node.least > 0 && node.most === Infinity;
}

/** The set whose shortest literal is longest, for it is the rarest in a text. */
function bestOf(sets: readonly (readonly string[])[]): readonly string[] | undefined {
  const shortest = (set: readonly string[]) => Math.min(...set.map((literal) => literal.trim().length));
  return sets.toSorted((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0];
}

function spacesIn(node: PatternNode): number {
  switch (node.kind) {
    case 'edge':
      return 0;
    case 'character':
      return node.space === 'never' ? 0 : 1;
    case 'choice':
      return Math.max(...node.options.map(spacesIn));
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + spacesIn(part), 0);
    case 'repeat': {
      const once = spacesIn(node.part);
      // white space repeated is still one run
      return once === 0 || (node.part.kind === 'character' && node.part.space === 'only') ? once : once * node.most;
    }
  }
}
