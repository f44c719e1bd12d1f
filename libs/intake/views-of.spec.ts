import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rawView } from './view.js';
import { viewsOf } from './views-of.js';

const words = fc.array(fc.constantFrom('ignore', 'all', 'a b c d e', '<b>bold</b>', 'w1th', '\u200b', 'in-struc-tion', '\n', 'é', '"x" + "y"', '%41', '&lt;', '\ud83d\ude00', 'igpay atinlay ordway'), { minLength: 1, maxLength: 14 });

/** What a letter of a view may have stood as in the raw text. */
const sameLetter = new Set(['raw', 'visible', 'words', 'unmarked', 'unbroken', 'joined', 'reversed', 'words-reversed']);

it('each letter of a view stands in the raw range that the view gives for it', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join(' ');
      for (const { view } of viewsOf(rawView(text)).scanned) {
        seen.add(view.name);
        for (const [at, letter] of view.text.split('').entries()) {
          const [start, end] = view.locate(at, at + 1);
          expect(start >= 0 && start <= end && end <= text.length).toBe(true);
          if (sameLetter.has(view.name) && /[a-z]/iu.test(letter)) expect(text.slice(start, end).normalize('NFD')).toContain(letter);
        }
      }
    }),
    { numRuns: 60 },
  );
  expect([...sameLetter].filter((name) => !seen.has(name))).toEqual([]);
});
