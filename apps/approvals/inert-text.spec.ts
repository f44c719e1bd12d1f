import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, visible } from '#edge';
import { shortened } from './message-blocks.js';
import { jsonIn } from './page-json.js';

const anything = fc.string({ unit: 'binary', maxLength: 60 });

describe('text of others', () => {
  it('hides nothing and moves nothing', () => {
    expect(visible('a\u202Eb\u200Bc\0d\uFEFFe\u{E0041}f')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩d⟨U+FEFF⟩e⟨U+E0041⟩f');
    expect(visible('Zoë Łukasz 王 \n\t👩')).toBe('Zoë Łukasz 王 \n\t👩');
    fc.assert(fc.property(anything, (text) => expect(visible(visible(text))).toBe(visible(text))));
  });

  it('cannot leave its place in a page, whatever it is', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(html`<p title="${text}">${text}</p>`.text.replace(/&(amp|lt|gt|quot|#39);/g, '')).toMatch(/^<p title="[^<>"]*">[^<>"]*<\/p>$/s);
      }),
    );
  });

  it('comes back from JSON as it went, and cannot end a script', () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.constantFrom('</script>', '<!--', ']]>', '\u2028')), (text) => {
        const { text: json } = jsonIn({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      }),
    );
  });

  it('is cut between characters, and says so', () => {
    expect(shortened('👩👩👩', 2)).toBe('👩👩 … (1 more characters)');
    expect(shortened('👩👩', 2)).toBe('👩👩');
  });
});
