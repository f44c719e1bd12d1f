import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#decider';
import { approver, Scenario, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { nextNotice, questionOf } from './index.js';

const LINK_SECONDS = 15 * 60;
const ASK = { outcome: 'require_hitl', score: 0.8 } as const;
const asked = (scenario = new Scenario(), quorum = 1): Scenario => {
  scenario.requested().judged('soft', { ...ASK, quorum });
  return scenario;
};
const posted = (scenario: Scenario, person: string, link = 1, number = 1): readonly string[] =>
  typesOf(scenario.in({ do: 'messagePosted', number, approver: person, channel: `D-${person}`, ts: '1', link }));
/** Everybody has the first message. */
const told = (scenario = asked()): Scenario => {
  for (const person of ['p-7', 'p-8', 'p-9']) posted(scenario, person);
  return scenario;
};
const wantsLink = (scenario: Scenario, person = 'p-7', link = 1, number = 1) => scenario.in({ do: 'requestLink', number, approver: person, link });
const notice = (scenario: Scenario) => nextNotice(scenario.found());

test('who cannot be reached does not keep the others from being asked', () => {
  const scenario = asked();
  const found = scenario.found();
  expect([0, 1, 2, 3].map((turn) => nextNotice(found, turn)?.approver)).toEqual(['p-7', 'p-8', 'p-9', 'p-7']);
});

describe('a new link', () => {
  test('is wanted once the old one has expired: once, for that approver, whose message is sent again', () => {
    const scenario = told().later(LINK_SECONDS);
    expect(wantsLink(scenario)).toMatchObject([{ type: 'approval.link_requested', data: { number: 1, approver: 'p-7', link: 1 } }]);
    expect(wantsLink(scenario)).toEqual([]);
    expect(notice(scenario)).toEqual({ do: 'postMessage', number: 1, approver: 'p-7' });
    expect(posted(scenario, 'p-7', 2)).toEqual(['approval.message_posted']);
    expect([notice(scenario), scenario.found().approval?.messages['p-7']]).toMatchObject([undefined, { link: 2, renewal: null, issuedAt: scenario.now }]);
  });

  test('is not wanted while the old one lives, nor in place of one that was replaced, nor of one that was never sent', () => {
    const scenario = told().later(LINK_SECONDS - 1);
    expect(wantsLink(scenario)).toEqual([]);
    scenario.later(1);
    expect([wantsLink(scenario, 'p-7', 2), wantsLink(scenario, 'p-7', 0), wantsLink(scenario, 'p-7', 1, 2), wantsLink(scenario, 'p-1')]).toEqual([[], [], [], []]);
    wantsLink(scenario);
    posted(scenario, 'p-7', 2);
    scenario.later(LINK_SECONDS);
    expect([wantsLink(scenario, 'p-7', 1), typesOf(wantsLink(scenario, 'p-7', 2))]).toEqual([[], ['approval.link_requested']]);
  });

  test.each<[string, (scenario: Scenario) => unknown]>([
    ['the request was rejected', (scenario) => scenario.voted('p-8', 'reject')],
    ['the request was granted', (scenario) => scenario.voted('p-8')],
    ['the time for all is over', (scenario) => scenario.later(TERMS.approvalSeconds)],
    ['what it rests on has changed', (scenario) => scenario.judged('soft', { ...ASK, findings: ['renamed'] })],
    ['the approver has become a requester', (scenario) => scenario.requested({ id: 'c-00000000-0000-4000-8000-000000000002', requester: 'p-7', effective: '2026-12-01T00:00:00.000Z' }).judged('soft', {}, 'c-00000000-0000-4000-8000-000000000002')],
  ])('is not wanted any more when %s', (_name, happen) => {
    const scenario = told();
    happen(scenario);
    scenario.later(LINK_SECONDS);
    expect(wantsLink(scenario)).toEqual([]);
  });

  test('is not wanted by who has voted', () => {
    const scenario = told(asked(new Scenario(), 2));
    scenario.voted('p-7');
    scenario.later(LINK_SECONDS);
    expect([wantsLink(scenario, 'p-7'), typesOf(wantsLink(scenario, 'p-8'))]).toEqual([[], ['approval.link_requested']]);
  });

  test('that is on its way when the request is settled is not sent, and the message is closed', () => {
    const scenario = told().later(LINK_SECONDS);
    wantsLink(scenario);
    scenario.voted('p-8', 'reject');
    expect(notice(scenario)).toEqual({ do: 'closeMessage', number: 1, approver: 'p-7', outcome: 'rejected' });
  });

  test('of a lower number than the one that stands is never recorded', () => {
    const scenario = told();
    posted(scenario, 'p-7', 2);
    expect(posted(scenario, 'p-7', 1)).toEqual([]);
  });
});

describe('a question that was withdrawn', () => {
  const again = (): Scenario => {
    const scenario = told();
    scenario.judged('soft', { ...ASK, findings: ['renamed'] });
    return scenario;
  };

  test('has its messages closed before the new ones are sent, and keeps what changed', () => {
    const scenario = again();
    expect(questionOf(scenario.found().approval, 1)).toMatchObject({ outcome: 'superseded', because: ['facts.findings'] });
    for (const person of ['p-7', 'p-8', 'p-9']) {
      expect(notice(scenario)).toEqual({ do: 'closeMessage', number: 1, approver: person, outcome: 'superseded' });
      expect(typesOf(scenario.in({ do: 'messageClosed', number: 1, approver: person, outcome: 'superseded' }))).toEqual(['approval.message_closed']);
      expect(scenario.in({ do: 'messageClosed', number: 1, approver: person, outcome: 'superseded' })).toEqual([]);
    }
    expect(notice(scenario)).toEqual({ do: 'postMessage', number: 2, approver: 'p-7' });
    expect([questionOf(scenario.found().approval, 3), questionOf(null, 1)]).toEqual([undefined, undefined]);
  });

  test('has a message closed that was on its way meanwhile', () => {
    const scenario = asked();
    scenario.judged('soft', { ...ASK, findings: ['renamed'] });
    expect(posted(scenario, 'p-7', 1, 1)).toEqual(['approval.message_posted']);
    expect(notice(scenario)).toEqual({ do: 'closeMessage', number: 1, approver: 'p-7', outcome: 'superseded' });
    expect(scenario.found().approval?.messages).toEqual({});
  });

  test('takes no vote, no time and no link', () => {
    const scenario = again().later(LINK_SECONDS);
    expect(scenario.voted('p-7', 'approve', { number: 1 })).toMatchObject([{ type: 'approval.refused', data: { code: 'closed' } }]);
    expect([wantsLink(scenario), scenario.in({ do: 'expire', number: 1 })]).toEqual([[], []]);
  });
});

describe('a question that cannot be answered', () => {
  test('says right away that fewer people may approve than must', () => {
    const scenario = new Scenario(TERMS, ['p-1', 'p-7', 'p-100']);
    scenario.requested();
    const entries = scenario.judged('soft', { ...ASK, quorum: 2 });
    expect(typesOf(entries).slice(-2)).toEqual(['approval.requested', 'approval.unreachable']);
    expect(entries.at(-1)).toMatchObject({ data: { number: 1, needed: 2, eligible: 1 } });
    expect(typesOf(scenario.voted('p-7'))).toEqual(['approval.voted']);
    scenario.later(TERMS.approvalSeconds);
    expect(typesOf(scenario.in({ do: 'expire', number: 1 }))).toEqual(['approval.expired', 'case.ended']);
  });

  test('is not said where just enough may', () => {
    expect(asked(new Scenario(), 3).types()).not.toContain('approval.unreachable');
  });
});

describe("a passkey's counter", () => {
  const data = (counter: number): string => {
    const bytes = Buffer.alloc(37);
    bytes.writeUInt32BE(counter, 33);
    return bytes.toString('base64url');
  };
  const vote = (scenario: Scenario, counter: number, id?: string, change: JsonObject = {}) =>
    typesOf(scenario.in({ do: 'vote', number: 1, approver: 'p-7', vote: 'approve', strength: 'passkey', proof: { kind: 'passkey', credentialId: 'cred-p-7', authenticatorData: data(counter), ...change } }, id));
  const counter = (scenario: Scenario): number | undefined => scenario.state.approvers.get('p-7')?.passkey.counter;
  const other = 'c-00000000-0000-4000-8000-000000000002';
  const twoCases = (): Scenario => {
    const scenario = asked();
    scenario.requested({ id: other }).judged('soft', { ...ASK, person: 'p-200' }, other);
    return scenario;
  };

  test('rises with each vote, so that a copy of the key is refused', () => {
    const scenario = twoCases();
    expect([vote(scenario, 7), counter(scenario)]).toEqual([['approval.voted', 'approval.granted'], 7]);
    expect([vote(scenario, 7, other), vote(scenario, 6, other), vote(scenario, 0, other)]).toEqual([['approval.refused'], ['approval.refused'], ['approval.refused']]);
    expect([vote(scenario, 8, other), counter(scenario)]).toEqual([['approval.voted', 'approval.granted'], 8]);
  });

  test('that stays 0, as of synced passkeys, hinders nobody', () => {
    const scenario = twoCases();
    expect([vote(scenario, 0), vote(scenario, 0, other), counter(scenario)]).toEqual([['approval.voted', 'approval.granted'], ['approval.voted', 'approval.granted'], 0]);
  });

  test("is not moved by another credential's proof", () => {
    const scenario = twoCases();
    vote(scenario, 9, undefined, { credentialId: 'other' });
    expect(counter(scenario)).toBe(0);
  });

  test('of a key that is enrolled again in the start configuration does not fall back', () => {
    const scenario = twoCases();
    vote(scenario, 7);
    scenario.do({ do: 'enrol', approvers: [approver('p-7')] });
    expect(counter(scenario)).toBe(7);
  });

  test('a vote that is repeated after its outcome was unknown decides nothing', () => {
    const scenario = twoCases();
    vote(scenario, 7);
    expect(vote(scenario, 7)).toEqual([]);
  });
});

