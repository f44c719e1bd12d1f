import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { plusSeconds } from '#decider';
import { holdTimers, pass, releaseTimers, request, settle, stage, vote, wantBack } from '../../test/lifecycle/saga-stage.js';
import { caseId, START } from '../../test/lifecycle/scenario.js';

beforeEach(holdTimers);
afterEach(releaseTimers);

describe('a saga', () => {
  test('does what `next` says, at start and after each entry, until there is nothing to do', async () => {
    const on = stage();
    request(on);
    on.saga.start();
    await settle();
    expect(on.done).toEqual(['1 judge', '1 dispatch']);
    await on.ledger.commit({ do: 'receive', case: caseId(2), request: on.scenario.found().request.received });
    await settle();
    expect(on.done).toContain('2 parse');
  });

  test('performs one task of a case at a time', async () => {
    const on = stage();
    request(on);
    let running = 0;
    let most = 0;
    on.instead.set('judge', async (found) => {
      most = Math.max(most, (running += 1));
      await settle();
      on.scenario.judged('soft', {}, found.id);
      running -= 1;
    });
    on.saga.start();
    for (let i = 0; i < 5; i += 1) await wantBack(on, `p-${i}`);
    for (let i = 0; i < 5; i += 1) await settle();
    expect(most).toBe(1);
    expect(on.done.filter((task) => task === '1 judge')).toHaveLength(1);
  });

  test('misses nothing that comes while a turn ends', async () => {
    const on = stage();
    on.seen = { outcome: 'require_hitl' };
    request(on);
    on.saga.start();
    await settle();
    expect(on.done).toEqual(['1 judge', '1 postMessage']);
    // the vote comes in the microtask in which the turn that found nothing to do is about to end
    for (let wait = 0; wait < 12; wait += 1) {
      const each = stage();
      each.seen = { outcome: 'require_hitl' };
      request(each);
      each.saga.start();
      await settle();
      void each.ledger.commit({ do: 'inCase', case: caseId(1), actor: 'p-9', command: { do: 'refuseVote', number: 1, approver: 'p-9', code: 'proof' } });
      for (let i = 0; i < wait; i += 1) await Promise.resolve();
      await vote(each);
      await settle();
      expect(each.done.slice(2)).toEqual(expect.arrayContaining(['1 judge', '1 dispatch']));
    }
  });

  test('sleeps until something is due, an hour at most, and asks again then', async () => {
    const on = stage();
    request(on, 1, plusSeconds(START, 7_200));
    const ask = jest.spyOn(globalThis, 'setTimeout');
    on.saga.start();
    await settle();
    expect(on.done).toEqual(['1 judge']);
    await pass(on, 3_600_000);
    expect(on.done).toEqual(['1 judge']);
    expect(ask.mock.calls.every(([, ms]) => (ms ?? 0) <= 3_600_000)).toBe(true);
    await pass(on, 3_600_000);
    expect(on.done).toEqual(['1 judge', '1 judge', '1 dispatch']);
  });

  test('does not start more than it may at once, and gets to all', async () => {
    const on = stage();
    const total = 120;
    let running = 0;
    let most = 0;
    on.instead.set('judge', async (found) => {
      most = Math.max(most, (running += 1));
      await settle();
      running -= 1;
      on.scenario.in({ do: 'park', code: 'enough' }, found.id);
    });
    for (let n = 1; n <= total; n += 1) request(on, n);
    on.saga.start();
    for (let i = 0; i < 10; i += 1) await settle();
    expect([most <= 96, on.done.length]).toEqual([true, total]);
  });
});
