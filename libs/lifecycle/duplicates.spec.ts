import { describe, expect, test } from '@jest/globals';
import { plusSeconds } from '#decider';
import { CASE, caseId, Scenario, type Seen, START, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { nextNotice } from './index.js';

const OTHER = caseId(2);
const JUDGED = ['evidence.taken', 'risk.scored', 'gate.decided'];
const ASK: Seen = { outcome: 'require_hitl', score: 0.8 };
const day = (n: number): string => plusSeconds(START, n * 86_400);
const ended = (scenario: Scenario, id: string): string | undefined => scenario.found(id).ended?.as;

/** One case about the person is open and waits for its day; a second request was parsed. */
function two(first: string, second: string | null, seen: Seen = {}): Scenario {
  const scenario = new Scenario();
  scenario.requested({ effective: first }).judged('soft', seen);
  return scenario.requested({ id: OTHER, requester: 'p-7', effective: second });
}

describe('a second request about the same person', () => {
  test('by the same requester for an earlier day takes over in one step', () => {
    const scenario = new Scenario();
    scenario.requested({ effective: day(3) }).judged('soft');
    scenario.requested({ id: OTHER });
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual(['case.ended', ...JUDGED, 'soft.ordered']);
  });

  test('while that person is being reinstated stands by itself: joined, it would be lost', () => {
    const scenario = new Scenario();
    scenario.requested({}).judged('soft');
    scenario.finished();
    scenario.in({ do: 'requestReinstate', requester: 'p-1' });
    scenario.requested({ id: OTHER });
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual([...JUDGED, 'soft.ordered']);
  });

  test('that takes over asks nobody who asked for the first one', () => {
    const scenario = new Scenario();
    scenario.requested({ requester: 'p-8', effective: day(3) }).judged('soft');
    scenario.requested({ id: OTHER }).judged('soft', ASK, OTHER);
    scenario.judged('soft', ASK, OTHER);
    expect(scenario.found(OTHER).approval?.requested.approvers).toEqual(['p-7', 'p-9']);
  });

  test.each([['a later day', day(3), day(5)], ['the same day', day(3), day(3)]])('for %s joins the first, and its requester comes along', (_name, first, second) => {
    const scenario = two(first, second);
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual([...JUDGED, 'requester.added', 'case.ended']);
    expect(scenario.log.at(-1)).toMatchObject({ case: OTHER, data: { as: 'joined', into: CASE } });
    expect([scenario.found().request.requesters, ended(scenario, CASE), ended(scenario, OTHER)]).toEqual([['p-1', 'p-7'], undefined, 'joined']);
    expect(scenario.state.openByPerson.get('p-100')).toBe(CASE);
  });

  test('for an earlier day takes the first one over: urgent never sleeps in a far one', () => {
    const scenario = two(day(3), null);
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual(['requester.added', 'case.ended']);
    // judged again, so that policy is told of everyone who asked
    expect(scenario.next(OTHER)).toEqual({ task: { do: 'judge', phase: 'soft' } });
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual([...JUDGED, 'soft.ordered']);
    expect([ended(scenario, CASE), scenario.found(OTHER).request.requesters, scenario.state.openByPerson.get('p-100')]).toEqual(['joined', ['p-7', 'p-1'], OTHER]);
    expect([scenario.next(), scenario.judged('soft')]).toEqual([undefined, []]);
  });

  test.each(['open', 'granted'])('that takes over a first one whose question is %s takes the question back', (how) => {
    const scenario = two(day(3), day(1), ASK);
    scenario.in({ do: 'messagePosted', number: 1, approver: 'p-8', channel: 'D1', ts: '1', link: 1 });
    if (how === 'granted') scenario.voted('p-8');
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual(['requester.added', 'approval.superseded', 'case.ended']);
    expect(nextNotice(scenario.found())).toEqual({ do: 'closeMessage', number: 1, approver: 'p-8', outcome: 'superseded' });
    expect(scenario.voted('p-9')).toMatchObject([{ type: 'approval.refused', data: { code: 'closed' } }]);
    expect(ended(scenario, CASE)).toBe('joined');
  });

  test('joins a case with an order, however early it asks', () => {
    const scenario = new Scenario();
    scenario.requested({ effective: day(1) }).later(86_400).judged('soft');
    scenario.requested({ id: OTHER, effective: START });
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual([...JUDGED, 'case.ended']);
    expect([ended(scenario, OTHER), scenario.found().orders.length, scenario.found(OTHER).orders.length]).toEqual(['joined', 1, 0]);
  });

  test.each([['deny', 'denied'], ['block', 'blocked']] as const)('that policy answers with %s ends by itself and drags nobody along', (outcome, as) => {
    const scenario = two(day(3), day(1));
    expect(typesOf(scenario.judged('soft', { outcome }, OTHER))).toEqual([...JUDGED, 'case.ended']);
    expect([ended(scenario, OTHER), ended(scenario, CASE), scenario.found().request.requesters]).toEqual([as, undefined, ['p-1']]);
  });

  test('that only looked alike is its own case', () => {
    const scenario = two(day(3), day(5));
    expect(typesOf(scenario.judged('soft', { person: 'p-200' }, OTHER))).toEqual(JUDGED);
    expect([ended(scenario, CASE), ended(scenario, OTHER)]).toEqual([undefined, undefined]);
  });

  test('after the first one ended is its own case', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard');
    scenario.finished();
    scenario.requested({ id: OTHER });
    expect(typesOf(scenario.judged('soft', {}, OTHER)).at(-1)).toBe('soft.ordered');
    expect(scenario.state.openByPerson.get('p-100')).toBe(OTHER);
  });

  test('nobody was found for joins nothing', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { ...ASK, person: null });
    scenario.requested({ id: OTHER });
    expect(typesOf(scenario.judged('soft', { ...ASK, person: null }, OTHER)).at(-1)).toBe('approval.requested');
  });

  test('does not join a case that has turned out to be about somebody else', () => {
    const scenario = two(day(3), day(5));
    scenario.judged('soft', { person: 'p-200' });
    expect(scenario.state.openByPerson.toObject()).toEqual({ 'p-200': CASE });
    expect(typesOf(scenario.judged('soft', {}, OTHER))).toEqual(JUDGED);
    expect(scenario.state.openByPerson.get('p-100')).toBe(OTHER);
  });

  test('makes an approver who asked lose the vote that was cast before', () => {
    const scenario = two(day(3), day(5), { ...ASK, quorum: 2 });
    scenario.voted('p-7');
    scenario.judged('soft', ASK, OTHER);
    expect(typesOf(scenario.voted('p-8'))).toEqual(['approval.voted']);
    expect(typesOf(scenario.voted('p-9'))).toEqual(['approval.voted', 'approval.granted']);
  });
});
