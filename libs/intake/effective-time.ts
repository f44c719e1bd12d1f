import { DateTime } from 'luxon';
import { readDates, type ReadDate } from './dates.js';
import type { Grammar } from './grammar.js';
import type { EffectiveTime, Flag, ParseContext } from './intent-packet.js';
import { saidZone } from './zones.js';

/** When the request should take effect, or null with the flag that says why not. */
export interface SaidTime {
  readonly effective: EffectiveTime | null;
  readonly flags: readonly Flag[];
}

/** A day without a time means the end of that working day in the tenant's zone. */
export const endOfWorkingDay = 18;

const unclear: SaidTime = { effective: null, flags: ['date_unclear'] };

/** Reads the effective time out of the sentences of a request; `context.zone` is the tenant's IANA zone. */
export function saidTime(sentences: readonly string[], context: ParseContext, { language, time: words }: Grammar): SaidTime {
  const text = sentences.join(' \n').slice(0, 2000).replaceAll('’', "'");
  const zone = saidZone(text);
  if (zone === undefined || words.event.test(text)) return unclear;
  const now = DateTime.fromJSDate(context.now, { zone: zone ?? context.zone });
  const span = words.spans.map((said) => ({ said, match: said.pattern.exec(text) })).find(({ match }) => match !== null);
  const rest = (span?.match ? text.replace(span.match[0], ' ') : text).replace(words.endOfDay, ' ');
  const dates = readDates(rest, now, { language, words, zoned: zone !== null });
  if (dates === 'unclear') return unclear;
  const spanned = span?.match ? [endOf(span.said.unit, span.said.ahead, span.match[0], now, context)] : [];
  const said = [...dates.map((date) => timeOf(date, text, now, context, words.endOfDay)), ...spanned];
  if (said.length === 0) return withoutDate(text, now, context, words);
  const [only] = said;
  return only === undefined || said.some(({ at }) => at !== only.at) ? unclear : dated(only, context);
}

/** An ISO instant, or a calendar day, from a structured request; null with `date_unclear` when it is neither. */
export function statedTime(value: string, context: ParseContext): SaidTime {
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const read = DateTime.fromISO(value, { zone: context.zone });
  if (!read.isValid || !/^\d{4}-\d{2}-\d{2}(?:$|T\d{2}:\d{2})/.test(value)) return unclear;
  const at = dayOnly ? read.set({ hour: endOfWorkingDay }) : read;
  return dated({ at: at.toUTC().toISO(), precision: dayOnly ? 'day' : 'time', zone: context.zone, text: value }, context);
}

/** Effective immediately, said by `text` or by default. */
export function immediately(context: ParseContext, text: string | null): EffectiveTime {
  return { at: context.now.toISOString(), precision: 'now', zone: context.zone, text };
}

function withoutDate(text: string, now: DateTime, context: ParseContext, words: Grammar['time']): SaidTime {
  const close = words.endOfDay.exec(text);
  if (close !== null) return dated({ at: iso(closeOf(now)), precision: 'time', zone: context.zone, text: close[0] }, context);
  const immediate = words.immediate.exec(text);
  if (immediate !== null) return { effective: immediately(context, immediate[0]), flags: [] };
  return { effective: immediately(context, null), flags: ['no_date'] };
}

function endOf(unit: 'week' | 'month' | 'quarter' | 'year', ahead: 0 | 1, text: string, now: DateTime, context: ParseContext): EffectiveTime {
  const within = now.plus({ [`${unit}s`]: ahead });
  // the working week ends on Friday
  const day = unit === 'week' ? within.startOf('week').plus({ days: 4 }) : within.endOf(unit);
  return { at: iso(closeOf(day)), precision: 'day', zone: context.zone, text: text.trim() };
}

function timeOf({ start, written, relative }: ReadDate, text: string, now: DateTime, context: ParseContext, endOfDay: RegExp): EffectiveTime {
  const base = { zone: context.zone, text: written };
  if (start.offsetSaid || relative) return { ...base, at: start.instant.toISOString(), precision: 'time' };
  const { year, month, day, hour, minute } = start;
  const local = DateTime.fromObject({ year, month, day }, { zone: now.zone });
  if (hour !== null) return { ...base, at: iso(local.set({ hour, minute })), precision: 'time' };
  if (local.hasSame(now, 'day')) return endOfDay.test(text) ? { ...base, at: iso(closeOf(local)), precision: 'time' } : immediately(context, written);
  return { ...base, at: iso(closeOf(local)), precision: 'day' };
}

function closeOf(day: DateTime): DateTime {
  return day.set({ hour: endOfWorkingDay, minute: 0, second: 0, millisecond: 0 });
}

function dated(effective: EffectiveTime, context: ParseContext): SaidTime {
  // beyond the year 9999 the text of a time has another form, and would sort as if it were long past
  if (!/^\d{4}-/.test(effective.at)) return unclear;
  return { effective, flags: Date.parse(effective.at) < context.now.getTime() ? ['date_in_past'] : [] };
}

function iso(time: DateTime): string {
  return time.toUTC().toJSDate().toISOString();
}
