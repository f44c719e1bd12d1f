/** Text that is HTML already; everything else is escaped where it is put in. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | readonly Html[] | string | number | undefined;

/** HTML from a template: strings are escaped for elements and double-quoted attributes, with nothing hidden in them; only `Html` is trusted. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(parts.reduce((page, part, i) => page + rendered(values[i - 1]) + part));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function rendered(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return visible(String(value)).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? '');
}

// controls but tab and newline, soft hyphen, zero-width, bidirectional controls, tags and other format characters
const DECEIVING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u034f\u115f\u1160\u3164\uffa0]/gu;

/** Text in which nothing is hidden: characters that are not seen, or that move others, are spelled out as `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(DECEIVING, (character) => {
    if (character === '\n' || character === '\t') return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}
