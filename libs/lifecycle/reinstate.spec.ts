import { describe, expect, test } from '@jest/globals';
import { plusSeconds } from '#decider';
import { CASE, Scenario, type Seen, START, TERMS, typesOf } from '../../test/lifecycle/scenario.js';

const JUDGED = ['evidence.taken', 'risk.scored', 'gate.decided'];
const ASK: Seen = { outcome: 'require_hitl', score: 0.8 };
const judge = (phase: string): object => ({ task: { do: 'judge', phase } });
const wanted = (scenario: Scenario, requester = 'p-3'): readonly string[] => typesOf(scenario.in({ do: 'requestReinstate', requester }));

function softened(): Scenario {
  const scenario = new Scenario();
  scenario.requested().judged('soft');
  scenario.finished();
  return scenario;
}
/** Soft is done, people are asked about hard, and somebody wants the person back. */
function wantedWhileHardIsAsked(): Scenario {
  const scenario = softened().later(TERMS.windowSeconds);
  scenario.judged('hard', ASK);
  wanted(scenario);
  return scenario;
}

describe('reinstate', () => {
  test('inside the window holds hard, passes the gate, and ends the case', () => {
    const scenario = softened();
    expect(wanted(scenario)).toEqual(['reinstate.requested']);
    expect(wanted(scenario)).toEqual([]);
    expect(scenario.later(TERMS.windowSeconds).next()).toEqual(judge('reinstate'));
    expect(scenario.judged('hard')).toEqual([]);
    expect(typesOf(scenario.judged('reinstate'))).toEqual([...JUDGED, 'reinstate.ordered']);
    expect(scenario.next()).toEqual({ task: { do: 'dispatch', order: 2, attempt: 1 } });
    expect(typesOf(scenario.finished())).toEqual(['receipt.taken', 'receipt.taken', 'case.ended']);
    expect([scenario.found().ended?.as, scenario.next(), wanted(scenario)]).toEqual(['reinstated', undefined, []]);
  });

  test('while soft is under way waits for its end', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    expect(wanted(scenario)).toEqual(['reinstate.requested']);
    expect(scenario.next()).toEqual({ task: { do: 'dispatch', order: 1, attempt: 1 } });
    expect(scenario.judged('reinstate')).toEqual([]);
    scenario.finished();
    expect(scenario.next()).toEqual(judge('reinstate'));
  });

  test.each([
    ['before anything was done', 'nothing_to_reinstate', () => new Scenario().requested()],
    ['once hard is ordered', 'hard_ordered', () => { const s = softened().later(TERMS.windowSeconds); s.judged('hard'); return s; }],
    ['after hard is done', 'hard_ordered', () => { const s = softened().later(TERMS.windowSeconds); s.judged('hard'); s.finished(); return s; }],
    ['after the case ended', 'case_ended', () => { const s = new Scenario(); s.requested().judged('soft', { outcome: 'deny' }); return s; }],
  ])('is refused %s', (_name, code, given) => {
    const scenario = given();
    expect(scenario.in({ do: 'requestReinstate', requester: 'p-3' })).toMatchObject([{ type: 'reinstate.refused', data: { requester: 'p-3', code } }]);
    expect(scenario.found().reinstate).toBeNull();
  });

  test('that policy denies is refused, and hard goes on', () => {
    const scenario = softened();
    wanted(scenario);
    expect(typesOf(scenario.judged('reinstate', { outcome: 'deny' }))).toEqual([...JUDGED, 'reinstate.refused']);
    expect(scenario.next()).toEqual({ due: plusSeconds(START, TERMS.windowSeconds) });
    scenario.later(TERMS.windowSeconds);
    expect(scenario.next()).toEqual(judge('hard'));
  });

  test('asked for again after a refusal is judged again, even at the same moment', () => {
    const scenario = softened();
    wanted(scenario);
    scenario.judged('reinstate', { outcome: 'deny' });
    expect(wanted(scenario)).toEqual(['reinstate.requested']);
    expect(scenario.next()).toEqual(judge('reinstate'));
  });

  test('is judged at once while people are asked about hard, and their answer no longer orders it', () => {
    const scenario = wantedWhileHardIsAsked();
    expect(scenario.next()).toEqual(judge('reinstate'));
    scenario.voted('p-7');
    expect(scenario.next()).toEqual(judge('reinstate'));
    expect(scenario.judged('hard', ASK)).toEqual([]);
    expect(typesOf(scenario.judged('reinstate'))).toEqual([...JUDGED, 'approval.superseded', 'reinstate.ordered']);
  });

  test('that needs people asks them about it alone; their rejection decides it, and hard is asked about anew', () => {
    const scenario = wantedWhileHardIsAsked();
    expect(typesOf(scenario.judged('reinstate', ASK))).toEqual([...JUDGED, 'approval.superseded', 'approval.requested']);
    expect(scenario.found().approval?.requested).toMatchObject({ number: 2, binding: { phases: ['reinstate'] } });
    expect(typesOf(scenario.voted('p-7', 'reject'))).toEqual(['approval.voted', 'approval.rejected', 'reinstate.refused']);
    expect(scenario.next()).toEqual(judge('hard'));
    expect(typesOf(scenario.judged('hard', ASK)).at(-1)).toBe('approval.requested');
  });

  test('that nobody decided in time needs a person, and hard stays held', () => {
    const scenario = softened();
    wanted(scenario);
    scenario.judged('reinstate', ASK);
    expect(typesOf(scenario.later(TERMS.approvalSeconds).in({ do: 'expire', number: 1 }))).toEqual(['approval.expired', 'person.needed']);
    expect(scenario.judged('hard')).toEqual([]);
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.next()).toEqual(judge('reinstate'));
  });

  test('is never approved by anyone who asked for it, the second as little as the first', () => {
    const scenario = softened();
    expect([wanted(scenario, 'p-7'), wanted(scenario, 'p-8')]).toEqual([['reinstate.requested'], ['reinstate.requested']]);
    expect(scenario.found().reinstate?.requester).toBe('p-7');
    scenario.judged('reinstate', ASK);
    expect(scenario.found().approval?.requested.approvers).toEqual(['p-9']);
    for (const person of ['p-7', 'p-8']) expect(scenario.voted(person)).toMatchObject([{ data: { code: 'not_eligible' } }]);
    expect(typesOf(scenario.voted('p-9'))).toEqual(['approval.voted', 'approval.granted']);
  });

  test('is told to policy with the one who asks for it', () => {
    const scenario = softened();
    wanted(scenario, 'p-3');
    expect(scenario.judged('reinstate', { told: { requesters: ['p-1'] } })).toEqual([]);
    scenario.judged('reinstate');
    expect(scenario.found().judgements.reinstate?.gate?.input).toMatchObject({ requester: 'p-3', requesters: ['p-1', 'p-3'] });
  });

  test('after a portal broke in soft brings back what was done', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    scenario.finished('failed');
    expect(wanted(scenario)).toEqual(['reinstate.requested']);
    expect(typesOf(scenario.judged('reinstate')).at(-1)).toBe('reinstate.ordered');
    expect(scenario.found().personNeeded).toBeNull();
    scenario.finished();
    expect(scenario.found().ended?.as).toBe('reinstated');
  });

  test('that a portal breaks is tried again after a person looked, not by itself', () => {
    const scenario = softened();
    wanted(scenario);
    scenario.judged('reinstate');
    scenario.finished('failed');
    expect([scenario.next(), scenario.found(CASE).personNeeded]).toEqual([undefined, 'portal_broken']);
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.next()).toEqual(judge('reinstate'));
  });
});
