import type { Target } from './intent-packet.js';
import { noNames } from './no-names.js';
import { mentionsIn, namesIn, standingOf } from './target.js';
import { isWhole } from './whole-words.js';

/** Where a quotation must stand: in the message as it came, and in a sentence of it that can be a request. Made by `groundOf`. */
export interface Ground {
  readonly text: string;
  readonly sentences: readonly string[];
}

const fullName = /^\p{L}[\p{L}\p{M}'’.-]{0,30}(?: \p{L}[\p{L}\p{M}'’.-]{0,30}){1,3}$/u;

/** White space counts once, whatever it was. */
export function groundOf(text: string, sentences: readonly string[]): Ground {
  return { text: spacedOnce(text), sentences: sentences.map(spacedOnce) };
}

/** The words, when the message holds them exactly so and as whole words. */
export function groundedWords(quoted: string, ground: Ground): string | undefined {
  const words = spacedOnce(quoted);
  return isInText(words, ground) && ground.sentences.some((sentence) => placesOf(words, sentence).length > 0) ? words : undefined;
}

/**
 * The person whom the words name: an address or employee number that our own reader finds, or a full name,
 * at a place where it can be about them. Not for somebody who is only copied, left out or another one's manager.
 */
export function groundedTarget(quoted: string, ground: Ground): Target | undefined {
  const words = spacedOnce(quoted);
  if (!isInText(words, ground)) return undefined;
  const mentions = ground.sentences.flatMap((sentence) => mentionsIn(sentence, -1)).filter(({ kind, leftOut }) => kind !== 'name' && !leftOut);
  const mention = mentions.find(({ value }) => value === words);
  if (mention) return { kind: mention.kind, value: mention.value };
  const isName = fullName.test(words) && words.split(' ').every((word) => !noNames.has(word.toLowerCase().replace(/\.$/, '')));
  const named = (sentence: string): boolean => placesOf(words, sentence).some((start) => isFullName(words, start, sentence) && standingOf(sentence, start, start + words.length) === 'meant');
  return isName && ground.sentences.some(named) ? { kind: 'name', value: words } : undefined;
}

/** A sentence joins the lines that it was written in, and may have been cut off: the message itself has the last word. */
function isInText(words: string, { text }: Ground): boolean {
  return words !== '' && placesOf(words, text).length > 0;
}

/** False where the words are a piece of a longer name, or may be: `Jane Doe` in `Mary Jane Doe` or `jane doe smith`. */
function isFullName(words: string, start: number, sentence: string): boolean {
  const end = start + words.length;
  const beside = [/\p{L}[\p{L}\p{M}'’.-]* $/u.exec(sentence.slice(0, start))?.[0], /^ \p{L}[\p{L}\p{M}'’-]*/u.exec(sentence.slice(end))?.[0]];
  const isNoName = (word: string | undefined): boolean => word === undefined || noNames.has(word.trim().toLowerCase());
  return beside.every(isNoName) && namesIn(sentence).every((name) => name.value === words || name.end <= start || name.start >= end);
}

function spacedOnce(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function placesOf(words: string, line: string): readonly number[] {
  const places: number[] = [];
  for (let start = line.indexOf(words); start >= 0; start = line.indexOf(words, start + 1)) {
    if (isWhole(line, start, start + words.length)) places.push(start);
  }
  return places;
}
