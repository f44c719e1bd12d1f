import type { Instant } from '#decider';

// a formatter costs a hundred times what it formats, and zones are those of the tenants
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day `YYYY-MM-DD` of an instant in an IANA zone. */
export function dayIn(zone: string, instant: Instant): string {
  const formatter = formatters.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(zone, formatter);
  const parts = formatter.formatToParts(new Date(instant));
  const part = (type: 'year' | 'month' | 'day'): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/**
 * Whether the HRIS has another last day than the request. Days that have passed count as today, since both then mean "now";
 * midnight at the end of the last day is still that day.
 */
export function daysDiffer(lastDay: string, effectiveAt: Instant, now: Instant, zone: string): boolean {
  const today = dayIn(zone, now);
  const notBefore = (day: string): string => (day < today ? today : day);
  const justBefore = new Date(Date.parse(effectiveAt) - 1).toISOString();
  return ![effectiveAt, justBefore].some((instant) => notBefore(dayIn(zone, instant)) === notBefore(lastDay));
}
