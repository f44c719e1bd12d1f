import type { Erasure } from './erasure.js';
import type { Offboard } from './offboard.js';
import { stepsIn } from './order.js';

/** A person's cases, by id in order. */
export interface ErasureScope {
  /** Not ended: each needs its keys. */
  readonly open: readonly string[];
  /** Ended, with their keys still there. */
  readonly closed: readonly string[];
  /** Erasures of the person that came to nothing after people were told why; that reason is sealed still. */
  readonly earlier: readonly string[];
  /** How many more there are than one approval can name. */
  readonly left: number;
  /** Where the doer has sealed something in any of the closed ones. */
  readonly portals: readonly string[];
  /** An erasure of this person that has not ended. */
  readonly underWay: string | null;
}

interface ById<Found> {
  get(id: string): Found | undefined;
  values(): Iterable<Found>;
}

/** What is known of a tenant's cases and erasures. */
export interface Known {
  readonly cases: ById<Offboard>;
  readonly erasures: ById<Erasure>;
}

/** So many ids can be read through, and fit into what an approver's page and message may hold. */
const MOST_CASES = 200;

/** The cases about `asked.person`, and those of `asked.cases` that may go with them; `self` is the erasure that asks. */
export function erasureScope({ cases, erasures }: Known, asked: { readonly person: string; readonly cases: readonly string[] }, self: string | null): ErasureScope {
  const { person } = asked;
  const others = [...erasures.values()].filter((erasure) => erasure.id !== self);
  const gone = new Set(others.flatMap(({ ended }) => (ended?.as === 'erased' ? ended.cases : [])));
  const named = asked.cases.flatMap((id) => cases.get(id) ?? []).filter(foundNobody);
  const about = [...new Set([...casesAbout(cases, person), ...named])].filter(({ id }) => !gone.has(id));
  const attempts = others.filter((erasure) => erasure.person === person && !gone.has(erasure.id));
  const closed = about.filter(({ ended }) => ended !== null).map(({ id }) => id).sort();
  const earlier = attempts.filter(({ ended, reason }) => ended !== null && reason !== null).map(({ id }) => id).sort();
  const taken = { closed: closed.slice(0, MOST_CASES), earlier: earlier.slice(0, Math.max(0, MOST_CASES - closed.length)) };
  return {
    open: about.filter(({ ended }) => ended === null).map(({ id }) => id).sort(),
    ...taken,
    left: closed.length + earlier.length - taken.closed.length - taken.earlier.length,
    portals: portalsOf(taken.closed.flatMap((id) => cases.get(id) ?? [])),
    underWay: attempts.find(({ ended }) => ended === null)?.id ?? null,
  };
}

/** Every case that ever found the person, those that the same messages opened, and those that found nobody and in whose place one of these was filed. */
export function casesAbout(cases: Known['cases'], person: string): readonly Offboard[] {
  const about = new Map<string, Offboard>();
  for (const found of cases.values()) if (found.people.includes(person)) about.set(found.id, found);
  // a map hands out what is added while it is walked through
  for (const { request } of about.values()) {
    const before = cases.get(request.received.follows ?? '');
    if (before && foundNobody(before)) about.set(before.id, before);
    // each case of a message holds all of the message, and so the names of all
    for (const beside of (request.received.part?.cases ?? []).flatMap((id) => cases.get(id) ?? [])) about.set(beside.id, beside);
  }
  return [...about.values()];
}

/** True for a case that no look at the world has ever put down to one person. */
export function foundNobody({ people }: Offboard): boolean {
  return people.length === 0;
}

function portalsOf(cases: readonly Offboard[]): readonly string[] {
  const portals = cases.flatMap(({ orders }) => orders.flatMap((order) => stepsIn(order).map(({ portal }) => portal)));
  return [...new Set(portals)].sort();
}
