import { describe, expect, test } from '@jest/globals';
import { Scenario, type Seen, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { nextNotice, type NoticeTask } from './index.js';

const ASK: Seen = { outcome: 'require_hitl', score: 0.8 };
const notice = (scenario: Scenario, turn?: number): NoticeTask | undefined => nextNotice(scenario.found(), turn);
/** Sends what is to be sent, one after the other, and says what it was to the first approver. */
const sent = (scenario: Scenario): readonly string[] => {
  const said: string[] = [];
  for (let task; (task = notice(scenario)); ) {
    if (task.do === 'postMessage') scenario.in({ ...task, do: 'messagePosted', channel: 'D1', ts: '1', link: 1 });
    if (task.do === 'closeMessage') scenario.in({ ...task, do: 'messageClosed' });
    if (task.do === 'updateMessage') scenario.in({ ...task, do: 'messageUpdated' });
    if (task.approver === 'p-7') said.push(`${String(task.number)} ${task.do === 'postMessage' ? 'asked' : task.do === 'closeMessage' ? task.outcome : task.shows}`);
  }
  return said;
};
const asked = (quorum = 1): Scenario => {
  const scenario = new Scenario().requested();
  scenario.judged('soft', { ...ASK, quorum });
  sent(scenario);
  return scenario;
};
const softDone = (scenario: Scenario): Scenario => {
  scenario.judged('soft', ASK);
  scenario.finished();
  return scenario;
};

describe("every approver's message", () => {
  test('tells that some have voted, while it still asks', () => {
    const scenario = asked(3);
    scenario.voted('p-8');
    expect([0, 1, 2].map((turn) => notice(scenario, turn))).toEqual(['p-7', 'p-8', 'p-9'].map((approver) => ({ do: 'updateMessage', number: 1, approver, shows: 'votes_1' })));
    expect(sent(scenario)).toEqual(['1 votes_1']);
    scenario.voted('p-9');
    expect(sent(scenario)).toEqual(['1 votes_2']);
    scenario.voted('p-7');
    expect(sent(scenario)).toEqual(['1 granted']);
  });

  test('tells that soft is done, and that hard is', () => {
    const scenario = asked();
    scenario.voted('p-8');
    expect(sent(scenario)).toEqual(['1 granted']);
    expect(sent(softDone(scenario))).toEqual(['1 soft_done']);
    scenario.later(TERMS.windowSeconds).judged('hard', ASK);
    scenario.finished();
    expect(sent(scenario)).toEqual(['1 done']);
    expect(scenario.found().ended?.as).toBe('done');
  });

  test('tells that the person was reinstated, also where policy asked nobody about that', () => {
    const scenario = asked();
    scenario.voted('p-8');
    sent(softDone(scenario));
    scenario.in({ do: 'requestReinstate', requester: 'p-3' });
    scenario.judged('reinstate');
    scenario.finished();
    expect(sent(scenario)).toEqual(['1 superseded', '1 reinstated']);
  });

  test.each<[string, (scenario: Scenario) => unknown, readonly string[]]>([
    ['rejected', (scenario) => scenario.voted('p-8', 'reject'), ['1 rejected']],
    ['expired', (scenario) => scenario.later(TERMS.approvalSeconds).in({ do: 'expire', number: 1 }), ['1 expired']],
    ['denied', (scenario) => scenario.judged('soft', { outcome: 'deny' }), ['1 superseded', '1 denied']],
    ['blocked', (scenario) => scenario.judged('soft', { outcome: 'block' }), ['1 superseded', '1 blocked']],
  ])('tells that the case ended %s, once', (_as, happen, said) => {
    const scenario = asked();
    happen(scenario);
    expect(sent(scenario)).toEqual(said);
    expect(sent(scenario)).toEqual([]);
  });

  test('of a question about hard alone does not tell that soft was done before it was asked', () => {
    const scenario = new Scenario().requested();
    scenario.judged('soft');
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard', ASK);
    expect(sent(scenario)).toEqual(['1 asked']);
    scenario.voted('p-8');
    expect(sent(scenario)).toEqual(['1 granted']);
  });

  test('skips what it had no time to tell, as after an outage of Slack', () => {
    const scenario = asked(2);
    for (const person of ['p-8', 'p-9']) scenario.voted(person);
    scenario.judged('soft', { ...ASK, quorum: 2 });
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard', { ...ASK, quorum: 2 });
    scenario.finished();
    expect(sent(scenario)).toEqual(['1 granted', '1 done']);
  });

  test('is asked for before it is told news, and those that must say that they count no more before all', () => {
    const scenario = new Scenario().requested();
    scenario.judged('soft', { ...ASK, quorum: 2 });
    scenario.in({ do: 'messagePosted', number: 1, approver: 'p-8', channel: 'D', ts: '1', link: 1 });
    scenario.voted('p-8');
    expect([0, 1, 2].map((turn) => notice(scenario, turn)?.do)).toEqual(['postMessage', 'postMessage', 'updateMessage']);
    scenario.judged('soft', { ...ASK, quorum: 2, findings: ['renamed'] });
    expect(notice(scenario)).toEqual({ do: 'closeMessage', number: 1, approver: 'p-8', outcome: 'superseded' });
  });

  test('leaves at most an entry for each thing that it tells', () => {
    const scenario = asked();
    const told = { do: 'messageUpdated', number: 1, approver: 'p-7', shows: 'votes_1' } as const;
    expect([typesOf(scenario.in(told)), scenario.in(told), scenario.in({ ...told, approver: 'p-1' }), scenario.in({ ...told, number: 2 })]).toEqual([['approval.message_updated'], [], [], []]);
    scenario.voted('p-8');
    sent(softDone(scenario));
    scenario.later(TERMS.windowSeconds).judged('hard', ASK);
    scenario.finished();
    sent(scenario);
    const entries = scenario.types().filter((type) => type.startsWith('approval.message_'));
    // posted, closed, soft_done and done for each of three, and the one above
    expect(entries).toHaveLength(3 * 4 + 1);
  });
});

describe('a message that was closed as approved', () => {
  const granted = (): Scenario => {
    const scenario = asked();
    scenario.voted('p-8');
    return scenario;
  };

  test('is corrected when the approval is withdrawn before its order', () => {
    const scenario = granted();
    expect([sent(scenario), typesOf(scenario.judged('soft', { outcome: 'deny' })).includes('approval.superseded')]).toEqual([['1 granted'], true]);
    expect(sent(scenario)).toEqual(['1 superseded', '1 denied']);
  });

  test('is corrected also when the withdrawal came while the close was under way', () => {
    const scenario = granted();
    const underWay = notice(scenario);
    scenario.judged('soft', { outcome: 'deny' });
    if (underWay?.do === 'closeMessage') scenario.in({ ...underWay, do: 'messageClosed' });
    expect(underWay).toMatchObject({ approver: 'p-7', outcome: 'granted' });
    expect(sent(scenario)).toEqual(['1 superseded', '1 denied']);
  });
});
