/** Letters of other scripts that look like a Latin one, folded only inside a token that also has Latin letters or nothing but look-alikes. */
const pairs: readonly (readonly [letters: string, latin: string])[] = [
  ['аα', 'a'], ['ЬЪвƄβ', 'b'], ['сϲⅽ', 'c'], ['ԁɗδ', 'd'], ['еєҽɘε', 'e'], ['ғ', 'f'], ['ց', 'g'], ['һհнⴙ', 'h'], ['іıιӏ', 'i'],
  ['јϳ', 'j'], ['кκ', 'k'], ['ⅼ', 'l'], ['мⅿ', 'm'], ['пոη', 'n'], ['оοσօ', 'o'], ['рρ', 'p'], ['ԛգ', 'q'], ['гᴦ', 'r'], ['ѕ', 's'],
  ['тτ', 't'], ['υսц', 'u'], ['νѵ', 'v'], ['ԝωա', 'w'], ['хχ', 'x'], ['уүγ', 'y'], ['ᴢζ', 'z'],
  ['АΑ', 'A'], ['ВΒ', 'B'], ['СϹ', 'C'], ['ЕΕ', 'E'], ['НΗ', 'H'], ['ІΙӀ', 'I'], ['Ј', 'J'], ['КΚ', 'K'], ['МΜ', 'M'], ['Ν', 'N'],
  ['ОΟ', 'O'], ['РΡ', 'P'], ['Ѕ', 'S'], ['ТΤ', 'T'], ['ХΧ', 'X'], ['УΥ', 'Y'], ['Ζ', 'Z'],
];
/** Small capitals, letters turned upside down and enclosed letters that NFKC leaves alone: they are always Latin. */
const alwaysLatin: readonly (readonly [letters: string, latin: string])[] = [
  ['ᴀ', 'a'], ['ʙ', 'b'], ['ᴄ', 'c'], ['ᴅ', 'd'], ['ᴇ', 'e'], ['ꜰ', 'f'], ['ɢ', 'g'], ['ʜ', 'h'], ['ɪ', 'i'], ['ᴊ', 'j'], ['ᴋ', 'k'], ['ʟ', 'l'],
  ['ᴍ', 'm'], ['ɴ', 'n'], ['ᴏ', 'o'], ['ᴘ', 'p'], ['ʀ', 'r'], ['ꜱ', 's'], ['ᴛ', 't'], ['ᴜ', 'u'], ['ᴠ', 'v'], ['ᴡ', 'w'], ['ʏ', 'y'], ['ᴢ', 'z'],
  ...Array.from('⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵', (letter, at): [string, string] => [letter, String.fromCharCode(97 + (at < 22 ? at : 'wxyz'.charCodeAt(at - 22) - 97))]),
  ['ɑ', 'a'], ['ɡ', 'g'], ['ɩ', 'i'], ['ø', 'o'], ['ł', 'l'], ['đ', 'd'], ['ħ', 'h'], ['ŧ', 't'], ['ı', 'i'],
];
const upsideDownPairs = 'ɐaqbɔcpdǝeɟfɓgƃgɥhᴉiıiɾjʞkllןlʃlɯmunoodpbqɹrssʇtnuʌvʍwxxʎyzz';

function table(from: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(from.flatMap(([letters, latin]) => Array.from(letters).map((letter) => [letter, latin] as const)));
}

export const lookalikes = table(pairs);
export const otherLatin = table(alwaysLatin);

/** What a letter reads when the page is turned round. */
export const upsideDown: ReadonlyMap<string, string> = new Map(
  (upsideDownPairs.match(/../gu) ?? []).map((two) => [two.charAt(0), two.charAt(1)] as const),
);
/** Letters that only turned text has. */
export const turnedLetters = /[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]/gu;

/** Circled, squared and regional letters as plain ones; undefined for anything else. */
export function enclosedLetter(point: number): string | undefined {
  for (const [first, base] of [[0x1f1e6, 65], [0x1f130, 65], [0x1f150, 65], [0x1f170, 65]] as const) {
    if (point >= first && point < first + 26) return String.fromCharCode(base + point - first);
  }
  return undefined;
}
