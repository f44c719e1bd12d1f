import { asksInLine } from './sign-off.js';

const item = /^(?:[-*•‣–]|\d{1,2}[.)]|[a-z]\))\s+/u;
const named = /^["“<(]?(?:[^\s@]{1,64}@|E-?\d{3}|EMP|\p{Lu}[\p{L}'’-]{1,30} \p{Lu})/u;
const abbreviated = /(?:^|\s)(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Prof|no|No|Nr|approx|e\.g|i\.e|[ap]\.m|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|\d{1,2})\.$/u;
const greeting = /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|cher|chère|hola|buen(?:os|as) (?:días|tardes)|estimad[oa]s?)(?!\p{L})[^,.!?:;@\n]{0,40}[,!]\s*/iu;
/** A line as long as mail programs wrap. */
const wrapped = 60;

/** The sentences of lines: wrapped lines are joined, and the named items of a list are joined to the line that opens it. */
export function sentencesOf(lines: readonly string[]): readonly string[] {
  return joinedLines(lines).flatMap(splitSentences).map((sentence) => sentence.replace(greeting, '').trim()).filter((sentence) => sentence !== '');
}

function joinedLines(lines: readonly string[]): readonly string[] {
  const joined: string[][] = [];
  let opens = false;
  let [before, gap] = ['', true];
  for (const line of lines) {
    if (line === '') {
      gap = true;
      continue;
    }
    const text = line.replace(item, '');
    const isNamed: boolean = opens && named.test(text);
    if (isNamed) joined.at(-1)?.push(before.endsWith(':') ? ' ' : '; ', text.replace(/[;,]$/u, ''));
    else if (!gap && continues(before, line)) joined.at(-1)?.push(' ', text);
    else joined.push([text]);
    opens = line.endsWith(':') || isNamed;
    [before, gap] = [line, false];
  }
  return joined.map((pieces) => pieces.join(''));
}

function continues(before: string, line: string): boolean {
  if (item.test(line) || /[.!?:;]$/u.test(before) || asksInLine(line) || /^[^\s@]{1,64}@/u.test(line)) return false;
  return before.length >= wrapped || before.endsWith(',') || /^\p{Ll}/u.test(line);
}

/** Splits after . ! ? followed by white space, but not after an initial, a title or a number. */
function splitSentences(line: string): readonly string[] {
  const sentences: string[] = [];
  let current = '';
  for (const piece of line.split(/(?<=[.!?])\s+/u)) {
    current = current === '' ? piece : `${current} ${piece}`;
    if (abbreviated.test(current.slice(-12))) continue;
    sentences.push(current);
    current = '';
  }
  if (current !== '') sentences.push(current);
  return sentences;
}
