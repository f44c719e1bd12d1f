import { noNames } from './no-names.js';
import type { Target } from './intent-packet.js';
import { wholeWords } from './whole-words.js';

/** Somebody named in a text, and where. */
export interface Mention extends Target {
  readonly start: number;
  readonly end: number;
  /** "but not bob@…": named to be left out. */
  readonly leftOut: boolean;
}

const address = /[\p{L}\p{N}._%+'’-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu;
const employee = /(?<![\p{L}\p{N}])(?:(?:E|EMP|ID)[-#]?\d{3,10}|(?:employee|staff|personnel|Personalnummer|Mitarbeiternummer|Mitarbeiter|matricule|n[uú]mero de empleado|empleado)\s+(?:number|no\.?|id|Nr\.?|n[°º]\.?)?\s?[:#]?\s?([A-Z]?-?\d{3,10})|(?:Personalnummer|Mitarbeiternummer|matricule)\s?[:#]?\s?([A-Z]?-?\d{3,10}))(?![\p{L}\p{N}])/gu;
const fullName =
  /(?<![\p{L}\p{N}@])\p{Lu}[\p{L}'’-]{0,30}\.?(?:\s(?:(?:van|von|de|der|den|del|da|dos|di|la|le|bin|al|ter)\s){0,2}\p{Lu}[\p{L}'’-]{0,30}\.?){1,3}(?![\p{L}\p{N}@])/gu;
const quotedName = /["“„«]\s?([\p{L}][\p{L}'’.-]{0,30}(?:\s[\p{L}][\p{L}'’.-]{0,30}){1,3})\s?["”“»]/gu;

/** Somebody who takes part but is not the person it is about. */
const partakes =
  /(?:\b(?:cc|bcc|from|by|via|manager|manager is|supervisor|boss|contact|ask|call|tell|notify|inform|with|replaced by|reports? to|(?:forward|transfer|delegate|reassign|hand(?:ed)?(?: it)? over|give|send|grant|weiterleiten|übertragen|transf[eé]r\p{L}*|reenv\p{L}*)\b[^.;]{0,60}\b(?:to|an|auf|à|a)|informieren Sie|Vorgesetzter?|cc:|prévenez|avisa a|informe a)|@)\s*[:<("]?\s*$/iu;
/** "jane@…'s manager" is somebody else. */
const relates = /^.{0,2}?['’]s? (?:manager|boss|team|lead|colleague|assistant|reports?|deputy|replacement|successor|department)(?!\p{L})/iu;
const leavesOut = /(?:\b(?:not|except(?: for)?|excluding|keep|apart from|other than|besides|rather than|instead of|but not|unlike|nicht|außer|ausser|statt|sauf|pas|excepto|menos|salvo|no)|(?<!\p{L})à part)\s+["“(<]?$/iu;

/** Everybody named in `clause`, in their order; `asksUntil` is where the words end that ask, or -1: a name far behind them is another matter. */
export function mentionsIn(clause: string, asksUntil: number): readonly Mention[] {
  const all: Mention[] = [];
  const take = (kind: Target['kind'], value: string, start: number, end: number): void => {
    const standing = standingOf(clause, start, end);
    if (all.some((other) => start < other.end && other.start < end) || standing === 'beside') return;
    all.push({ kind, value, start, end, leftOut: standing === 'left_out' });
  };
  for (const match of clause.matchAll(address)) {
    const [start, end] = wholeWords(clause, match.index, match.index + match[0].length);
    take('address', bare(clause.slice(start, end)), start, end);
  }
  for (const match of clause.matchAll(employee)) {
    const until = match.index + match[0].length;
    const number = match[1] ?? match[2] ?? match[0];
    const [start, end] = wholeWords(clause, until - number.length, until);
    take('employee', bare(clause.slice(start, end)), Math.min(start, match.index), end);
  }
  for (const match of clause.matchAll(quotedName)) take('name', bare(match[1] ?? ''), match.index, match.index + match[0].length);
  for (const { value, start, end } of namesIn(clause)) {
    if (asksUntil < 0 || start - asksUntil <= 60 || all.some((other) => start - other.end < 30)) take('name', value, start, end);
  }
  return all.toSorted((a, b) => a.start - b.start);
}

/** How whoever is named at [start, end) takes part in a clause: it may be about them, leave them out, or name them beside another. */
export function standingOf(clause: string, start: number, end: number): 'meant' | 'left_out' | 'beside' {
  const before = clause.slice(Math.max(0, start - 90), start);
  if (partakes.test(before) || relates.test(clause.slice(end - 2, end + 30))) return 'beside';
  return leavesOut.test(before) ? 'left_out' : 'meant';
}

/** The same person, as far as the written form tells. */
export function sameTarget(a: Target, b: Target): boolean {
  return a.kind === b.kind && a.value.toLowerCase() === b.value.toLowerCase();
}

/** How well the local part of an address fits a name: both first and last name, one of them, or neither. */
export function fit(name: string, email: string): 'both' | 'one' | 'none' {
  const local = folded(email.split('@')[0] ?? '');
  const parts = folded(name).split(/[^\p{L}]+/u).filter((part) => part.length > 1);
  const [first, last] = [parts[0] ?? '', parts.at(-1) ?? ''];
  if (first === '' || last === '') return 'none';
  const initials = [`${first.charAt(0)}${last}`, `${first}${last.charAt(0)}`];
  if ((local.includes(first) && local.includes(last)) || initials.includes(local.replace(/[^\p{L}]/gu, ''))) return 'both';
  return parts.some((part) => part.length > 2 && local.includes(part)) ? 'one' : 'none';
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
}

function bare(value: string): string {
  return value.replace(/[.'’]+$/u, '').replace(/['’]s$/u, '');
}

/** Capitalised full names, without the capitalised words that begin a sentence or name a system. */
export function namesIn(text: string): { readonly value: string; readonly start: number; readonly end: number }[] {
  return [...text.matchAll(fullName)].flatMap((match) => {
    const parts = match[0].split(/\s/);
    let skipped = 0;
    while (parts[0] !== undefined && noNames.has(parts[0].toLowerCase().replace(/\.$/, ''))) skipped += (parts.shift()?.length ?? 0) + 1;
    while (parts[0] !== undefined && skipped > 0 && /^\p{Ll}/u.test(parts[0])) skipped += (parts.shift()?.length ?? 0) + 1;
    while (parts.length > 0 && noNames.has((parts.at(-1) ?? '').toLowerCase().replace(/\.$/, ''))) parts.pop();
    const written = parts.join(' ');
    const start = match.index + skipped;
    return parts.length < 2 ? [] : [{ value: written.replace(/['’]s$/u, '').replace(/\.$/, ''), start, end: start + written.length }];
  });
}
