import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plusSeconds } from '#decider';
import { SCOPES } from '#risk';
import { CASE, caseId, Scenario, START } from '../../test/lifecycle/scenario.js';
import { crowdsAround, type History, NO_HISTORY, requestsBefore, withLeaver, withRequest } from './history.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const minute = (at: string): number => Math.floor(Date.parse(at) / MINUTE_MS);

const gap = fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 1_200 }) }, { weight: 1, arbitrary: fc.nat({ max: 5 * 86_400 }) });
const leaver = fc.record({ gap, source: fc.constantFrom('api', 'tickets'), department: fc.constantFrom('sales', 'it', null) });
type Left = { readonly at: string; readonly source: string; readonly department: string | null };
const leavers = fc.array(leaver, { minLength: 1, maxLength: 60, size: 'max' }).map((gone) => {
  let at = START;
  return gone.map(({ gap: after, source, department }): Left => ({ at: (at = plusSeconds(at, after)), source, department }));
});
const folded = (gone: readonly Left[]): History => gone.reduce((history, one) => withLeaver(history, one, one.at), NO_HISTORY);

describe('the crowds around a leaver', () => {
  test('are those of the last hour, and of the busiest hour of the four weeks before the day it began in, counted one by one', () => {
    fc.assert(
      fc.property(leavers, fc.nat({ max: 7_200 }), (gone, later) => {
        const [last] = gone.slice(-1) as [Left];
        const now = plusSeconds(last.at, later);
        const crowds = crowdsAround(folded(gone), last, now);
        const among = { tenant: gone, source: gone.filter(({ source }) => source === last.source), department: gone.filter(({ department }) => department === last.department) };
        const today = Math.floor((Date.parse(now) - 3_600_000) / DAY_MS);
        for (const scope of SCOPES) {
          const hourBefore = (at: string): number => among[scope].filter((one) => one.at <= at && minute(one.at) >= minute(at) - 60).length;
          const past = among[scope].filter(({ at }) => Math.floor(Date.parse(at) / DAY_MS) < today && Math.floor(Date.parse(at) / DAY_MS) >= today - 28);
          expect([scope, crowds[scope]]).toEqual([scope, { last: hourBefore(now), usual: Math.max(0, ...past.map(({ at }) => hourBefore(at))) }]);
          // never fewer than those of the exact hour
          expect(crowds[scope].last).toBeGreaterThanOrEqual(among[scope].filter(({ at }) => Date.parse(at) > Date.parse(now) - 3_600_000).length);
        }
      }),
    );
  });

  test('take little room, however many leave, and however many sources and departments there are said to be', () => {
    const gone = Array.from({ length: 20_000 }, (_, i): Left => ({ at: plusSeconds(START, i * 700), source: 'api', department: `d${String(i)}` }));
    const { departures } = folded(gone);
    expect(departures.size).toBeLessThan(5_010);
    for (const { minutes, busiest } of departures.values()) expect([minutes.length <= 61, busiest.length <= 29]).toEqual([true, true]);
    // departments that came too late are counted together
    expect(crowdsAround(folded(gone), { source: 'api', department: 'new' }, gone.at(-1)!.at).department.last).toBe(6);
  });
});

test('the requests before one are all, those of its requester, and those around its time of day', () => {
  const request = fc.record({ gap, requester: fc.constantFrom('p-1', 'p-2', 'p-3') });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 60, size: 'max' }), (asked) => {
      let [at, history] = [START, NO_HISTORY];
      const before: { readonly hour: number; readonly requester: string }[] = [];
      for (const { gap: after, requester } of asked) {
        at = plusSeconds(at, after);
        const hour = new Date(at).getUTCHours();
        const near = before.filter((one) => [0, 1, 23].includes((one.hour - hour + 24) % 24));
        expect(requestsBefore(history, requester, at)).toEqual({ all: before.length, by_requester: before.filter((one) => one.requester === requester).length, around_hour: near.length });
        history = withRequest(history, requester, at);
        before.push({ hour, requester });
      }
    }),
  );
});

describe('a tenant’s ledger', () => {
  test('counts a request when it comes, and keeps with the case what came before it', () => {
    const scenario = new Scenario();
    for (const n of [1, 2, 3]) scenario.requested({ id: caseId(n), requester: n === 2 ? 'p-2' : 'p-1' });
    expect([1, 2, 3].map((n) => scenario.found(caseId(n)).request.before)).toEqual([
      { all: 0, by_requester: 0, around_hour: 0 },
      { all: 1, by_requester: 0, around_hour: 1 },
      { all: 2, by_requester: 1, around_hour: 2 },
    ]);
  });

  test('counts a leaver once, when the first order about them is placed', () => {
    const scenario = new Scenario();
    const left = (): number => crowdsAround(scenario.state.history, { source: 'api', department: null }, scenario.now).tenant.last;
    scenario.requested().judged('soft', { outcome: 'require_hitl' });
    expect(left()).toBe(0);
    scenario.voted('p-7');
    scenario.judged('soft', { outcome: 'require_hitl' });
    expect([scenario.order().phase, left()]).toEqual(['soft', 1]);
    // the order came too late, and is placed once more
    scenario.journal('doer.order_rejected', { order: 1, reason: 'expired', digest: scenario.order().digest });
    scenario.judged('soft', { outcome: 'require_hitl' });
    expect([scenario.found(CASE).orders.length, left()]).toEqual([2, 1]);
    scenario.finished();
    scenario.later(301).judged('hard', { outcome: 'require_hitl' });
    expect([scenario.order().phase, left()]).toEqual(['hard', 1]);
  });
});
