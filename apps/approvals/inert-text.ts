// controls but tab and newline, soft hyphen, zero-width, bidirectional controls, tags and other format characters
const DECEIVING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u034f\u115f\u1160\u3164\uffa0]/gu;

/** Text in which nothing is hidden: characters that are not seen, or that move others, are spelled out as `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(DECEIVING, (character) => {
    if (character === '\n' || character === '\t') return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** At most `limit` characters, and no half of one; says how much was left out. */
export function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit).join('')} … (${characters.length - limit} more characters)`;
}
