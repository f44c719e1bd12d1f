import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { builtInMarkers } from './built-in-markers.js';
import { letters, sourceOf } from './marker-pattern.js';
import { firstHit, type Hit, PatternSet } from './pattern-set.js';
import { parsePattern } from './pattern-syntax.js';
import { caseFolded, requirementOf } from './required-literals.js';
import { rawView } from './view.js';
import { viewsOf } from './views-of.js';

/** What `find` answers, by running every pattern over the whole text. */
function foundEverywhere(text: string, loose: boolean): Hit[] {
  const between = `\n${text}\n\n`;
  const spaces = [...between.matchAll(/[\t\n\f\r ]+/gu)].map(({ index }) => index);
  const found = new Map<string, Hit>();
  for (const pattern of builtInMarkers().searched(loose)) {
    const hit = found.has(pattern.data.class) ? undefined : firstHit(between, pattern, [{ start: 0, end: between.length }], spaces);
    if (hit !== undefined) found.set(hit.class, hit);
  }
  return [...found.values()];
}

/** The source in the syntax of JavaScript, with ASCII for letters and digits: only for making examples. */
function inJavaScript(source: string): RegExp {
  const ascii = source.replaceAll(`(?-i:[^${letters}0-9])`, '[ .;]').replaceAll('(?-i:', '(?:').replaceAll(letters, 'a-z').replace(/\\s/gu, ' ');
  return new RegExp(ascii.replace(/\(\?s:\.(\{0,\d+\})\?\)/gu, '[a-z\\n ]{0,20}').replace(/\\b/gu, ''));
}

const patterns = [false, true].flatMap((loose) => builtInMarkers().searched(loose).map((pattern) => ({ ...pattern, loose })));
const anExample = fc.constantFrom(...patterns).chain(({ data, loose }) =>
  fc.record({ loose: fc.constant(loose), example: fc.stringMatching(inJavaScript(sourceOf(data, loose)), { maxLength: 120 }) }),
);
const noise = fc.array(fc.constantFrom('please', 'ignore', 'instructions', 'you', 'are', 'now', ' ', '\n', '. ', 'confidence', ': ', '0.9', 'é', 'ſ', '\u212a', '前'), { maxLength: 30 }).map((words) => words.join(' '));

describe('the prefilter', () => {
  it('lets every match through: examples made from the patterns themselves are found as without it', () => {
    let matched = 0;
    fc.assert(
      fc.property(anExample, noise, fc.boolean(), fc.boolean(), ({ loose, example }, around, upper, twice) => {
        const written = upper ? example.toUpperCase() : example;
        const text = `${around}${written}${around}${twice ? written : ''}`;
        const expected = foundEverywhere(text, loose);
        matched += expected.length > 0 ? 1 : 0;
        expect(builtInMarkers().find(text, loose)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
    expect(matched).toBeGreaterThan(60);
  });

  it('lets every match through in words and signs at random', () => {
    fc.assert(fc.property(noise, fc.string({ unit: 'binary' }), fc.boolean(), (some, other, loose) => {
      const text = `${other} ${some}`;
      expect(builtInMarkers().find(text, loose)).toEqual(foundEverywhere(text, loose));
    }), { numRuns: 40 });
  });

  const corpora = `${process.env['GATEHOUSE_SHARED'] ?? '../shared'}/data/injection`;
  const files = ['hrit_authored_dev', 'evasions_generated_dev', 'giskard', 'spikee'];
  if (!existsSync(corpora)) process.stderr.write(`SKIPPED: the prefilter on corpora, for ${corpora} is absent\n`);
  (existsSync(corpora) ? it : it.skip).each(files)('changes no answer in any view of %s', (file) => {
    const rows = readFileSync(`${corpora}/${file}.jsonl`, 'utf8').split('\n').filter((line) => line !== '');
    for (const row of rows.filter((_, at) => at % 8 === 0)) {
      const { text } = JSON.parse(row) as { text: string };
      for (const { view, loose } of viewsOf(rawView(text.slice(0, 2000))).scanned) expect(builtInMarkers().find(view.text, loose)).toEqual(foundEverywhere(view.text, loose));
    }
  });

  it('takes any run of white space for one space, and literals only in their order', () => {
    const set = new PatternSet([{ class: 'override', pattern: 'set aside~3rules', because: 'an example' }]);
    for (const text of ['set aside the rules', 'SET \t\n aside\r\n\r\nthe\f rules']) expect(set.find(text, false)).toHaveLength(1);
    for (const text of ['rules set aside', 'set the aside rules', 'setaside rules']) expect(set.find(text, false)).toEqual([]);
  });

  it('folds at least the letters that RE2 folds', () => {
    const everything = Array.from({ length: 0xd800 }, (_, unit) => String.fromCharCode(unit)).join('');
    const letters = new Set(patterns.flatMap(({ data }) => Array.from(data.pattern.toLowerCase().replace(/[^\p{L}]/gu, ''))));
    for (const letter of letters) {
      const matcher = RE2JS.compile(letter, RE2JS.CASE_INSENSITIVE).matcher(everything);
      while (matcher.find()) expect(caseFolded(matcher.group() ?? '')).toBe(caseFolded(letter));
    }
  });

  it('runs no built-in pattern over an unbounded part of the text', () => {
    expect(patterns.filter(({ mostSpaces }) => !Number.isFinite(mostSpaces)).map(({ data }) => data.because)).toEqual([]);
  });

  it('refuses a pattern that needs no literal, and syntax it does not know', () => {
    expect(() => new PatternSet([{ class: 'override', pattern: '\\pL+ ~3\\d', because: 'anything' }])).toThrow(SyntaxError);
    for (const source of ['(a', 'a)', '(?=a)', '^a', '(?P<n>a)', '\\Aa', '[', '\\1']) expect(() => parsePattern(source)).toThrow(SyntaxError);
  });
});

describe('what a match needs', () => {
  it.each([
    ['ignor(?:e|ing) all', [['ignore all', 'ignoring all']]],
    ['colou?r', [['color', 'colour']]],
    ['(?:a\\s+bc|def)', [['a bc', 'def']]],
    ['x*y{2}z?', [['y']]],
    ['[sz]et\\b', [['set', 'zet']]],
    ['\\pL+|a', []],
    ['K', [['k']]],
  ])('%s', (source, oneOf) => {
    expect(requirementOf(source.replace(/ /gu, '\\s+')).oneOf.map((set) => [...set].sort())).toEqual(oneOf);
  });

  it.each([['a\\s+b\\s*c', 2], ['a[^x]{0,3}b', 3], ['a.+b', Infinity], ['a(?:\\s+b){0,3}', 3], ['\\pL+', 0]])('%s touches runs of white space: %d', (source, most) => {
    expect(requirementOf(source).mostSpaces).toBe(most);
  });
});
