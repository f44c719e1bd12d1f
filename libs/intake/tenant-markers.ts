import { CodedError, isJsonObject, type JsonValue } from '#decider';
import { markerClasses } from './marker-class.js';
import type { MarkerPattern } from './marker-pattern.js';
import { PatternSet } from './pattern-set.js';

/** Markers that a tenant added to the built-in ones, which none can take away. */
export interface TenantMarkers {
  readonly patterns: PatternSet;
  readonly versions: ReadonlyMap<string, number>;
}

const mostMarkers = 32;
const mostPatterns = 16;
const longestPattern = 400;

/**
 * Reads a tenant's markers: `[{name, version, explanation, patterns, examples}]`, patterns as in {@link MarkerPattern}.
 * Each example must be found and each pattern must serve one, so that a pattern that never matches does not pass for protection.
 * @param at where the list stands, for the error
 * @throws CodedError `marker_data` that names the place and what would be right
 */
export function readTenantMarkers(data: unknown, at: string): TenantMarkers {
  if (!Array.isArray(data) || data.length > mostMarkers) throw wrong(at, `must be a list of at most ${String(mostMarkers)} markers`);
  const read = data.map((marker: unknown, i) => readMarker(marker, `${at}[${String(i)}]`));
  const names = read.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(at, `names ${twice} twice`);
  return { patterns: asOne(read.flatMap(({ patterns }) => patterns), at), versions: new Map(read.map(({ name, version }) => [name, version])) };
}

function asOne(patterns: readonly MarkerPattern[], at: string): PatternSet {
  try {
    return new PatternSet(patterns);
  } catch (cause) {
    throw wrong(at, 'hold too many words in all', cause);
  }
}

interface ReadMarker {
  readonly name: string;
  readonly version: number;
  readonly patterns: readonly MarkerPattern[];
}

function readMarker(marker: unknown, at: string): ReadMarker {
  if (!isJsonObject(marker)) throw wrong(at, 'must be an object');
  const { name, version, explanation, patterns, examples, ...other } = marker;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) throw wrong(`${at}.${unknown}`, 'is not known; name, version, explanation, patterns and examples are');
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{2,40}$/u.test(name)) throw wrong(`${at}.name`, 'must be 3 to 41 of a-z, 0-9 and _');
  if (name in markerClasses) throw wrong(`${at}.name`, `is the built-in class ${name}: choose another`);
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) throw wrong(`${at}.version`, 'must be 1, 2, 3 …');
  if (typeof explanation !== 'string' || explanation.trim() === '') throw wrong(`${at}.explanation`, 'must say what the marker means');
  const read = texts(patterns, `${at}.patterns`).map((pattern, i): MarkerPattern => readPattern({ class: name, pattern, because: explanation }, `${at}.patterns[${String(i)}]`));
  const shown = texts(examples, `${at}.examples`);
  const all = new PatternSet(read);
  for (const [i, example] of shown.entries()) if (all.find(example, false).length === 0) throw wrong(`${at}.examples[${String(i)}]`, 'is found by none of the patterns');
  for (const [i, pattern] of read.entries()) {
    const alone = new PatternSet([pattern]);
    if (!shown.some((example) => alone.find(example, false).length > 0)) throw wrong(`${at}.patterns[${String(i)}]`, 'finds none of the examples: add one that it finds');
  }
  return { name, version, patterns: read };
}

function readPattern(pattern: MarkerPattern, at: string): MarkerPattern {
  try {
    const [searched] = new PatternSet([pattern]).searched(false);
    searched?.match();
    if (searched?.mostSpaces === Infinity) throw new SyntaxError('a part that may hold white space repeats without a bound');
    return pattern;
  } catch (cause) {
    throw wrong(at, `is no pattern: ${cause instanceof Error ? cause.message : 'unknown'}`, cause);
  }
}

function texts(list: JsonValue | undefined, at: string): readonly string[] {
  const strings = Array.isArray(list) ? list.filter((text) => typeof text === 'string' && text.trim() !== '' && text.length <= longestPattern) : [];
  if (!Array.isArray(list) || list.length === 0 || list.length > mostPatterns || strings.length < list.length)
    throw wrong(at, `must be 1 to ${String(mostPatterns)} texts of at most ${String(longestPattern)} characters`);
  return strings as readonly string[];
}

function wrong(at: string, what: string, cause?: unknown): CodedError {
  return new CodedError('marker_data', `${at} ${what}`, cause === undefined ? undefined : { cause });
}
