// A letter beside the words, or one behind a sign that joins, makes them a piece of longer ones: `jane@acme.com` in `mary-jane@acme.com`, `10042` in `10042-7`.
const letter = String.raw`[\p{L}\p{N}\p{M}\p{Cf}_%+@]`;
const joining = String.raw`[.#&=~/!$?^*-]`;
const runsInto = new RegExp(String.raw`(?:${letter}|[\p{L}\p{N}](?:${joining}|['’]))$`, 'u');
const runsOn = new RegExp(String.raw`^(?:${letter}|(?:${joining}|['’](?!s(?![\p{L}\p{N}])))[\p{L}\p{N}])`, 'u');

/** The longest that an address, and so a token that names somebody, may be. */
const longest = 320;

/** Whether [start, end) of a text is no piece of longer words. */
export function isWhole(text: string, start: number, end: number): boolean {
  return before(text, start) === 0 && after(text, end) === 0;
}

/** [start, end) of a text and all that belongs to the same words, so that nobody is taken for somebody whose address or number is a part of theirs. */
export function wholeWords(text: string, start: number, end: number): readonly [start: number, end: number] {
  let [first, last] = [start, end];
  for (let more = before(text, first); more > 0 && last - first < longest; more = before(text, first)) first -= more;
  for (let more = after(text, last); more > 0 && last - first < longest; more = after(text, last)) last += more;
  return [first, last];
}

function before(text: string, start: number): number {
  return runsInto.exec(text.slice(Math.max(0, start - 3), start))?.[0].length ?? 0;
}

function after(text: string, end: number): number {
  return runsOn.exec(text.slice(end, end + 3))?.[0].length ?? 0;
}
