import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Approver } from '#approvals';
import type { Entry } from '#ledger';
import { approver, CASE, caseId, Scenario, START, typesOf } from '../../test/lifecycle/scenario.js';
import { nextNotice, type Received } from './index.js';

test('the start configuration says who approves: changed keys are enrolled anew, who is gone is revoked and their vote with them', () => {
  const scenario = new Scenario();
  scenario.requested().judged('soft', { outcome: 'require_hitl', score: 0.8, quorum: 2 });
  scenario.voted('p-7');
  const [seven, eight] = ['p-7', 'p-8'].map(approver) as [Approver, Approver];
  const moved = { ...eight, passkey: { ...eight.passkey, publicKey: 'bmV3' } };
  expect(typesOf(scenario.do({ do: 'enrol', approvers: [seven, moved] }))).toEqual(['approver.revoked', 'approver.enrolled']);
  expect(scenario.do({ do: 'enrol', approvers: [seven, moved] })).toEqual([]);
  scenario.do({ do: 'enrol', approvers: [moved] });
  expect(typesOf(scenario.voted('p-8'))).toEqual(['approval.voted']);
  expect(scenario.found().approval?.outcome).toBe('open');
});

describe('a tenant', () => {
  test('takes a request once: by its case, and by its idempotency key', () => {
    const scenario = new Scenario();
    const request = { ...new Scenario().requested().found().request.received, idempotency: 'e'.repeat(64) };
    const receive = (id: string): readonly string[] => typesOf(scenario.do({ do: 'receive', case: id, request }));
    expect([receive(CASE), receive(CASE), receive(caseId(2))]).toEqual([['request.received'], [], []]);
    expect(scenario.state.byIdempotency.get('e'.repeat(64))).toBe(CASE);
    expect(scenario.log.at(-1)).toMatchObject({ actor: 'p-1', caseSeq: 0 });
  });

  test('takes all requests of one message together, and once: by any of their cases, and by the key of the first', () => {
    const scenario = new Scenario();
    const { received } = new Scenario().requested().found().request;
    const message = (from: number, idempotency: string | null): readonly Received[] => {
      const cases = [caseId(from), caseId(from + 1)];
      return cases.map((id, i) => ({ case: id, request: { ...received, idempotency: i === 0 ? idempotency : null, part: { number: i + 1, cases } } }));
    };
    const file = (from: number, idempotency: string | null): readonly string[] => typesOf(scenario.do({ do: 'receiveSeveral', requests: message(from, idempotency) }));
    const key = 'e'.repeat(64);
    expect(file(1, key)).toEqual(['request.received', 'request.received']);
    expect([file(1, null), file(2, null), file(0, null), file(5, key)]).toEqual([[], [], [], []]);
    const first = scenario.state.byIdempotency.get(key) ?? '';
    expect([first, scenario.found(first).request.received.part?.cases]).toEqual([caseId(1), [caseId(1), caseId(2)]]);
  });

  test('writes one entry when a dependency goes and one when it comes back', () => {
    const scenario = new Scenario();
    const on = (what: 'lose' | 'restore'): readonly string[] => typesOf(scenario.do({ do: what, dependency: 'vault' }));
    expect([on('restore'), on('lose'), on('lose')]).toEqual([[], ['dependency.lost'], []]);
    expect(scenario.state.lost.toObject()).toEqual({ vault: START });
    expect([on('restore'), on('restore'), on('lose')]).toEqual([['dependency.restored'], [], ['dependency.lost']]);
  });

  test('has no command for a case that is not there', () => {
    expect(() => new Scenario().in({ do: 'park', code: 'x' })).toThrow(expect.objectContaining({ code: 'unknown_case' }));
  });

  test('numbers the entries of each case from 0, without a gap', () => {
    const scenario = new Scenario();
    for (const n of [1, 2, 3]) scenario.requested({ id: caseId(n), effective: `2026-03-0${9 - n}T00:00:00.000Z` }).judged('soft', {}, caseId(n));
    for (const n of [1, 2, 3]) {
      const numbers = scenario.log.filter((entry) => entry.case === caseId(n)).map(({ caseSeq }) => caseSeq);
      expect(numbers).toEqual([...numbers.keys()]);
      expect(scenario.machine.entriesOf(scenario.state, caseId(n))).toBe(numbers.length);
    }
  });
});

describe('messages', () => {
  const asked = (): Scenario => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { outcome: 'require_hitl' });
    return scenario;
  };
  const posted = (scenario: Scenario, approver: string, link = 1): readonly string[] => typesOf(scenario.in({ do: 'messagePosted', number: 1, approver, channel: 'D', ts: '1', link }));

  test('go to each approver once, and are closed once when the question is settled', () => {
    const scenario = asked();
    for (const approver of ['p-7', 'p-8', 'p-9']) {
      expect(nextNotice(scenario.found())).toEqual({ do: 'postMessage', number: 1, approver });
      expect([posted(scenario, approver), posted(scenario, approver)]).toEqual([['approval.message_posted'], []]);
    }
    expect(nextNotice(scenario.found())).toBeUndefined();
    scenario.voted('p-7', 'reject');
    for (const approver of ['p-7', 'p-8', 'p-9']) {
      expect(nextNotice(scenario.found())).toEqual({ do: 'closeMessage', number: 1, approver, outcome: 'rejected' });
      const close = { do: 'messageClosed', number: 1, approver, outcome: 'rejected' } as const;
      expect([typesOf(scenario.in(close)), scenario.in(close)]).toEqual([['approval.message_closed'], []]);
    }
    expect(nextNotice(scenario.found())).toBeUndefined();
  });

  test('of an earlier question say nothing about the present one', () => {
    const scenario = asked();
    expect(typesOf(scenario.in({ do: 'messagePosted', number: 2, approver: 'p-7', channel: 'D', ts: '1', link: 1 }))).toEqual([]);
    expect(typesOf(scenario.in({ do: 'expire', number: 2 }))).toEqual([]);
  });

  test('with a new link replace the one before', () => {
    const scenario = asked();
    posted(scenario, 'p-7');
    expect(posted(scenario, 'p-7', 2)).toEqual(['approval.message_posted']);
    expect(scenario.found().approval?.messages['p-7']).toMatchObject({ link: 2, closed: null });
  });
});

describe('evolve is total', () => {
  test('for types of a later version, about a case or not, whatever their data', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { outcome: 'require_hitl' });
    fc.assert(
      fc.property(fc.constantFrom('approval.reminded', 'ledger.annotated', 'case.labelled', 'toString', '__proto__'), fc.constantFrom(CASE, 'c-unknown', null), fc.dictionary(fc.constantFrom('number', 'phase', 'order'), fc.constantFrom(1, 2, 'soft', null)), (type, id, data) => {
        const entry = { ...scenario.log.at(-1)!, type, case: id, data } as Entry;
        const { cases } = scenario.machine.evolve(scenario.state, entry);
        expect([...cases.keys()]).toEqual([CASE]);
        expect({ ...cases.get(CASE), entries: 0 }).toEqual({ ...scenario.found(), entries: 0 });
      }),
    );
  });

  test('for every event before its case, or after its end', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { outcome: 'require_hitl' });
    scenario.voted('p-7');
    scenario.judged('soft', { outcome: 'require_hitl' });
    scenario.finished();
    const entries = scenario.log.filter((entry) => entry.case === CASE);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries), (some) => {
        const state = some.reduce((s, entry) => scenario.machine.evolve(s, entry), scenario.machine.initial);
        expect(state.cases.size).toBeLessThanOrEqual(1);
      }),
    );
  });
});
