import type { Language } from './grammar.js';
import type { Action, ConfidencePart, EffectiveTime, Flag, Target } from './intent-packet.js';

/** A hit of the marker filter keeps the confidence below 0.4. */
export const markerCap = 0.39;

const caps: Readonly<Record<Flag, { readonly value: number; readonly because: string } | null>> = {
  prompt_injection_suspected: { value: markerCap, because: 'the marker filter found a marker' },
  homograph_address: { value: markerCap, because: 'an address mixes scripts or hides characters' },
  several_targets: { value: 0.3, because: 'more than one person is named' },
  several_actions: { value: 0.3, because: 'more than one action is asked for' },
  negated: { value: 0.2, because: 'the text says not to, or takes the request back' },
  question: { value: 0.2, because: 'a question is no request' },
  conditional: { value: 0.3, because: 'the request hangs on a condition' },
  reported: { value: 0.2, because: 'the text tells of it and does not ask for it' },
  several_requests: { value: 0.3, because: 'the message holds several requests that cannot be told apart here' },
  too_many_requests: { value: 0.2, because: 'the message asks for more than ten things' },
  language_unclear: { value: 0.3, because: 'words of a language that is not read stand beside the request' },
  no_action: { value: 0.1, because: 'no phrase asks for an action' },
  no_target: { value: 0.3, because: 'nobody is named' },
  no_date: null,
  date_unclear: { value: 0.35, because: 'the date cannot be told from the text' },
  date_in_past: null,
  truncated: { value: 0.35, because: 'the message is longer than what is read' },
  model_disagrees: { value: 0.35, because: 'a model reads it in another way' },
  model_filled: { value: 0.35, because: 'a part of it was read by a model alone' },
};

/** What the confidence is computed from. */
export interface Understood {
  readonly action: Action;
  readonly directness: 'imperative' | 'statement' | 'field' | null;
  readonly target: Target | null;
  readonly effective: EffectiveTime | null;
  /** Whether person and time stand beside the words that ask, or must be taken from elsewhere in the message. */
  readonly named: Place;
  readonly dated: Place;
  readonly language: Language;
  readonly flags: readonly Flag[];
}

export type Place = 'beside' | 'elsewhere';

/** What the smaller grammars are trusted to at most. */
const languageCap = 0.7;
const languages: Readonly<Record<Exclude<Language, 'en'>, string>> = { de: 'German', fr: 'French', es: 'Spanish' };

/** The points that the understood fields earn, and the caps that the flags set. */
export function confidenceParts(understood: Understood): readonly ConfidencePart[] {
  return [action(understood), target(understood), time(understood), ...languageOf(understood), ...capsOf(understood.flags)];
}

/** The sum of the points, bounded by the lowest cap: an auditor recomputes it from the parts alone. */
export function confidenceOf(parts: readonly ConfidencePart[]): number {
  const points = parts.filter((part) => !part.name.startsWith('cap.')).reduce((sum, part) => sum + part.value, 0);
  const bounds = parts.filter((part) => part.name.startsWith('cap.')).map((part) => part.value);
  return Math.round(Math.min(1, points, ...bounds) * 100) / 100;
}

function action({ action: what, directness }: Understood): ConfidencePart {
  if (what === 'unknown' || directness === null) return { name: 'action', value: 0, because: 'no action was understood' };
  if (directness === 'field') return { name: 'action', value: 0.4, because: 'a field states it' };
  return directness === 'imperative'
    ? { name: 'action', value: 0.4, because: 'a phrase asks for it' }
    : { name: 'action', value: 0.25, because: 'a statement implies it' };
}

function target({ target: known, named }: Understood): ConfidencePart {
  if (known === null) return { name: 'target', value: 0, because: 'no single person is named' };
  const what = { name: 'a name alone may fit several people', address: 'one address is named', employee: 'one employee number is named' }[known.kind];
  const [beside, elsewhere] = known.kind === 'name' ? [0.2, 0.1] : [0.4, 0.3];
  return named === 'beside' ? { name: 'target', value: beside, because: what } : { name: 'target', value: elsewhere, because: `${what}, but not where the request stands` };
}

function time({ effective, dated, flags }: Understood): ConfidencePart {
  if (effective === null) return { name: 'time', value: 0, because: 'no effective time was understood' };
  if (flags.includes('no_date')) return { name: 'time', value: 0.1, because: 'no date is given, so it means now' };
  if (flags.includes('date_in_past')) return { name: 'time', value: 0.1, because: 'the date lies in the past' };
  return dated === 'beside' ? { name: 'time', value: 0.2, because: 'the text says when' } : { name: 'time', value: 0.15, because: 'the text says when, in another sentence' };
}

function languageOf({ language }: Understood): ConfidencePart[] {
  return language === 'en' ? [] : [{ name: 'cap.language', value: languageCap, because: `the text is ${languages[language]}, which is read by a smaller grammar` }];
}

/** The bounds that flags set. */
export function capsOf(raised: readonly Flag[]): ConfidencePart[] {
  return raised.flatMap((flag) => {
    const cap = caps[flag];
    return cap === null ? [] : [{ name: `cap.${flag}`, value: cap.value, because: cap.because }];
  });
}
