import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fails, holdTimers, pass, releaseTimers, request, settle, stage } from '../../test/lifecycle/saga-stage.js';
import { caseId, Scenario, TERMS } from '../../test/lifecycle/scenario.js';

beforeEach(holdTimers);
afterEach(releaseTimers);

describe('messages', () => {
  test('of which one cannot be sent do not keep the others from being sent', async () => {
    const on = stage(new Scenario(TERMS, ['p-7', 'p-8', 'p-9']));
    on.seen = { outcome: 'require_hitl' };
    request(on);
    const told: string[] = [];
    on.instead.set('postMessage', async (found, task) => {
      if (task.do !== 'postMessage' || task.approver === 'p-7') return fails('approvals_unreachable')();
      told.push(task.approver);
      await on.ledger.commit({ do: 'inCase', case: found.id, actor: 'test', command: { ...task, do: 'messagePosted', channel: 'D', ts: '1', link: 1 } });
    });
    on.saga.start();
    await settle();
    for (let i = 0; i < 5; i += 1) await pass(on, 2_000);
    expect(told.sort()).toEqual(['p-8', 'p-9']);
  });

  test('that take their time hold no place of the work', async () => {
    const on = stage();
    for (let n = 1; n <= 100; n += 1) {
      request(on, n);
      on.scenario.judged('soft', { outcome: 'require_hitl', person: `p-2${String(n)}` }, caseId(n));
    }
    request(on, 101);
    on.instead.set('postMessage', () => new Promise(() => undefined));
    on.saga.start();
    for (let i = 0; i < 5; i += 1) await settle();
    expect(on.done).toContain('1 dispatch');
  });
});
