import { turnedLetters, upsideDown } from './lookalikes.js';
import { placedLater, replaced, type View, ViewBuilder } from './view.js';

const tag = String.raw`<\/?[A-Za-z][^<>]{0,80}>|<!--|-->|\\[A-Za-z]{2,12}\{`;
/** No repeated choice between alternatives here: that is where matching stops being linear. */
const markup = new RegExp(String.raw`<!--[^<>]{0,80}-->|/\*[^*]{0,80}\*/|${tag}|\*+|_{2,}|~~|\x60+|\\(?=[*_\x60~])`, 'gu');
const notWords = /[^\p{L}\p{M}\p{N}\s.!?;:'’@%]+|\s+|(?<=\p{L})[.:;](?=\p{L})|\.{2,}|(?<=\p{Ll})(?=\p{Lu}\p{Ll})|['’](?!\p{L})|(?<!\p{L})['’]/gu;
const separated = /(?<![\p{L}\p{N}])[\p{L}\p{N}@$!:](?:[ \t\n.·•_\-*|/~,+]{1,3}[\p{L}\p{N}@$!:](?![\p{L}\p{N}])){3,}/gu;
const longToken = /(?<![\p{L}\p{N}])[\p{L}\p{N}]{16,}/gu;
const brokenWord = /(?<=\p{L})(?:[-·.*|~^/\\_]|\u2010|\u2011|-\s?\n\s?)(?=\p{L})/gu;

/** Tags and emphasis taken out, so that a word they split stands whole. */
export function unmarkedView(parent: View): View | undefined {
  return replaced('unmarked', parent, markup, (written) => (written.startsWith('<!--') && written.length > 16 ? written.slice(4, -3) : ''));
}

const anyTag = new RegExp(tag, 'gu');
/** A space for each tag or comment mark. */
export function untaggedView(parent: View): View | undefined {
  return replaced('untagged', parent, anyTag, ' ');
}

/** Words with one space between, sentence marks kept: comments, quotes, underscores, CamelCase and line breaks fall away. */
export function wordsView(parent: View): View | undefined {
  return replaced('words', parent, notWords, ' ');
}

/** Hyphens and dots taken out of words: "in-struc-tions". */
export function unbrokenView(parent: View): View | undefined {
  return replaced('unbroken', parent, brokenWord, '');
}

const spacedLetter = /[\p{L}\p{N}@$!:]/gu;
/** Only what may be words run together: letters written apart, closed up, and very long tokens. */
export function joinedView(parent: View): View | undefined {
  const apart = (parent.text.match(separated) ?? []).map((letters) => `${(letters.match(spacedLetter) ?? []).join('')}\n`);
  const long = (parent.text.match(longToken) ?? []).map((token) => `${token}\n`);
  if (apart.length + long.length === 0) return undefined;
  return placedLater('joined', [...apart, ...long].join(''), () => {
    const builder = new ViewBuilder('joined', parent);
    for (const match of parent.text.matchAll(separated)) {
      for (const letter of match[0].matchAll(spacedLetter)) builder.put(letter[0], match.index + letter.index, match.index + letter.index + letter[0].length);
      builder.put('\n', match.index, match.index + match[0].length);
    }
    for (const match of parent.text.matchAll(longToken)) {
      builder.keep(match.index, match.index + match[0].length);
      builder.put('\n', match.index, match.index);
    }
    return builder.build();
  });
}

const leetToken = /[\p{L}\d$@!|+€]{3,40}/gu;
const leetInWord = /\p{L}[\d$@!|+€]|[\d$@!|+€]\p{L}/u;
const leetLetters: Readonly<Record<string, string>> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', $: 's', '@': 'a', '!': 'i', '|': 'l', '+': 't', '€': 'e' };

/** Digits and signs read as letters in tokens that have letters too; `one` is what 1 stands for. */
export function leetView(parent: View, one: 'i' | 'l'): View | undefined {
  if (!(one === 'l' ? /\p{L}1|1\p{L}/u : leetInWord).test(parent.text)) return undefined;
  return replaced(one === 'i' ? 'leet' : 'leet-l', parent, leetToken, (written) => {
    if (!/[\d$@!|+€]/u.test(written) || !/[\p{L}$@!|+€]/u.test(written)) return written;
    return Array.from(written.replace(/[!|]+$/u, '')).map((c) => (c === '1' ? one : (leetLetters[c] ?? c))).join('');
  });
}

const sentence = /[^.!?;\n]+/gu;
/** Words in the order of a sentence turned round; cut at sentence marks and line ends. */
export function wordsReversedView(parent: View): View {
  const text = (parent.text.match(sentence) ?? []).map((part) => `${(part.match(/\S+/gu) ?? []).reverse().map((word) => `${word} `).join('')}. `);
  return placedLater('words-reversed', text.join(''), () => {
    const builder = new ViewBuilder('words-reversed', parent);
    for (const part of parent.text.matchAll(sentence)) {
      for (const word of [...part[0].matchAll(/\S+/gu)].reverse()) {
        builder.put(`${word[0]} `, part.index + word.index, part.index + word.index + word[0].length);
      }
      builder.put('. ', part.index, part.index);
    }
    return builder.build();
  });
}

/** Each word from its last letter to its first, where it stands. */
export function wordsMirroredView(parent: View): View | undefined {
  return replaced('words-mirrored', parent, /\p{L}{2,}/gu, (word) => Array.from(word).reverse().join(''));
}

/** Letters written three times and more, once: "ignoreee". */
export function shortenedView(parent: View): View | undefined {
  return replaced('shortened', parent, /(\p{L})\1{2,}/gu, (_, letter = '') => letter);
}

/** Characters from the last to the first, line by line. */
export function reversedView(parent: View): View {
  return mirrored('reversed', parent, (c) => c);
}

/** Text turned upside down, read the right way up; undefined when no letter is turned. */
export function turnedView(parent: View): View | undefined {
  return (parent.text.match(turnedLetters)?.length ?? 0) < 3 ? undefined : mirrored('turned', parent, (c) => upsideDown.get(c) ?? c);
}

function mirrored(name: string, parent: View, letter: (c: string) => string): View {
  const mirror = (part: string) => Array.from(part).reverse().map(letter).join('');
  const text = (parent.text.match(/[^\n]+/gu) ?? []).map((line) => `${mirror(line)}\n`).join('');
  return placedLater(name, text, () => {
    const builder = new ViewBuilder(name, parent);
    for (const line of parent.text.matchAll(/[^\n]+/gu)) {
      for (const word of [...line[0].matchAll(/\s+|\S+/gu)].reverse()) {
        const start = line.index + word.index;
        builder.put(mirror(word[0]), start, start + word[0].length);
      }
      builder.put('\n', line.index, line.index);
    }
    return builder.build();
  });
}
