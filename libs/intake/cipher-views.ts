import { replaced, type View, ViewBuilder } from './view.js';

/** Each letter thirteen on. */
export function rot13View(parent: View): View | undefined {
  return replaced('rot13', parent, /[A-Za-z]+/gu, ([word]) =>
    word.replace(/[A-Za-z]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13))),
  );
}

/** a for z, b for y. */
export function atbashView(parent: View): View | undefined {
  return replaced('atbash', parent, /[A-Za-z]+/gu, ([word]) =>
    word.toLowerCase().replace(/[a-z]/gu, (c) => String.fromCharCode(219 - c.charCodeAt(0))),
  );
}

const pigEnding = /\b([A-Za-z]{1,22}?)([A-Za-z])ay\b/gu;
/** Pig Latin read back, when three words or more end that way. */
export function pigLatinView(parent: View): View | undefined {
  if ((parent.text.match(/\b[A-Za-z]{2,24}ay\b/gu)?.length ?? 0) < 3) return undefined;
  return replaced('pig-latin', parent, pigEnding, (match) => `${match[2] ?? ''}${match[1] ?? ''}`);
}

/** The words whose inner letters may be scrambled; two in a message make a view. */
const scrambled = 'ignore disregard forget override overrule bypass previous prior above earlier instruction instructions instructed everything guidelines directives commands rules system prompt prompts reveal unrestricted unfiltered administrator admin approval approve approved required request requests confidence restrictions following message developer assistant now your skip told were delete grant'.split(' ');
const bySignature = new Map(scrambled.filter((word) => word.length >= 4).map((word) => [signature(word), word]));

/** Words with their inner letters out of order put right; undefined when fewer than two were. */
export function unscrambledView(parent: View): View | undefined {
  let mended = 0;
  const view = replaced('unscrambled', parent, /[A-Za-z]{4,16}/gu, ([written]) => {
    const word = bySignature.get(signature(written.toLowerCase()));
    if (word === undefined || word === written.toLowerCase()) return written;
    mended += 1;
    return word;
  });
  return mended < 2 ? undefined : view;
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
