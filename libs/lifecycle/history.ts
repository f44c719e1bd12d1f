import { Map } from 'immutable';
import type { Instant } from '#decider';
import type { Circumstances, Crowd, Scope } from '#risk';

// Everything here is counted from the ledger's own times, so that whoever folds it counts alike; and it stays small, however long the ledger.

/** How many lost access, minute by minute within the last hour, and in the busiest hour of each of the last days; minutes and days since 1970, UTC. */
export interface Departures {
  readonly minutes: readonly (readonly [number, number])[];
  readonly busiest: readonly (readonly [number, number])[];
}

/** How a tenant's people ask and leave. */
export interface History {
  /** By scope: `tenant`, `source/<channel>`, `department/<class>`. */
  readonly departures: Map<string, Departures>;
  readonly requests: number;
  /** Requests by the hour of the day, UTC. */
  readonly byHour: readonly number[];
  readonly byRequester: Map<string, number>;
}

export const NO_HISTORY: History = { departures: Map<string, Departures>(), requests: 0, byHour: Array.from({ length: 24 }, () => 0), byRequester: Map<string, number>() };

/** Where one leaver is counted. */
export type Belonging = Pick<Circumstances, 'source' | 'department'>;

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const DAYS = 28;
/** So many scopes and requesters are told apart. Further scopes are counted together and further requesters not at all: they stay strangers. */
const MOST = 5_000;
const NONE: Departures = { minutes: [], busiest: [] };

/** The history after a request. */
export function withRequest(history: History, requester: string, at: Instant): History {
  const { requests, byHour, byRequester } = history;
  const hour = hourOf(at);
  const room = byRequester.has(requester) || byRequester.size < MOST;
  return {
    ...history,
    requests: requests + 1,
    byHour: byHour.map((count, i) => (i === hour ? count + 1 : count)),
    byRequester: room ? byRequester.set(requester, (byRequester.get(requester) ?? 0) + 1) : byRequester,
  };
}

/** What came before a request: all requests, its requester's, and those from an hour before its time of day to an hour after. */
export function requestsBefore({ requests, byHour, byRequester }: History, requester: string, at: Instant): Circumstances['requests'] {
  const hour = hourOf(at);
  const around = [hour + 23, hour, hour + 1].reduce((sum, near) => sum + (byHour[near % 24] ?? 0), 0);
  return { all: requests, by_requester: byRequester.get(requester) ?? 0, around_hour: around };
}

/** The history after somebody lost access. */
export function withLeaver(history: History, leaver: Belonging, at: Instant): History {
  const departures = Object.values(placesOf(history.departures, leaver)).reduce((map, place) => map.set(place, departed(map.get(place) ?? NONE, minuteOf(at))), history.departures);
  return { ...history, departures };
}

/** How many lost access within the hour before `now` and in the busiest hour of the four weeks before, where this one is or will be counted. */
export function crowdsAround(history: History, leaver: Belonging, now: Instant): Readonly<Record<Scope, Crowd>> {
  const places = placesOf(history.departures, leaver);
  const around = (scope: Scope): Crowd => crowdAt(history.departures.get(places[scope]) ?? NONE, minuteOf(now));
  return { tenant: around('tenant'), source: around('source'), department: around('department') };
}

function placesOf(known: History['departures'], { source, department }: Belonging): Readonly<Record<Scope, string>> {
  const place = (name: string, scope: Scope): string => (known.has(name) || known.size < MOST ? name : `${scope}/`);
  return { tenant: 'tenant', source: place(`source/${source}`, 'source'), department: place(`department/${department ?? ''}`, 'department') };
}

function departed({ minutes, busiest }: Departures, minute: number): Departures {
  const recent = lastHour(minutes, minute);
  const here = recent.find(([at]) => at === minute);
  const counted: Departures['minutes'] = [...recent.filter((one) => one !== here), [minute, (here?.[1] ?? 0) + 1]];
  const day = Math.floor(minute / DAY);
  const most = Math.max(sum(counted), busiest.find(([at]) => at === day)?.[1] ?? 0);
  return { minutes: counted, busiest: [...busiest.filter(([at]) => at !== day && at >= day - DAYS), [day, most]] };
}

function crowdAt({ minutes, busiest }: Departures, minute: number): Crowd {
  // the day in which the last hour began is no history yet
  const today = Math.floor((minute - HOUR) / DAY);
  const usual = busiest.filter(([day]) => day < today && day >= today - DAYS).reduce((most, [, count]) => Math.max(most, count), 0);
  return { last: sum(lastHour(minutes, minute)), usual };
}

// whole minutes, the first one of them more than an hour ago: never less than the hour
function lastHour(minutes: Departures['minutes'], now: number): Departures['minutes'] {
  return minutes.filter(([minute]) => minute >= now - HOUR);
}

function sum(minutes: Departures['minutes']): number {
  return minutes.reduce((total, [, count]) => total + count, 0);
}

function minuteOf(at: Instant): number {
  return Math.floor(Date.parse(at) / MINUTE_MS);
}

function hourOf(at: Instant): number {
  return Math.floor(minuteOf(at) / HOUR) % 24;
}
