// each language by itself: all of the package's take 12 MB more
import * as german from 'chrono-node/de';
import * as english from 'chrono-node/en';
import * as spanish from 'chrono-node/es';
import * as french from 'chrono-node/fr';
import type { DateTime } from 'luxon';
import type { Language, TimeWords } from './grammar.js';
import { onceEach } from './once.js';

/** A date as it was found in a text: calendar fields in the zone of the request, or an instant where an offset was said. */
export interface ReadDate {
  readonly written: string;
  /** "in two hours": counted from the arrival, in no zone. */
  readonly relative: boolean;
  readonly start: {
    readonly instant: Date;
    readonly offsetSaid: boolean;
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour: number | null;
    readonly minute: number;
  };
}

interface Reading {
  readonly language: Language;
  readonly words: TimeWords;
  /** True when the text names a zone of its own: offsets that chrono reads beside it are of no use. */
  readonly zoned: boolean;
}

const readers = { en: english.casual, de: german.casual, fr: french.casual, es: spanish.casual };
const numericDate = /(?<![\d.:/-])(\d{1,2})([/.-])(\d{1,2})\2(\d{2,4})(?!\d)|(?<![\d.:/-])(\d{1,2})\/(\d{1,2})(?![\d/])/gu;
const hours = /\bin (?:an? |\d+ |one |two |three |four |five |six )?(?:minutes?|hours?)\b|\bwithin \S{1,6} (?:minutes?|hours?)\b/iu;
/** Words for a time of day, which chrono counts as implied. */
const clockTime = /\b(?:noon|midnight|tonight|this (?:morning|afternoon|evening)|mittag|mitternacht|midi|minuit|mediod[ií]a|medianoche)/iu;
/** What chrono takes for a date and is none, or is part of another word's meaning. */
const noDate = /^(?:now|immediately|\d+|second|may|sun|sat|mon|last (?:working )?day|jetzt|maintenant|ahora|morgens?)$/iu;

const wholeSpan = /^(?!in\b|dans\b|en\b).*(?<!\d )(?:week|month|quarter|year|woche|monat|jahr|semaine|mois|année|semana|mes|año)$/iu;

/** The dates of a text that decide when it takes effect; `unclear` where two readers could read two. */
export function readDates(text: string, now: DateTime, { language, words, zoned }: Reading): readonly ReadDate[] | 'unclear' {
  if (hasTwoReadings(text, language) || saysNextWeekday(text, now, words)) return 'unclear';
  const searched = (language === 'en' ? dayFirstAsMonthFirst(text) : text).replace(/\blast (?:working )?day\b/giu, (all) => ' '.repeat(all.length));
  const real = readers[language].parse(searched, { instant: now.toJSDate(), timezone: now.offset }, { forwardDate: true }).filter(isRealDate);
  const found = real.filter((result) => !words.otherwise.test(text.slice(Math.max(0, result.index - 40), result.index)));
  if (found.some((result) => isTodaysName(result, text, now))) return 'unclear';
  const left = real.reduce((rest, { index, text: { length } }) => rest.slice(0, index) + ' '.repeat(length) + rest.slice(index + length), searched);
  if (isLeftVague(left, found, words) || found.some(contradictsItself)) return 'unclear';
  const days = found.filter(saysDay);
  const cued = days.filter((result) => words.cue.test(text.slice(Math.max(0, result.index - 40), result.index)));
  return withClockTime((cued.length > 0 ? cued : days).map((result) => fieldsOf(result, text, now, zoned)), found.filter((result) => !saysDay(result)).map((result) => fieldsOf(result, text, now, zoned)));
}

/** "Her last day is today, disable everything at 5pm": a clock time that stands alone is the day's. */
function withClockTime(days: readonly ReadDate[], times: readonly ReadDate[]): readonly ReadDate[] | 'unclear' {
  const [time, ...others] = times;
  if (days.length === 0 || time === undefined) return times.length > 0 ? times : days;
  if (others.length > 0 || time.relative || time.start.offsetSaid || days.some(({ start, relative }) => start.hour !== null || relative)) return 'unclear';
  return days.map((day) => ({ ...day, start: { ...day.start, hour: time.start.hour, minute: time.start.minute } }));
}

function saysDay({ start }: english.ParsedResult): boolean {
  return start.isCertain('day') || start.isCertain('weekday');
}

/** "Friday 12 June" of a year in which that is a Saturday. */
function contradictsItself({ start }: english.ParsedResult): boolean {
  const [year, month, day, weekday] = [start.get('year'), start.get('month'), start.get('day'), start.get('weekday')];
  if (!start.isCertain('weekday') || !start.isCertain('day') || year === null || month === null || day === null) return false;
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() !== weekday;
}

function fieldsOf(result: english.ParsedResult, text: string, now: DateTime, zoned: boolean): ReadDate {
  const { start } = result;
  const written = text.slice(result.index, result.index + result.text.length);
  const timed = start.isCertain('hour') || (clockTime.test(written) && start.get('hour') !== null);
  return {
    written,
    relative: hours.test(written),
    start: {
      instant: start.date(),
      offsetSaid: start.isCertain('timezoneOffset') && !zoned,
      year: start.get('year') ?? now.year,
      month: start.get('month') ?? now.month,
      day: start.get('day') ?? now.day,
      hour: timed ? (start.get('hour') ?? 0) : null,
      minute: start.get('minute') ?? 0,
    },
  };
}

/** A date needs a day, a weekday or a time; "next week" alone is seven of them. */
function isRealDate({ start, text }: english.ParsedResult): boolean {
  const says = start.isCertain('day') || start.isCertain('weekday') || start.isCertain('hour');
  return says && !noDate.test(text.trim()) && (start.isCertain('weekday') || !wholeSpan.test(text));
}

/** "Monday", said on a Monday, is today or a week from today. */
function isTodaysName({ start, text: written }: english.ParsedResult, text: string, now: DateTime): boolean {
  return start.isCertain('weekday') && !start.isCertain('day') && start.get('day') === now.day && start.get('month') === now.month && /^\p{L}+(?: \p{L}+)?$/u.test(written) && !/\b(?:today|this|heute|diesen|aujourd'hui|ce|hoy|este)\b/iu.test(text);
}

/** "next Friday" while a Friday is still to come; "last Friday" is past and no time to do anything. */
function saysNextWeekday(text: string, now: DateTime, { nextWeekday }: TimeWords): boolean {
  const found = nextWeekday.exec(text);
  if (found === null) return false;
  const said = text.slice(found.index, found.index + found[0].length).toLowerCase();
  const day = dayNumbers.findIndex((names) => names.some((name) => said.includes(name)));
  return /last|letzt|dernier|pasad/u.test(said) || day < 0 || day + 1 > now.weekday;
}

const dayNumbers = [
  ['mon', 'montag', 'lundi', 'lunes'],
  ['tue', 'dienstag', 'mardi', 'martes'],
  ['wed', 'mittwoch', 'mercredi', 'miércoles'],
  ['thu', 'donnerstag', 'jeudi', 'jueves'],
  ['fri', 'freitag', 'vendredi', 'viernes'],
  ['sat', 'samstag', 'samedi', 'sábado'],
  ['sun', 'sonntag', 'dimanche', 'domingo'],
];

const vagueBeside = onceEach(({ source }: RegExp) => ({
  before: new RegExp(`(?:${source})[\\s,]*(?:of|from|or|to|after|before|and|-|–|oder|ou|o)?\\s*$`, 'iu'),
  after: new RegExp(`^[\\s,]*(?:of|or|to|and|-|–|oder|ou|o)?\\s*(?:${source})`, 'iu'),
}));

/** Words of time that no date has used: beside a date only where they touch it, without one wherever they stand. */
function isLeftVague(left: string, found: readonly english.ParsedResult[], { vague }: TimeWords): boolean {
  if (found.length === 0) return vague.test(left);
  return found.some(({ index, text: { length } }) => {
    const [before, after] = [left.slice(Math.max(0, index - 30), index), left.slice(index + length, index + length + 30)];
    const beside = vagueBeside(vague);
    return beside.before.test(before) || beside.after.test(after);
  });
}

/** 05/06 is two dates to two readers: nobody guesses. With dots, 5.6. is day first in the three languages that write it so. */
function hasTwoReadings(text: string, language: Language): boolean {
  return [...text.matchAll(numericDate)].some((match) => {
    const [first, second] = [Number(match[1] ?? match[5]), Number(match[3] ?? match[6])];
    return first !== second && first <= 12 && second <= 12 && (language === 'en' || match[2] !== '.');
  });
}

/** 31/05 can only be day first; it is turned round, in the same number of characters, for a parser that reads month first. */
function dayFirstAsMonthFirst(text: string): string {
  return text.replace(/\b(\d{2})([/.])(\d{2})(?=\b)/gu, (all, first: string, mark: string, second: string) =>
    Number(first) > 12 && Number(second) <= 12 ? `${second}${mark === '.' ? '/' : mark}${first}` : all,
  );
}
