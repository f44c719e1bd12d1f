import type { Grammar } from './grammar.js';
import type { Action, Flag, Target } from './intent-packet.js';
import { type People, peopleIn, type Person } from './people.js';
import { type AskedAction, clausesOf, takesBack } from './requested-action.js';
import { fit, mentionsIn, sameTarget } from './target.js';

/** More requests than this are no message any more but a list, which a human reads first. */
export const mostRequests = 10;

/** One request as a message makes it. */
export interface MessageRequest {
  readonly action: Action;
  readonly directness: AskedAction['directness'] | null;
  readonly target: Target | null;
  /** Where the person is named: beside the words that ask, or elsewhere in the message. */
  readonly named: 'beside' | 'elsewhere';
  readonly flags: readonly Flag[];
  /** The words in which its time may stand: its own, and those said of it elsewhere. */
  readonly own: readonly string[];
  readonly context: readonly string[];
  /** True when the same sentence gives a time to others and none to this one. */
  readonly leftWithoutTime: boolean;
}

interface Draft {
  action: Action;
  directness: AskedAction['directness'] | null;
  readonly aliases: Target[];
  target: Target | null;
  named: 'beside' | 'elsewhere';
  readonly flags: Set<Flag>;
  readonly own: string[];
  readonly context: string[];
  leftWithoutTime: boolean;
  readonly sentences: Set<number>;
}

interface Read {
  readonly index: number;
  readonly text: string;
  readonly asks: AskedAction | null;
  readonly found: People;
}

/** Everything that the sentences of a message ask for: at least one, and one alone when that is all that can be said. */
export function messageRequests(sentences: readonly string[], grammar: Grammar): readonly [MessageRequest, ...MessageRequest[]] {
  const clauses = sentences.flatMap((sentence, index) =>
    clausesOf(sentence, grammar).map(({ text, asks }): Read => ({ index, text, asks, found: peopleIn(text, asks?.start ?? -1, asks?.end ?? -1, grammar) })),
  );
  const asking = clauses.filter(({ asks }) => asks !== null);
  const drafts: Draft[] = [];
  for (const clause of asking) addTo(drafts, clause, grammar);
  if (drafts.length === 0) drafts.push(fromWholeMessage(clauses, asking));
  for (const clause of asking.filter(({ found }) => found.people.length === 0 && !found.unclear)) applyToAll(drafts, clause, grammar);
  for (const clause of clauses) {
    for (const draft of drafts) if (clause.found.leftOut.some((out) => draft.aliases.some((alias) => sameTarget(alias, out)))) draft.flags.add('negated');
  }
  sentences.forEach((sentence, index) => {
    const asked = clauses.some((clause) => clause.index === index && clause.asks !== null);
    const about = aboutWhom(sentence, index, drafts, grammar);
    if (takesBack(sentence, grammar)) for (const draft of about) draft.flags.add('negated');
    if (!asked) for (const draft of about) draft.context.push(sentence);
  });
  const [first, ...more] = drafts;
  if (first === undefined || drafts.length > mostRequests) return [tooMany(drafts)];
  return [finished(first), ...more.map(finished)];
}

/** The requests of one asking clause, each merged into an earlier one about the same person. */
function addTo(drafts: Draft[], { index, text, asks, found }: Read, grammar: Grammar): void {
  if (asks === null) return;
  const { action, directness, against } = asks;
  if (found.unclear) {
    drafts.push({ action, directness, aliases: [], target: null, named: 'beside', flags: new Set<Flag>([...against, 'several_targets']), own: [text], context: [], leftWithoutTime: false, sentences: new Set([index]) });
    return;
  }
  const times = timesFor(text, found.people, grammar);
  found.people.forEach((person, i) => {
    const time = times[i];
    const same = drafts.find((draft) => isSame(draft, person, directness, index));
    const flags = new Set<Flag>(person.target === null ? [...against, 'no_target'] : against);
    if (same === undefined) {
      drafts.push({ action, directness, aliases: [...person.aliases], target: person.target, named: 'beside', flags, own: [time ?? ''], context: [], leftWithoutTime: time === undefined, sentences: new Set([index]) });
      return;
    }
    if (same.action !== action) same.flags.add('several_actions');
    for (const flag of flags) same.flags.add(flag);
    if (directness === 'imperative') same.directness = 'imperative';
    same.aliases.push(...person.aliases);
    if (same.target?.kind === 'name') same.target = person.target;
    same.own.push(time ?? '');
    same.leftWithoutTime &&= time === undefined;
    same.sentences.add(index);
  });
}

/** The same identifier; or a name and an address that fit, the weaker fit only for what one sentence tells and the next one asks. */
function isSame(draft: Draft, person: Person, directness: AskedAction['directness'], index: number): boolean {
  if (person.aliases.some((alias) => draft.aliases.some((known) => sameTarget(alias, known)))) return true;
  const pairs = [...person.aliases.flatMap((a) => draft.aliases.map((b) => [a, b] as const)), ...draft.aliases.flatMap((a) => person.aliases.map((b) => [a, b] as const))];
  const fits = pairs.filter(([name, email]) => name.kind === 'name' && email.kind === 'address').map(([name, email]) => fit(name.value, email.value));
  const oneTells = draft.directness !== directness && [...draft.sentences].some((at) => Math.abs(at - index) <= 1);
  return fits.includes('both') || (oneTells && fits.includes('one'));
}

/** The words that can give each person a time; undefined for one whose neighbours alone have one. */
function timesFor(text: string, people: readonly Person[], { time }: Grammar): readonly (string | undefined)[] {
  if (people.length < 2) return people.map(() => text);
  const opening = text.slice(0, people[0]?.start ?? 0);
  const behind = people.map(({ end }, i) => text.slice(end, people[i + 1]?.start ?? text.length));
  const said = behind.map((words) => time.says.test(words));
  const lastAlone = said.lastIndexOf(true) === people.length - 1 && said.filter(Boolean).length === 1;
  // a list of items says a time for its own line alone
  const isList = behind.slice(0, -1).every((words) => words.includes(';'));
  if (!said.includes(true)) return people.map(() => opening);
  if (lastAlone && !isList) return people.map(() => `${opening} \n ${behind.at(-1) ?? ''}`);
  return behind.map((words, i) => (said[i] === true ? `${opening} \n ${words}` : time.says.test(opening) && isList ? opening : undefined));
}

/** No clause that asks names anybody: whom the message names elsewhere, if that is one. */
function fromWholeMessage(clauses: readonly Read[], asking: readonly Read[]): Draft {
  const named = clauses.filter(({ asks }) => asks === null).flatMap(({ text }) => mentionsIn(text, -1).filter(({ leftOut }) => !leftOut));
  const [first] = asking;
  const best = (['address', 'employee', 'name'] as const).map((kind) => named.filter((mention) => mention.kind === kind)).find((group) => group.length > 0) ?? [];
  const [only, ...others] = [...new Map(best.map((mention) => [mention.value.toLowerCase(), mention])).values()];
  const flags = new Set<Flag>();
  if (first === undefined) flags.add('no_action');
  if (only === undefined) flags.add('no_target');
  if (others.length > 0) flags.add('several_targets');
  const target = only === undefined || others.length > 0 ? null : { kind: only.kind, value: only.value };
  return { action: first?.asks?.action ?? 'unknown', directness: first?.asks?.directness ?? null, aliases: target === null ? [] : [target], target, named: 'elsewhere', flags, own: [], context: [], leftWithoutTime: false, sentences: new Set(asking.map(({ index }) => index)) };
}

/** "Do not delete her account yet": what stands against a clause that names nobody stands against every request; its time belongs to the nearest. */
function applyToAll(drafts: readonly Draft[], { index, text, asks }: Read, grammar: Grammar): void {
  if (asks === null) return;
  for (const draft of drafts) {
    for (const flag of asks.against) draft.flags.add(flag);
    if (draft.action !== asks.action) draft.flags.add('several_actions');
    if (asks.directness === 'imperative' && draft.directness !== null) draft.directness = 'imperative';
  }
  for (const draft of aboutWhom(text, index, drafts, grammar)) draft.own.push(text);
}

/** Which requests a sentence speaks of that asks for nothing itself. */
function aboutWhom(sentence: string, index: number, drafts: readonly Draft[], { ofAll }: Grammar): readonly Draft[] {
  if (drafts.length === 1) return drafts;
  const mentions = mentionsIn(sentence, -1);
  const named = drafts.filter(({ aliases }) => aliases.some((alias) => mentions.some((mention) => sameTarget(alias, mention) || (alias.kind === 'address' && mention.kind === 'name' && fit(mention.value, alias.value) === 'both'))));
  if (named.length > 0) return named;
  const before = drafts.filter(({ sentences }) => [...sentences].some((at) => at <= index));
  if (ofAll.test(sentence) || before.length === 0) return drafts;
  const latest = Math.max(...before.flatMap(({ sentences }) => [...sentences].filter((at) => at <= index)));
  return before.filter(({ sentences }) => sentences.has(latest));
}

function tooMany(drafts: readonly Draft[]): MessageRequest {
  const actions = new Set(drafts.map(({ action }) => action));
  return { action: 'unknown', directness: null, target: null, named: 'elsewhere', flags: actions.size > 1 ? ['too_many_requests', 'several_actions'] : ['too_many_requests'], own: [], context: [], leftWithoutTime: false };
}

function finished({ action, directness, target, named, flags, own, context, leftWithoutTime }: Draft): MessageRequest {
  const ask: readonly Flag[] = ['negated', 'question', 'conditional', 'reported', 'several_actions', 'no_action'];
  return { action: ask.some((flag) => flags.has(flag)) ? 'unknown' : action, directness, target, named, flags: [...flags], own, context, leftWithoutTime };
}
