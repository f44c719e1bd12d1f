import type { Target } from './intent-packet.js';

/** Whom the sentences name: exactly one, several distinct ones, or nobody. */
export type NamedTarget = { readonly target: Target } | 'several' | 'none';

/** A sentence and where the words that ask for an action stand in it; both -1 when it asks for nothing. */
export interface SentenceToSearch {
  readonly text: string;
  readonly asksAt: number;
  readonly asksUntil: number;
}

const address = /[\p{L}\p{N}._%+'’-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu;
const employee = /\b(?:(?:E|EMP|ID)[-#]?\d{3,10}|(?:employee|staff|personnel)\s+(?:number|no\.?|id)?\s?[:#]?\s?([A-Z]?-?\d{3,10}))\b/gu;
const fullName = /(?<![\p{L}\p{N}@])\p{Lu}[\p{L}'’-]{0,30}\.?(?:\s(?:(?:van|von|de|der|den|del|da|dos|di|la|le|bin|al|ter)\s){0,2}\p{Lu}[\p{L}'’-]{0,30}\.?){1,3}(?![\p{L}\p{N}@])/gu;
const quotedName = /["“]([\p{L}][\p{L}'’.-]{0,30}(?:\s[\p{L}][\p{L}'’.-]{0,30}){1,3})["”]/gu;

/** Somebody who takes part but is not the person it is about. */
const partakes = /(?:\b(?:cc|bcc|from|by|via|manager|manager is|boss|contact|ask|call|tell|notify|inform|with|replaced by|reports? to|(?:forward|transfer|delegate|reassign|hand(?:ed)?(?: it)? over|give|send|grant)\b[^.;]{0,60}\bto)|@)\s*[:<("]?\s*$/iu;
/** Words with a capital that begin no name. */
const noName = new Set(
  'please can could kindly hi hello hey dear the this her his their our offboard offboarding off-board deactivate disable terminate revoke remove close suspend reinstate reactivate restore re-enable access account accounts monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december hr it human resources last day effective urgent team user employee contractor mr mrs ms dr slack github okta jira aws google workday vpn sso'.split(' '),
);
const everybody = /\b(?:everyone|everybody|all (?:of )?(?:the )?(?:employees|contractors|staff|users|people|members)|(?:the )?(?:whole|entire) \p{L}+(?: department| team)?|both of them|these people|the following (?:people|employees|users))\b/iu;
/** A second person right behind the first one: "jane@… and Bob", "jane@…, bob@…". */
const joins = /^[\s)>\]"”]*(?:,|;|&|\+|\band\b|\bplus\b|\bas well as\b)\s*(?:also\s+)?["“(<]?(?:[^\s@]{1,64}@|E-?\d{3}|EMP|\p{Lu}\p{L}+)/u;
const joinsOther = /^[\s)>\]"”]*(?:,|;|&|\band\b)\s*(?:(?:I|IT|HR|Please|Thanks|Last|Today|Tomorrow|Effective|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Her|His|Their|The|We|She|He|They)\b)/u;

interface Mention extends Target {
  readonly start: number;
  readonly end: number;
}

/** An address before an employee number before a name; two distinct ones of the best kind are `several`. */
export function namedTarget(sentences: readonly SentenceToSearch[]): NamedTarget {
  if (sentences.some((s) => s.asksAt >= 0 && everybody.test(s.text))) return 'several';
  const found = sentences.map((sentence) => ({ sentence, mentions: mentionsIn(sentence) }));
  const asking = found.filter(({ sentence }) => sentence.asksAt >= 0);
  for (const kind of ['address', 'employee', 'name'] as const) {
    for (const group of [asking, found]) {
      const of = group.flatMap(({ mentions }) => mentions.filter((m) => m.kind === kind));
      const distinct = new Map(of.map((m) => [m.value.toLowerCase(), m]));
      const [only] = distinct.values();
      if (only === undefined) continue;
      if (distinct.size > 1 || group.some((g) => joinsAnother(g.sentence.text, g.mentions))) return 'several';
      // An address elsewhere than in the asking sentence could be anybody's when the asking sentence names someone itself.
      if (group === found && asking.some(({ mentions }) => mentions.length > 0)) continue;
      return { target: { kind, value: only.value } };
    }
  }
  return 'none';
}

function joinsAnother(text: string, mentions: readonly Mention[]): boolean {
  return mentions.some(({ end }) => {
    const rest = text.slice(end, end + 120);
    return joins.test(rest) && !joinsOther.test(rest);
  });
}

function mentionsIn({ text, asksUntil }: SentenceToSearch): Mention[] {
  const searched = text.slice(0, 2000);
  const all: Mention[] = [];
  const take = (kind: Target['kind'], pattern: RegExp) => {
    for (const match of searched.matchAll(pattern)) {
      const value = (match[1] ?? match[0]).replace(/[.'’]+$/u, '').replace(/['’]s$/u, '');
      const start = match.index;
      if (all.some((m) => start < m.end && m.start < start + match[0].length)) continue;
      if (partakes.test(text.slice(Math.max(0, start - 90), start))) continue;
      all.push({ kind, value, start, end: start + match[0].length });
    }
  };
  take('address', address);
  take('employee', employee);
  take('name', quotedName);
  for (const name of namesIn(searched, asksUntil)) {
    if (!all.some((m) => name.start < m.end && m.start < name.end)) all.push(name);
  }
  return all;
}

/** Capitalised full names, without the capitalised words that begin a sentence or name a system. */
function namesIn(text: string, asksUntil: number): Mention[] {
  return [...text.matchAll(fullName)].flatMap((match): Mention[] => {
    const words = match[0].split(/\s/);
    let skipped = 0;
    while (words[0] !== undefined && noName.has(words[0].toLowerCase().replace(/\.$/, ''))) skipped += (words.shift()?.length ?? 0) + 1;
    while (words.length > 0 && noName.has((words.at(-1) ?? '').toLowerCase().replace(/\.$/, ''))) words.pop();
    const start = match.index + skipped;
    const written = words.join(' ');
    const value = written.replace(/['’]s$/u, '').replace(/\.$/, '');
    const far = asksUntil >= 0 && start - asksUntil > 60;
    if (words.length < 2 || far || partakes.test(text.slice(Math.max(0, start - 90), start))) return [];
    return [{ kind: 'name', value, start, end: start + written.length }];
  });
}
