import { exchanged, replaced, type View, ViewBuilder } from './view.js';

/** Each letter thirteen on. */
export function rot13View(parent: View): View {
  return exchanged('rot13', parent, (unit) => {
    const letter = unit | 32;
    if (letter < 97 || letter > 122) return unit;
    return letter < 110 ? unit + 13 : unit - 13;
  });
}

/** a for z, b for y. */
export function atbashView(parent: View): View {
  return exchanged('atbash', parent, (unit) => {
    const letter = unit | 32;
    return letter < 97 || letter > 122 ? unit : 219 - letter;
  });
}

const pigEnding = /\b([A-Za-z]{1,22}?)([A-Za-z])ay\b/gu;
/** Pig Latin read back, when three words or more end that way. */
export function pigLatinView(parent: View): View | undefined {
  if ((parent.text.match(/\b[A-Za-z]{2,24}ay\b/gu)?.length ?? 0) < 3) return undefined;
  return replaced('pig-latin', parent, pigEnding, (_, rest = '', first = '') => (/[wy]/u.test(first) && known.has(rest.toLowerCase()) ? rest : first + rest));
}

/** The words whose inner letters may be scrambled. */
const scrambled = 'ignore disregard forget override overrule bypass previous prior above earlier instruction instructions instructed everything guidelines directives commands rules system prompt prompts reveal unrestricted unfiltered administrator admin approval approve approved required request requests confidence restrictions following message developer assistant now your skip told were delete grant'.split(' ');
const bySignature = new Map(scrambled.filter((word) => word.length >= 4).map((word) => [signature(word), word]));
const known = new Set([...scrambled, 'all', 'any', 'are', 'instructions']);
const outlines = new Set(scrambled.map(outline));

/** Words with their inner letters out of order put right; undefined when none was. */
export function unscrambledView(parent: View): View | undefined {
  return replaced('unscrambled', parent, /[A-Za-z]{4,16}/gu, (written) => {
    if (!outlines.has(outline(written.toLowerCase()))) return written;
    const word = bySignature.get(signature(written.toLowerCase()));
    return word === undefined || word === written.toLowerCase() ? written : word;
  });
}

/** What scrambling keeps, and is quickly compared. */
function outline(word: string): string {
  return `${word.charAt(0)}${word.charAt(word.length - 1)}${String(word.length)}`;
}

function signature(word: string): string {
  return `${word.charAt(0)}${Array.from(word.slice(1, -1)).sort().join('')}${word.charAt(word.length - 1)}`;
}

/** The contents of quoted strings one behind the other, as a program would join them; undefined when fewer than two. */
export function concatenatedView(parent: View): View | undefined {
  const builder = new ViewBuilder('concatenated', parent);
  const strings = [...parent.text.matchAll(/"([^"\n]{1,200})"|(?<!\p{L})'([^'\n]{1,200})'(?!\p{L})/gu)].slice(0, 200);
  for (const match of strings) builder.keep(match.index + 1, match.index + match[0].length - 1);
  return strings.length < 2 ? undefined : builder.build();
}
