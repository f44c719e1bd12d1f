import { answers, type Employee, type Hris } from './hris.js';

/** An HRIS that tells of everybody at once; whoever asks while it is being read shares that reading. */
export function rosterHris(read: () => Promise<readonly Employee[]>): Hris {
  let underWay: Promise<readonly Employee[]> | undefined;
  return {
    async find(query) {
      // who has no address is not found by none
      if (Object.values(query).every((wanted) => wanted.trim() === '')) return [];
      underWay ??= read().finally(() => (underWay = undefined));
      return (await underWay).filter((one) => answers(one, query));
    },
  };
}

const FURTHEST_WEST_MS = 12 * 60 * 60_000;

/**
 * Where somebody stands, by what the record says: `ended`, or away, or with a last day.
 * Who is still there and has a last day that is over everywhere on earth came back: that day was of an earlier time.
 */
export function standing(said: { readonly ended: boolean; readonly away: boolean; readonly lastDay: string | null }, now: Date): Pick<Employee, 'status' | 'lastDay'> {
  const { ended, away, lastDay } = said;
  if (ended) return { status: 'terminated', lastDay };
  const earliestToday = new Date(now.getTime() - FURTHEST_WEST_MS).toISOString().slice(0, 10);
  if (lastDay !== null && lastDay >= earliestToday) return { status: 'leaving', lastDay };
  return { status: away ? 'on_leave' : 'active', lastDay: null };
}
