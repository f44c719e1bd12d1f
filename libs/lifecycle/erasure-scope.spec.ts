import { beforeEach, describe, expect, it } from '@jest/globals';
import { jcs } from '#ledger';
import { caseId, Scenario } from '../../test/lifecycle/scenario.js';
import { casesAbout, erasureScope } from './index.js';

const PERSON = 'p-100';
const reason = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;

let scenario: Scenario;
beforeEach(() => {
  scenario = new Scenario();
  scenario.requested();
  scenario.judged('soft');
});

describe('the cases about a person', () => {
  const receive = (id: string, follows: string | null): void => void scenario.do({ do: 'receive', case: id, request: { pipeline: 'offboard', requester: 'p-3', channel: 'api', format: 'text', text: reason, idempotency: null, follows } });
  const about = (person: string): readonly string[] => casesAbout(scenario.state.cases, person).map(({ id }) => id).sort();

  it('are all that ever found them, also where a later look found somebody else', () => {
    scenario.requested({ id: caseId(3), requester: 'p-3' });
    scenario.judged('soft', { person: 'p-300', outcome: 'require_hitl' }, caseId(3));
    expect(about('p-300')).toEqual([caseId(3)]);
    scenario.voted('p-7', 'approve', { id: caseId(3) });
    scenario.judged('soft', { person: 'p-301', outcome: 'require_hitl' }, caseId(3));
    expect([about('p-300'), about('p-301')]).toEqual([[caseId(3)], [caseId(3)]]);
  });

  it('take along a case that found nobody when one of them was filed in its place, and never somebody else’s', () => {
    scenario.requested({ id: caseId(3), requester: 'p-3' });
    scenario.judged('soft', { person: null, outcome: 'deny' }, caseId(3));
    scenario.requested({ id: caseId(4), requester: 'p-3' });
    scenario.judged('soft', { person: 'p-400', outcome: 'deny' }, caseId(4));
    for (const [id, follows] of [[caseId(5), caseId(3)], [caseId(6), caseId(4)]] as const) {
      receive(id, follows);
      scenario.in({ do: 'recordIntent', intent: { ...scenario.found().request.intent!, effective: null } }, id);
      scenario.judged('soft', { person: 'p-500', outcome: 'deny' }, id);
    }
    expect(about('p-500')).toEqual([caseId(3), caseId(5), caseId(6)]);
    expect(about('p-400')).toEqual([caseId(4)]);
  });

  it('take along those that the same message opened, since each of them holds all of it', () => {
    const ids = [caseId(3), caseId(4)];
    const request = { pipeline: 'offboard', requester: 'p-3', channel: 'api', format: 'text', text: reason, idempotency: null, follows: null } as const;
    scenario.do({ do: 'receiveSeveral', requests: ids.map((id, n) => ({ case: id, request: { ...request, part: { number: n + 1, cases: ids } } })) });
    for (const [n, id] of ids.entries()) {
      scenario.in({ do: 'recordIntent', intent: { ...scenario.found().request.intent!, effective: null } }, id);
      scenario.judged('soft', { person: `p-60${n}`, outcome: 'deny' }, id);
    }
    expect([about('p-600'), about('p-601')]).toEqual([ids, ids]);
  });

  it('are as many as one approval can name, and the rest is counted', () => {
    const [found] = [...scenario.state.cases.values()];
    const cases = new Map(Array.from({ length: 203 }, (_, n) => [caseId(n), { ...found!, id: caseId(n), people: [PERSON], ended: { as: 'done', into: null, at: scenario.now } as const }]));
    const { closed, left } = erasureScope({ cases, erasures: new Map() }, { person: PERSON, cases: [] }, null);
    expect([closed.length, left, closed[0]]).toEqual([200, 3, caseId(0)]);
    // signed text and plan together stay below what an edge takes
    expect(2 * jcs({ cases: closed }).length).toBeLessThan(20_000);
  });
});
