import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CodedError, plusSeconds } from '#decider';
import { count, fails, holdTimers, pass, releaseTimers, request, settle, stage, vote, wantBack } from '../../test/lifecycle/saga-stage.js';
import { caseId, Scenario, START, TERMS } from '../../test/lifecycle/scenario.js';

beforeEach(holdTimers);
afterEach(releaseTimers);

describe('a dependency that is away', () => {
  test('is named once when it goes and once when it is back, however often and for however many cases it is tried', async () => {
    const on = stage();
    for (const n of [1, 2, 3]) request(on, n, plusSeconds(START, n));
    on.instead.set('judge', fails('source_unreachable'));
    on.saga.start();
    await settle();
    for (let i = 0; i < 20; i += 1) await pass(on, 2_000);
    expect(on.done.length).toBeGreaterThan(20);
    expect([count(on, 'dependency.lost'), on.scenario.log.at(-1)?.data]).toEqual([1, { dependency: 'sources' }]);
    on.instead.delete('judge');
    await pass(on, 2_000);
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored'), count(on, 'case.parked')]).toEqual([1, 1, 0]);
    expect(count(on, 'soft.ordered')).toBeGreaterThan(0);
  });

  test('is not taken to be back because another case got on without it', async () => {
    const on = stage();
    const another = { person: 'p-101' };
    request(on, 1);
    request(on, 2, plusSeconds(START, 10));
    on.scenario.judged('soft', another, caseId(2));
    on.instead.set('dispatch', fails('vault_unreachable'));
    on.saga.start();
    await settle();
    on.seen = another;
    // the second is judged from what is in memory while the first waits for Vault
    for (let i = 0; i < 10; i += 1) await pass(on, 2_000);
    expect(on.done).toEqual(expect.arrayContaining(['2 judge', '2 dispatch']));
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored')]).toEqual([1, 0]);
    on.instead.delete('dispatch');
    await pass(on, 2_000);
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored')]).toEqual([1, 1]);
  });

  test.each(['transport_unreachable', 'vault_refused', 'vault_sealed'])('and answers %s instead lets the case wait, and go on by itself', async (code) => {
    const on = stage();
    request(on);
    on.instead.set('dispatch', fails(code));
    on.saga.start();
    await settle();
    for (let i = 0; i < 10; i += 1) await pass(on, 2_000);
    // a first try, six that double from 100 ms, and then one every two seconds
    expect(on.done.filter((task) => task === '1 dispatch').length).toBeLessThanOrEqual(1 + 6 + 10);
    on.instead.delete('dispatch');
    await pass(on, 2_000);
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored'), count(on, 'case.parked'), count(on, 'packet.dispatched')]).toEqual([1, 1, 0, 1]);
  });

  test('for one case alone is named once, however many others get on meanwhile', async () => {
    const on = stage();
    for (const n of [1, 2, 3, 4]) request(on, n, n === 1 ? null : plusSeconds(START, n * 10));
    on.instead.set('judge', async (found) => {
      await on.ledger.commit({ do: 'inCase', case: found.id, actor: 'test', command: on.scenario.judgement('soft', { person: `p-10${found.id.at(-1)!}` }, found.id) });
    });
    on.instead.set('dispatch', async (found) => {
      if (found.id === caseId(1)) return fails('vault_refused')();
      await on.ledger.commit({ do: 'inCase', case: found.id, actor: 'test', command: { do: 'dispatched', order: 1, attempt: 1 } });
    });
    on.saga.start();
    await settle();
    for (let i = 0; i < 25; i += 1) await pass(on, 2_000);
    expect([count(on, 'packet.dispatched'), count(on, 'dependency.lost'), count(on, 'dependency.restored')]).toEqual([3, 1, 0]);
    on.instead.delete('dispatch');
    await pass(on, 2_000);
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored')]).toEqual([1, 1]);
  });

  test('is taken to be back by the task that could not be done without it', async () => {
    const on = stage();
    on.seen = { outcome: 'require_hitl' };
    request(on);
    on.instead.set('judge', fails('vault_unreachable'));
    on.saga.start();
    await settle();
    on.instead.delete('judge');
    await pass(on, 2_000);
    expect([count(on, 'dependency.lost'), count(on, 'dependency.restored'), count(on, 'approval.requested')]).toEqual([1, 1, 1]);
  });

  test('is tried again after longer and longer pauses, and its own bookkeeping does not hurry it', async () => {
    const on = stage();
    request(on);
    on.instead.set('judge', fails('source_unreachable'));
    on.saga.start();
    await settle();
    await wantBack(on, 'p-3');
    await settle();
    const tries = [on.done.length];
    for (const ms of [99, 1, 199, 1, 399, 1]) {
      await pass(on, ms);
      tries.push(on.done.length);
    }
    expect(tries).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });

  test('does not make a case deaf when it turns out that there is only something to wait for', async () => {
    const on = stage();
    on.seen = { outcome: 'require_hitl' };
    request(on);
    // the judgement is in the ledger, but its acknowledgement was lost
    on.instead.set('judge', async (found) => {
      on.instead.delete('judge');
      on.scenario.judged('soft', on.seen, found.id);
      await fails('store_unreachable')();
    });
    on.saga.start();
    await settle();
    await pass(on, 100);
    await vote(on);
    await settle();
    expect(on.done).toEqual(expect.arrayContaining(['1 dispatch']));
  });

  test('for messages does not hold up the work', async () => {
    const on = stage();
    on.seen = { outcome: 'require_hitl' };
    request(on);
    on.instead.set('postMessage', fails('approvals_unreachable'));
    on.saga.start();
    await settle();
    await vote(on);
    await settle();
    expect(count(on, 'soft.ordered')).toBe(1);
  });

  test('that is the store is not written about', async () => {
    const on = stage();
    request(on);
    on.instead.set('judge', async () => {
      on.instead.delete('judge');
      await fails('store_unreachable')();
    });
    on.saga.start();
    await settle();
    await pass(on, 100);
    expect([count(on, 'dependency.lost'), on.done]).toEqual([0, ['1 judge', '1 judge', '1 dispatch']]);
  });
});

describe('a fault that nobody foresaw', () => {
  test('parks that case, and the others go on', async () => {
    const on = stage();
    for (const n of [1, 2]) request(on, n);
    on.instead.set('judge', (found) => (found.id === caseId(1) ? Promise.reject(new TypeError('x is not a function')) : Promise.resolve(void on.scenario.in({ do: 'park', code: 'seen' }, found.id))));
    on.saga.start();
    await settle();
    expect([on.scenario.found(caseId(1)).parked, on.scenario.found(caseId(2)).parked]).toEqual(['fault', 'seen']);
    expect(on.logged).toContainEqual({ event: 'case_parked', case: caseId(1), code: 'fault' });
    await pass(on, 10_000);
    expect(on.done).toEqual(['1 judge', '2 judge']);
    on.instead.delete('judge');
    await on.ledger.commit({ do: 'inCase', case: caseId(1), actor: 'p-2', command: { do: 'resume', by: 'p-2' } });
    await settle();
    expect(on.done).toContain('1 dispatch');
  });

  test('in the question itself parks as well', async () => {
    const on = stage(new Scenario({ ...TERMS, windowSeconds: 1e300 }));
    request(on);
    on.scenario.judged('soft');
    on.scenario.finished();
    on.saga.start();
    await settle();
    expect(on.scenario.found().parked).toBe('fault');
  });

  test('that leaves no trace at all is not repeated without a pause', async () => {
    const on = stage();
    request(on);
    on.instead.set('judge', () => Promise.resolve());
    on.saga.start();
    await settle();
    expect(on.done).toEqual(['1 judge']);
    on.instead.delete('judge');
    await pass(on, 100);
    expect(on.done).toEqual(['1 judge', '1 judge', '1 dispatch']);
  });

  test('that cannot be written now is not forgotten', async () => {
    const on = stage();
    request(on);
    on.instead.set('judge', fails('surprise'));
    on.ledger.refusals.push({ do: 'park', code: 'store_unreachable' });
    on.saga.start();
    await settle();
    expect([on.scenario.found().parked, on.logged]).toEqual([null, expect.arrayContaining([expect.objectContaining({ event: 'saga_fault' })])]);
    await pass(on, 2_000);
    expect(on.scenario.found().parked).toBe('surprise');
  });
});

describe('a saga that may do nothing more', () => {
  test('because its tenant is stopped performs no task, not even one that comes due', async () => {
    const on = stage();
    request(on, 1, plusSeconds(START, 10));
    on.saga.start();
    await settle();
    on.ledger.stopped = true;
    await pass(on, 10_000);
    expect(on.done).toEqual(['1 judge']);
  });

  test('because it was ended starts nothing, and leaves no timer behind', async () => {
    const on = stage();
    for (const n of [1, 2]) request(on, n, n === 1 ? null : plusSeconds(START, 50));
    let fail: (error: unknown) => void = () => undefined;
    on.instead.set('judge', (found) => (found.id === caseId(1) ? new Promise((_resolve, reject) => (fail = reject)) : Promise.resolve(void on.scenario.judged('soft', { person: 'p-200' }, found.id))));
    on.saga.start();
    await settle();
    expect(jest.getTimerCount()).toBe(1);
    on.saga.end();
    fail(new CodedError('source_unreachable', 'too late'));
    await settle();
    expect(jest.getTimerCount()).toBe(0);
    await wantBack(on, 'p-3', 2);
    await settle();
    expect(on.done).toEqual(['1 judge', '2 judge']);
  });
});
