import type { Action } from './intent-packet.js';

export type Language = 'en' | 'de' | 'fr' | 'es';

/** Words that ask for an action, or tell of something from which it follows. */
export interface Phrase {
  readonly action: Exclude<Action, 'unknown'>;
  readonly directness: 'imperative' | 'statement' | 'report';
  readonly pattern: RegExp;
  /** True where the person stands before the words: "jane@… needs to be offboarded". */
  readonly passive?: true;
}

/** The end of a week or month, as a language says it. */
export interface Span {
  readonly unit: 'week' | 'month' | 'quarter' | 'year';
  readonly ahead: 0 | 1;
  readonly pattern: RegExp;
}

/** How a language speaks of times, beside the dates that chrono reads. */
export interface TimeWords {
  readonly immediate: RegExp;
  readonly endOfDay: RegExp;
  readonly spans: readonly Span[];
  /** A time that only an event will tell. */
  readonly event: RegExp;
  /** "next Friday", while a Friday is still to come this week, is two days to two readers. */
  readonly nextWeekday: RegExp;
  /** Words that say a time but none that can be computed: whatever of them no date has used makes the time unclear. */
  readonly vague: RegExp;
  /** Words that can stand between two people of one list: "jane@… on Friday and bob@…". */
  readonly between: RegExp;
  /** True for text that says some time. */
  readonly says: RegExp;
  /** Words before a date that make it the one that is meant. */
  readonly cue: RegExp;
  /** Words before a date that make it another one: when somebody joined. */
  readonly otherwise: RegExp;
}

/** What the parser knows of one language. */
export interface Grammar {
  readonly language: Language;
  /** Words so common that their number tells the language. */
  readonly common: RegExp;
  readonly phrases: readonly Phrase[];
  readonly negatedBefore: RegExp;
  readonly negatedAfter: RegExp;
  readonly politeRequest: RegExp;
  readonly opensQuestion: RegExp;
  readonly condition: RegExp;
  /** Words anywhere in the message that take a request back. */
  readonly retraction: RegExp;
  /** The words before or behind a phrase that make it a report of something that was done or is going on. */
  readonly reported: RegExp;
  /** The words before a verb where it asks; anywhere else it is only spoken of. */
  readonly askingBefore: RegExp;
  /** Between two clauses: what was negated or asked before holds no longer. */
  readonly contrast: RegExp;
  /** "and", between clauses and between people. */
  readonly joiner: RegExp;
  readonly everyone: RegExp;
  /** "both", "all of them": said of every request of the message. */
  readonly ofAll: RegExp;
  readonly time: TimeWords;
}

/** Whole words in any of the languages: `\b` knows ASCII letters alone. */
export function words(source: string, flags = 'iu'): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`, flags);
}

/** Letters that no language read here is written in, and the negations of its neighbours, beside which nothing is understood. */
const otherScript = /(?!\p{Script=Latin})\p{L}/u;
const foreignNegation = words('niet|geen|nicht|kein|keine|keinen|nie|não|nao|ikke|inte|nem|pas|ne|ni|nunca|jamais|nunca|ningún|non(?!-)', 'u');

/** True when `text` holds words that the grammar of its language does not read; `own` is that language. */
export function isBeyond(text: string, own: Language): boolean {
  return otherScript.test(text) || (own === 'en' && foreignNegation.test(text));
}

/** The grammar whose common words are most in `text`; the first one when there is no difference. */
export function grammarFor(text: string, grammars: readonly [Grammar, ...Grammar[]]): Grammar {
  const seen = text.slice(0, 2_000);
  const counted = grammars.map((grammar) => ({ grammar, count: seen.match(grammar.common)?.length ?? 0 }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best), { grammar: grammars[0], count: 0 }).grammar;
}
