import { type Instant, plusSeconds } from '#decider';
import type { Cosignature } from './cosignature.js';

/** A head, and the times that are known of it: the notary's own note of when it signed, and those that witnesses signed. */
export interface TimedHead {
  readonly size: number;
  readonly at?: Instant;
  readonly cosignatures?: readonly Cosignature[];
}

/** A time by one clock (`notary`, or a witness's name), and the size of the head that it is of. */
export interface TimeBound {
  readonly clock: string;
  readonly size: number;
  readonly at: Instant;
}

/** How far the clocks of who writes and who signs may lie apart. */
export const CLOCKS_APART_SECONDS = 60;

/**
 * Between which times an entry came into its book, by each clock: after the latest time of a head without it, before the earliest of one with it.
 * `before` is proven by the tree as far as the clock is right; `after` holds only if who showed the head was not holding entries back.
 */
export function timeBounds(seq: number, heads: readonly TimedHead[]): { readonly after: readonly TimeBound[]; readonly before: readonly TimeBound[] } {
  const after = new Map<string, TimeBound>();
  const before = new Map<string, TimeBound>();
  for (const bound of heads.flatMap(boundsIn)) {
    const [side, tighter] = bound.size <= seq ? [after, (than: TimeBound) => bound.at > than.at] : [before, (than: TimeBound) => bound.at < than.at];
    const known = side.get(bound.clock);
    if (!known || tighter(known)) side.set(bound.clock, bound);
  }
  return { after: [...after.values()], before: [...before.values()] };
}

/** What the times of a whole book come to. */
export interface TimeReport {
  /** What the first and the last entry claim. */
  readonly claimed: { readonly from: Instant; readonly to: Instant } | null;
  /** How many entries lie below a head with a time; those after them have no upper bound yet. */
  readonly bounded: number;
  /** The entries (`from` to `to`) whose two bounds lie farthest apart. */
  readonly widest: { readonly from: number; readonly to: number; readonly after: Instant; readonly before: Instant } | null;
  /** Entries that claim to be more than 60 seconds older than a head that was signed without them: how many, and the first hundred. */
  readonly dated_back: { readonly count: number; readonly entries: readonly number[] };
}

const MOST_NAMED = 100;

/** Holds the times that a book's entries claim, while it is recomputed, against the times of the heads that were kept of it. */
export class TimeFrame {
  readonly #bounds: readonly TimeBound[];
  #next = 0;
  #after: TimeBound | undefined;
  #from: Instant | undefined;
  #to: Instant = '';
  #widest: TimeReport['widest'] = null;
  #late: readonly number[] = [];
  #lateCount = 0;

  constructor(heads: readonly TimedHead[]) {
    this.#bounds = heads.flatMap(boundsIn).sort((a, b) => a.size - b.size || (a.at < b.at ? -1 : 1));
  }

  /** Shown each entry in order. */
  entry({ seq, at }: { readonly seq: number; readonly at: Instant }): void {
    for (let bound; (bound = this.#bounds[this.#next]) && bound.size <= seq; this.#next += 1) this.#take(bound);
    this.#from ??= at;
    this.#to = at;
    // most entries come after the last head, which a look at the text shows
    if (!this.#after || at >= this.#after.at || plusSeconds(at, CLOCKS_APART_SECONDS) >= this.#after.at) return;
    this.#lateCount += 1;
    if (this.#late.length < MOST_NAMED) this.#late = [...this.#late, seq];
  }

  /** What the book of `entries` entries came to. */
  report(entries: number): TimeReport {
    for (let bound; (bound = this.#bounds[this.#next]) && bound.size <= entries; this.#next += 1) this.#take(bound);
    return { claimed: this.#from === undefined ? null : { from: this.#from, to: this.#to }, bounded: this.#after?.size ?? 0, widest: this.#widest, dated_back: { count: this.#lateCount, entries: this.#late } };
  }

  #take(bound: TimeBound): void {
    const last = this.#after;
    if (last && bound.size > last.size && bound.at >= last.at && (!this.#widest || apart(last.at, bound.at) > apart(this.#widest.after, this.#widest.before)))
      this.#widest = { from: last.size, to: bound.size - 1, after: last.at, before: bound.at };
    // of one head's times the latest is the tightest for what comes after it
    this.#after = last && last.at > bound.at ? { ...last, size: bound.size } : bound;
  }
}

function boundsIn({ size, at, cosignatures = [] }: TimedHead): readonly TimeBound[] {
  return [...(at === undefined ? [] : [{ clock: 'notary', size, at }]), ...cosignatures.map((one) => ({ clock: one.witness, size, at: one.at }))];
}

function apart(earlier: Instant, later: Instant): number {
  return Date.parse(later) - Date.parse(earlier);
}
