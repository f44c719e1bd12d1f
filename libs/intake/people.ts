import type { Grammar } from './grammar.js';
import type { Target } from './intent-packet.js';
import { noNames } from './no-names.js';
import { fit, type Mention, mentionsIn } from './target.js';

/** One person of a clause: the best identifier, all that were written, and where they stand. */
export interface Person {
  /** Null for somebody who is meant but not identified: "… and Bob". */
  readonly target: Target | null;
  readonly aliases: readonly Target[];
  readonly start: number;
  readonly end: number;
}

/** Whom a clause is about. */
export interface People {
  readonly people: readonly Person[];
  readonly leftOut: readonly Target[];
  /** True when more are named than can be told apart from each other, or all of a group. */
  readonly unclear: boolean;
}

const rank = { address: 3, employee: 2, name: 1 } as const;
const label = String.raw`(?:(?:her|his|their|the)?\s*(?:e-?mail|mail|address|employee(?: number| id| no\.?)?|id|user(?:name)?|account|adresse|correo|courriel)\s*(?:is|ist|:|=)?)?`;
const bracket = new RegExp(String.raw`^\s*[(<[]\s*${label}\s*$`, 'iu');
const aside = new RegExp(String.raw`^\s*[,–—:-]?\s*${label}\s*$`, 'iu');
const behindIdentifier = /^[\s)>\]"”'’]*(?:$|[.,;:!?&+(–—-]|(?:please|bitte|too|also|auch|as well|respectively|because|due to|who|since|in|from|of|wegen|s'il|por favor)(?!\p{L}))/iu;
/** "… and Bob", "… & bob." */
const stray = /^[\s)>\]"”]*(?:,\s*)?(?:and|und|et|y|plus|&|\+|as well as|sowie)\s+(?:also\s+|auch\s+)?["“(<]?(\p{L}[\p{L}'’-]{1,30})(.{0,24})/u;
const follows =
  /^(?:thanks?|please|her|his|their|the|all|any|its|our|we|she|he|they|i|it|make|let|let['’]s|do|also|then|so|that|this|is|will|last|effective|today|tomorrow|on|by|at|from|as|send|revoke|remove|disable|delete|transfer|forward|inform|notify|confirm|reset|wipe|collect|return|close|hand|cc|vielen|danke|alle|ihre?|seine?|den|die|das|bitte|merci|ses|son|sa|gracias|sus|su|ya|tell|ask|give|move|archive|cancel|keep|change|rotate|ensure|get|bring|block|lock|stop|open|create|set|update|check|let|have|no|not|what|when|best|kind|regards)$/iu;

/** Whom `clause` asks about, given where its words that ask stand (both -1 when it asks for nothing). */
export function peopleIn(clause: string, asksAt: number, asksUntil: number, grammar: Grammar): People {
  const mentions = mentionsIn(clause, asksUntil);
  const leftOut = mentions.filter((mention) => mention.leftOut);
  const persons = apposed(clause, mentions.filter((mention) => !mention.leftOut));
  if (persons === undefined || (asksAt >= 0 && grammar.everyone.test(clause))) return { people: [], leftOut, unclear: true };
  const chains = chained(clause, persons, grammar);
  const best = Math.max(0, ...persons.map(rankOf));
  const about = chains.filter((chain) => chain.some((person) => rankOf(person) === best));
  const [chain, ...others] = distinct(about);
  if (chain === undefined) return { people: [], leftOut, unclear: false };
  if (others.length > 0 || (chain.length > 1 && !endsThere(clause, chain, asksAt, grammar))) return { people: [], leftOut, unclear: true };
  return withStray(clause, chain, leftOut, asksAt, grammar);
}

function rankOf({ target }: Person): number {
  return target === null ? 0 : rank[target.kind];
}

/** Mentions beside each other that name one person: "Jane Doe (jane@…)". Undefined when a name and the address beside it do not fit. */
function apposed(clause: string, mentions: readonly Mention[]): readonly Person[] | undefined {
  const persons: Person[] = [];
  for (const mention of mentions) {
    const before = persons.at(-1);
    const between = before === undefined ? '' : clause.slice(before.end, mention.start);
    const beside = before !== undefined && before.aliases.every(({ kind }) => kind !== mention.kind) && (bracket.test(between) || aside.test(between));
    const suits = before === undefined ? 'none' : suitability(before.aliases, mention, clause.slice(mention.start, mention.end));
    if (beside && suits === 'none' && !bracket.test(between)) return undefined;
    if (beside && suits === 'contrary') return undefined;
    if (before !== undefined && beside) persons[persons.length - 1] = join(before, mention);
    else persons.push({ target: { kind: mention.kind, value: mention.value }, aliases: [{ kind: mention.kind, value: mention.value }], start: mention.start, end: mention.end });
  }
  return persons;
}

/** `contrary` for an address that spells out another name; a bare number behind an address may be another person's. */
function suitability(aliases: readonly Target[], next: Target, written: string): 'fits' | 'none' | 'contrary' {
  const all = [...aliases, next];
  const [name, email] = [all.find(({ kind }) => kind === 'name'), all.find(({ kind }) => kind === 'address')];
  if (name === undefined) return /^\p{L}{3,}\s/u.test(written) ? 'fits' : 'none';
  if (email === undefined) return 'fits';
  if (fit(name.value, email.value) !== 'none') return 'fits';
  return /^\p{L}{2,}[._-]\p{L}{2,}@/u.test(email.value) ? 'contrary' : 'none';
}

function join(person: Person, { kind, value, end }: Mention): Person {
  const aliases = [...person.aliases, { kind, value }];
  const target = aliases.toSorted((a, b) => rank[b.kind] - rank[a.kind])[0] ?? null;
  return { ...person, aliases, target, end };
}

/** People one behind the other with nothing but a joiner, and perhaps a time, between them. */
function chained(clause: string, persons: readonly Person[], grammar: Grammar): readonly (readonly Person[])[] {
  const chains: Person[][] = [];
  for (const person of persons) {
    const chain = chains.at(-1);
    const last = chain?.at(-1);
    if (chain !== undefined && last !== undefined && joined(clause.slice(last.end, person.start), grammar)) chain.push(person);
    else chains.push([person]);
  }
  return chains;
}

function joined(between: string, { joiner, time }: Grammar): boolean {
  const joiners = [...between.matchAll(joiner)];
  if (joiners.length === 0 || between.length > 120) return false;
  return between.replace(joiner, ' ').replace(/(?<!\p{L})(?:also|auch|aussi|también)(?!\p{L})/giu, ' ').replace(time.between, '') === '';
}

/** Chains of the same people count once. */
function distinct(chains: readonly (readonly Person[])[]): readonly (readonly Person[])[] {
  const key = (chain: readonly Person[]): string => chain.map(({ target }) => target?.value.toLowerCase() ?? '').join('\n');
  return [...new Map(chains.map((chain) => [key(chain), chain])).values()];
}

/** False when the last of several people turns out to be the subject of more words: "… and bob@… takes over". */
function endsThere(clause: string, chain: readonly Person[], asksAt: number, { time }: Grammar): boolean {
  const end = chain.at(-1)?.end ?? 0;
  if (asksAt >= end) return asksAt - end < 60;
  const rest = clause.slice(end);
  return behindIdentifier.test(rest) || rest.trim().replace(time.between, '') === '' || /^[\s)>\]"”'’]*(?:on|by|at|effective|starting|today|tomorrow|now|asap|immediately|next|this|end|as of|am|ab|zum|bis|heute|morgen|le|dès|demain|el|hoy|mañana|a partir)(?!\p{L})/iu.test(rest);
}

/** The chain, and whoever else is joined to it without being identified. */
function withStray(clause: string, chain: readonly Person[], leftOut: readonly Target[], asksAt: number, { joiner, time }: Grammar): People {
  const last = chain.at(-1);
  const behind = clause.slice(last?.end ?? 0);
  const [next] = behind.matchAll(joiner);
  // "… today and Bob": a time may stand before the joiner
  const timed = next !== undefined && behind.slice(0, next.index).replace(time.between, '') === '' ? next.index : 0;
  const rest = behind.slice(timed);
  const found = last !== undefined && asksAt < last.end ? stray.exec(rest) : null;
  const word = found?.[1] ?? '';
  if (last === undefined || found === null || follows.test(word) || noNames.has(word.toLowerCase())) return { people: chain, leftOut, unclear: false };
  if (!behindIdentifier.test(found[2] ?? '')) return /^\p{Lu}/u.test(word) ? { people: [], leftOut, unclear: true } : { people: chain, leftOut, unclear: false };
  const start = last.end + timed + found[0].indexOf(word);
  return { people: [...chain, { target: null, aliases: [], start, end: start + word.length }], leftOut, unclear: false };
}
