// English alone: every language of the package together takes 12 MB more
import * as chrono from 'chrono-node/en';
import { DateTime } from 'luxon';
import type { EffectiveTime, Flag, ParseContext } from './intent-packet.js';

/** When the request should take effect, or null with the flag that says why not. */
export interface SaidTime {
  readonly effective: EffectiveTime | null;
  readonly flags: readonly Flag[];
}

/** A day without a time means the end of that working day in the tenant's zone. */
export const endOfWorkingDay = 18;

const immediate = /\b(?:now|immediately|right away|asap|as soon as possible|at once|effective today|today|straight ?away|with immediate effect|without delay)\b/iu;
const clockTime = /\b(?:\d{1,2}[:.]\d{2}|\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|h|uhr|o['’]clock)|noon|midnight|end of (?:the )?(?:day|business)|eod|eob|cob|close of business|tonight|this (?:morning|afternoon|evening))\b/iu;
const endOfDay = /\b(?:end of (?:the )?(?:day|business)|eod|eob|cob|close of business)\b/iu;
const numericDate = /\b(\d{1,2})([/.-])(\d{1,2})\2(\d{2,4})\b|\b(\d{1,2})\/(\d{1,2})\b/gu;
/** A time that only an event will tell. */
const afterAnEvent = /\b(?:after|once|when|until|following|pending) (?:the |her |his |their |we |she |he |they )?(?:handover|hand-over|notice period|transition|project|replacement|finish|exit interview|knowledge transfer|audit|parental leave|vacation|holidays?)/iu;
const endOfSpan = /\b(?:by |at |on )?(?:the )?end of (?:the )?(next |this )?(week|month)\b/iu;
/** Words before a date that make it the one that is meant. */
const cue = /(?:last (?:working )?day(?: is| was| will be)?|effective|as of|from|starting|until|by|leav(?:es|ing)(?: us| the company)?|on|at|termination date|end date|exit date)\s*[:,(]?\s*(?:on |the |date |is )?$/iu;

/** Reads the effective time out of the sentences of a request; `context.zone` is the tenant's IANA zone. */
export function saidTime(sentences: readonly string[], context: ParseContext): SaidTime {
  const text = sentences.join(' \n').slice(0, 2000);
  const now = DateTime.fromJSDate(context.now, { zone: context.zone });
  if (afterAnEvent.test(text)) return { effective: null, flags: ['date_unclear'] };
  if (hasAmbiguousNumericDate(text)) return { effective: null, flags: ['date_unclear'] };
  const span = endOfSpan.exec(text);
  if (span !== null) return endOf(span, now, context);
  const found = chrono.casual
    .parse(dayFirstAsMonthFirst(text), { instant: context.now, timezone: now.offset }, { forwardDate: true })
    .filter((result) => isRealDate(result) && !/\b(?:since|joined|hired|started|sent|received|born)\s+(?:on |in |at )?$/iu.test(text.slice(Math.max(0, result.index - 20), result.index)));
  if (found.length === 0) return withoutDate(text, now, context);
  const cued = found.filter((result) => cue.test(text.slice(Math.max(0, result.index - 40), result.index)));
  const said = (cued.length > 0 ? cued : found).map((result) => timeOf(result, text, now, context));
  const only = said.at(-1);
  if (only === undefined || said.some(({ at }) => at !== only.at)) return { effective: null, flags: ['date_unclear'] };
  return dated(only, context);
}

/** An ISO instant, or a calendar day, from a structured request; null with `date_unclear` when it is neither. */
export function statedTime(value: string, context: ParseContext): SaidTime {
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const read = DateTime.fromISO(value, { zone: context.zone });
  if (!read.isValid || !/^\d{4}-\d{2}-\d{2}(?:$|T\d{2}:\d{2})/.test(value)) return { effective: null, flags: ['date_unclear'] };
  const at = dayOnly ? read.set({ hour: endOfWorkingDay }) : read;
  return dated({ at: at.toUTC().toISO(), precision: dayOnly ? 'day' : 'time', zone: context.zone, text: value }, context);
}

/** Effective immediately, said by `text` or by default. */
export function immediately(context: ParseContext, text: string | null): EffectiveTime {
  return { at: context.now.toISOString(), precision: 'now', zone: context.zone, text };
}

function withoutDate(text: string, now: DateTime, context: ParseContext): SaidTime {
  const close = endOfDay.exec(text);
  if (close !== null) {
    const at = now.set({ hour: endOfWorkingDay, minute: 0, second: 0, millisecond: 0 });
    return dated({ at: iso(at), precision: 'time', zone: context.zone, text: close[0] }, context);
  }
  const words = immediate.exec(text);
  if (words !== null) return { effective: immediately(context, words[0]), flags: [] };
  return { effective: immediately(context, null), flags: ['no_date'] };
}

function endOf(span: RegExpExecArray, now: DateTime, context: ParseContext): SaidTime {
  const unit = span[2]?.toLowerCase() === 'month' ? 'month' : 'week';
  const within = span[1]?.toLowerCase().startsWith('next') === true ? now.plus({ [unit]: 1 }) : now;
  // The working week ends on Friday.
  const day = unit === 'month' ? within.endOf('month') : within.startOf('week').plus({ days: 4 });
  const at = day.set({ hour: endOfWorkingDay, minute: 0, second: 0, millisecond: 0 });
  return dated({ at: iso(at), precision: 'day', zone: context.zone, text: span[0].trim() }, context);
}

function timeOf(result: chrono.ParsedResult, text: string, now: DateTime, context: ParseContext): EffectiveTime {
  const { start } = result;
  const written = text.slice(result.index, result.index + result.text.length);
  const base = { zone: context.zone, text: written };
  const relative = /\bin (?:an? |\d+ )?(?:minutes?|hours?)\b/iu.test(written);
  if (start.isCertain('timezoneOffset') || relative) return { ...base, at: start.date().toISOString(), precision: 'time' };
  const year = start.get('year');
  const month = start.get('month');
  const day = start.get('day');
  const local = DateTime.fromObject({ year: year ?? now.year, month: month ?? now.month, day: day ?? now.day }, { zone: context.zone });
  const timed = start.isCertain('hour') || (clockTime.test(written) && start.get('hour') !== null);
  if (timed) return { ...base, at: iso(local.set({ hour: start.get('hour') ?? 0, minute: start.get('minute') ?? 0 })), precision: 'time' };
  if (local.hasSame(now, 'day')) {
    if (!endOfDay.test(text)) return immediately(context, written);
    return { ...base, at: iso(local.set({ hour: endOfWorkingDay })), precision: 'time' };
  }
  return { ...base, at: iso(local.set({ hour: endOfWorkingDay })), precision: 'day' };
}

function dated(effective: EffectiveTime, context: ParseContext): SaidTime {
  // beyond the year 9999 the text of a time has another form, and would sort as if it were long past
  if (!/^\d{4}-/.test(effective.at)) return { effective: null, flags: ['date_unclear'] };
  return { effective, flags: Date.parse(effective.at) < context.now.getTime() ? ['date_in_past'] : [] };
}

/** chrono also reads "10233", "second" or "may" as a date: a date needs a day, a weekday or a word for one. */
function isRealDate(result: chrono.ParsedResult): boolean {
  const { start } = result;
  const says = start.isCertain('day') || start.isCertain('weekday') || start.isCertain('hour');
  return says && !/^(?:now|immediately|\d+|second|may|sun|sat|mon)$/iu.test(result.text.trim());
}

/** 05/06 is two dates to two readers: nobody guesses. */
function hasAmbiguousNumericDate(text: string): boolean {
  return [...text.matchAll(numericDate)].some((match) => {
    const [first, second] = [Number(match[1] ?? match[5]), Number(match[3] ?? match[6])];
    return first !== second && first <= 12 && second <= 12;
  });
}

/** 31/05 can only be day first; it is turned round, in the same number of characters, for a parser that reads month first. */
function dayFirstAsMonthFirst(text: string): string {
  return text.replace(/\b(\d{2})([/.])(\d{2})(?=\b)/gu, (all, first: string, mark: string, second: string) =>
    Number(first) > 12 && Number(second) <= 12 ? `${second}${mark === '.' ? '/' : mark}${first}` : all,
  );
}

function iso(time: DateTime): string {
  return time.toUTC().toJSDate().toISOString();
}
