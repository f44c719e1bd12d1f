import type { Grammar, Phrase } from './grammar.js';
import type { Action, Flag } from './intent-packet.js';
import { onceEach } from './once.js';

/** A stretch of one sentence with at most one person's worth of asking: what it asks for, and why that is no request after all. */
export interface Clause {
  readonly text: string;
  readonly asks: AskedAction | null;
}

export interface AskedAction {
  readonly action: Exclude<Action, 'unknown'>;
  readonly directness: 'imperative' | 'statement';
  /** Where in the clause the words stand that ask. */
  readonly start: number;
  readonly end: number;
  readonly against: readonly Flag[];
}

interface Found extends Phrase {
  readonly start: number;
  readonly end: number;
}

const everywhere = onceEach((pattern: RegExp) => new RegExp(pattern, `${pattern.flags}g`));

/** Cuts a sentence into clauses, one for each phrase that asks for an action; a sentence that asks for nothing is one clause. */
export function clausesOf(sentence: string, grammar: Grammar): readonly Clause[] {
  const found = phrasesIn(sentence, grammar);
  const cuts = found.slice(1).map((next, i) => cutBetween(sentence, found[i] as Found, next, grammar));
  const around = withoutAddresses(sentence);
  const question = isQuestion(around, grammar);
  const condition = grammar.condition.test(around);
  let carried: readonly Flag[] = [];
  if (found.length === 0) return [{ text: sentence, asks: null }];
  return found.map((phrase, i): Clause => {
    const from = cuts[i - 1] ?? 0;
    const text = sentence.slice(from, cuts[i] ?? sentence.length);
    const [start, end] = [phrase.start - from, phrase.end - from];
    // "do not offboard or deactivate …": what stands against the first verb stands against the next, unless something turns it round
    if (i > 0 && grammar.contrast.test(sentence.slice(found[i - 1]?.end ?? 0, phrase.start))) carried = [];
    const against = new Set<Flag>(carried);
    // up to the phrase's last word: "have her not offboarded" holds the negation inside
    if (grammar.negatedBefore.test(text.slice(0, end).replace(/\S+$/u, '')) || grammar.negatedAfter.test(text.slice(start))) against.add('negated');
    if (question) against.add('question');
    if (condition) against.add('conditional');
    const before = text.slice(0, start);
    const isAsked = phrase.directness !== 'imperative' || phrase.passive === true || grammar.askingBefore.test(before) || before.replace(grammar.time.between, '') === '';
    if (phrase.directness === 'report' || (!isAsked && against.size === 0) || grammar.reported.test(text.slice(0, start)) || grammar.reported.test(text.slice(end))) against.add('reported');
    carried = [...against];
    const directness = phrase.directness === 'report' ? 'statement' : phrase.directness;
    return { text, asks: { action: phrase.action, directness, start, end, against: carried } };
  });
}

/** True when `sentences` take the request back. */
export function takesBack(sentence: string, grammar: Grammar): boolean {
  return grammar.retraction.test(withoutAddresses(sentence));
}

/** The sentence with each address as a word of the same length that says nothing: in `example`, `test` or `if` of a host or a name nobody asks for anything. */
function withoutAddresses(sentence: string): string {
  return sentence.replace(/[^\s@<>(),;:"]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu, (address) => 'x'.repeat(address.length));
}

/** The phrases of a sentence in their order; where two overlap, the one that begins earlier, and of these the first in the grammar. */
function phrasesIn(sentence: string, grammar: Grammar): readonly Found[] {
  const all = grammar.phrases.flatMap((phrase): Found[] =>
    [...sentence.matchAll(everywhere(phrase.pattern))].map((match) => ({ ...phrase, start: match.index, end: match.index + match[0].length })),
  );
  const kept: Found[] = [];
  for (const phrase of all.toSorted((a, b) => a.start - b.start)) {
    if (kept.every(({ end }) => phrase.start >= end)) kept.push(phrase);
  }
  return kept;
}

/** The last joiner between two phrases, or the second phrase itself. */
function cutBetween(sentence: string, before: Found, next: Found, { joiner }: Grammar): number {
  const last = [...sentence.slice(before.end, next.start).matchAll(joiner)].at(-1);
  return last === undefined ? next.start : before.end + last.index;
}

function isQuestion(sentence: string, { politeRequest, opensQuestion }: Grammar): boolean {
  return !politeRequest.test(sentence) && (/[?？]["”'’)\s]*$/u.test(sentence) || opensQuestion.test(sentence));
}
