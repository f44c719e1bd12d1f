import { describe, expect, test } from '@jest/globals';
import { plusSeconds } from '#decider';
import { fromBase64url } from '#packet';
import { approver, CASE, Scenario, type Seen, START, TERMS, typesOf } from '../../test/lifecycle/scenario.js';

const JUDGED = ['evidence.taken', 'risk.scored', 'gate.decided'];
const judge = (phase: string): object => ({ task: { do: 'judge', phase } });
const packetOf = (scenario: Scenario): Record<string, unknown> => JSON.parse(Buffer.from(fromBase64url(scenario.order().packet)!).toString()) as Record<string, unknown>;

/** Soft is done; the window has begun. */
function softened(scenario = new Scenario()): Scenario {
  scenario.requested().judged('soft');
  scenario.finished();
  return scenario;
}
/** The window is over and hard is about to be judged. */
const windowOver = (scenario = softened()): Scenario => scenario.later(TERMS.windowSeconds);

describe('the ordinary path', () => {
  test('from request to done, one question to `next` after the other', () => {
    const scenario = new Scenario();
    scenario.do({ do: 'receive', case: CASE, request: { ...new Scenario().requested().found().request.received } });
    expect(scenario.next()).toEqual({ task: { do: 'parse' } });
    scenario.in({ do: 'recordIntent', intent: new Scenario().requested().found().request.intent! });
    expect(scenario.next()).toEqual(judge('soft'));
    expect(typesOf(scenario.judged('soft'))).toEqual([...JUDGED, 'soft.ordered']);
    expect(scenario.next()).toEqual({ task: { do: 'dispatch', order: 1, attempt: 1 } });
    expect(typesOf(scenario.in({ do: 'signed', order: 1, hmac: 'h', signature: 's' }))).toEqual(['packet.signed']);
    expect(typesOf(scenario.in({ do: 'dispatched', order: 1, attempt: 1 }))).toEqual(['packet.dispatched']);
    expect(scenario.next()).toEqual({ due: plusSeconds(START, 10) });
    scenario.accepted();
    expect(scenario.next()).toBeUndefined();
    scenario.later(5).finished();
    expect(scenario.next()).toEqual({ due: plusSeconds(START, 5 + TERMS.windowSeconds) });
    scenario.later(TERMS.windowSeconds);
    expect(scenario.next()).toEqual(judge('hard'));
    expect(typesOf(scenario.judged('hard'))).toEqual([...JUDGED, 'hard.ordered']);
    expect(typesOf(scenario.finished())).toEqual(['receipt.taken', 'receipt.taken', 'case.ended']);
    expect([scenario.found().ended?.as, scenario.next()]).toEqual(['done', undefined]);
  });

  test('what asks for nothing that is understood waits for a person, who may send it on to policy', () => {
    const scenario = new Scenario();
    const { received, intent } = new Scenario().requested().found().request;
    scenario.do({ do: 'receive', case: CASE, request: received });
    const unknown = { do: 'recordIntent', intent: { ...intent!, action: 'unknown', flags: ['negated'] } } as const;
    expect([typesOf(scenario.in(unknown)), scenario.in(unknown)]).toEqual([['intent.parsed', 'person.needed'], []]);
    expect([scenario.found().personNeeded, scenario.next()]).toEqual(['not_understood', undefined]);
    expect(scenario.judged('soft')).toEqual([]);
    scenario.in({ do: 'resume', by: 'p-7' });
    expect(scenario.next()).toEqual(judge('soft'));
  });

  test('a packet says what was found, what was decided, and the order before it', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    const soft = scenario.order();
    expect(packetOf(scenario)).toMatchObject({
      tenant: 'acme', case: CASE, order: 1, phase: 'soft', previous: null, approvals: null, notBefore: START, acceptBy: plusSeconds(START, TERMS.acceptSeconds),
      decision: scenario.found().judgements.soft?.gate?.digest, steps: [{ portal: 'directory', account: 'u-1', effects: ['deactivate'] }, { portal: 'scim' }],
    });
    scenario.finished();
    windowOver(scenario).judged('hard');
    expect(packetOf(scenario)).toMatchObject({ order: 2, phase: 'hard', previous: soft.digest, steps: [{ effects: ['delete'] }, { effects: ['delete'] }] });
  });

  test('soft waits for the effective date, and is judged again on the day', () => {
    const scenario = new Scenario();
    const day = plusSeconds(START, 86_400);
    scenario.requested({ effective: day });
    expect(scenario.next()).toEqual(judge('soft'));
    expect(typesOf(scenario.judged('soft'))).toEqual(JUDGED);
    expect(scenario.next()).toEqual({ due: day });
    expect(typesOf(scenario.later(86_399).judged('soft'))).toEqual(JUDGED);
    expect(scenario.next()).toEqual({ due: day });
    scenario.later(1);
    expect(scenario.next()).toEqual(judge('soft'));
    expect(typesOf(scenario.judged('soft'))).toEqual([...JUDGED, 'soft.ordered']);
  });

  test('nobody who holds anything: nothing is ordered, and the case is done', () => {
    const scenario = new Scenario();
    expect(typesOf(scenario.requested().judged('soft', { plan: [] }))).toEqual([...JUDGED, 'case.ended']);
    expect(scenario.found().ended?.as).toBe('done');
  });

  test.each([['deny', 'denied'], ['block', 'blocked']] as const)('%s before any order ends the case as %s', (outcome, as) => {
    const scenario = new Scenario();
    expect(typesOf(scenario.requested().judged('soft', { outcome }))).toEqual([...JUDGED, 'case.ended']);
    expect([scenario.found().ended?.as, scenario.found().orders.length]).toEqual([as, 0]);
  });
});

describe('hard', () => {
  test('is not ordered before the window is over, whoever asks', () => {
    const scenario = softened().later(TERMS.windowSeconds - 1);
    expect(typesOf(scenario.judged('hard'))).toEqual(JUDGED);
    scenario.later(1);
    expect(scenario.next()).toEqual(judge('hard'));
    expect(typesOf(scenario.judged('hard')).at(-1)).toBe('hard.ordered');
  });

  test('its window runs from when we knew, whatever the clock of the doer says', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    scenario.accepted();
    const outcomes = [{ portal: 'directory', account: 'u-1', outcome: 'done' }, { portal: 'scim', account: 's-1', outcome: 'done' }];
    for (const at of ['1970-01-01T00:00:00.000Z', 'never']) {
      scenario.do({ do: 'takeReceipt', seq: scenario.state.receipts.seq + 1, hash: 'f'.repeat(64), entry: { type: 'order.finished', case: CASE, at, data: { order: 1, phase: 'soft', outcomes } } });
      expect(scenario.next()).toEqual({ due: plusSeconds(START, TERMS.windowSeconds) });
    }
  });

  test('is gated on the worse of what was before soft and what is seen now', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { facts: { privilege: 'admin', production_owner: true }, findings: ['renamed'] });
    scenario.finished();
    windowOver(scenario).judged('hard', { facts: { privilege: 'none', production_owner: false, hris_status: 'active' } });
    const { evidence } = scenario.found().judgements.hard!.gate!.input;
    expect(evidence).toMatchObject({ facts: { privilege: 'admin', production_owner: true, hris_status: 'active' }, findings: ['renamed'] });
  });

  test('still is after soft had to be done twice: the second look does not make anybody harmless', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft', { facts: { privilege: 'admin' }, findings: ['renamed'] });
    scenario.finished('failed');
    scenario.in({ do: 'resume', by: 'p-2' });
    scenario.judged('soft', { facts: { privilege: 'none' } });
    scenario.finished();
    windowOver(scenario).judged('hard', { facts: { privilege: 'none' } });
    expect(scenario.found().judgements.hard!.gate!.input.evidence).toMatchObject({ facts: { privilege: 'admin' }, findings: ['renamed'] });
  });

  test.each([['deny', 'deny_at_hard'], ['block', 'block_at_hard']] as const)('%s leaves the account disabled and asks a person, who may have it judged again', (outcome, code) => {
    const scenario = windowOver();
    expect(typesOf(scenario.judged('hard', { outcome }))).toEqual([...JUDGED, 'person.needed']);
    expect([scenario.found().personNeeded, scenario.found().ended, scenario.next()]).toEqual([code, null, undefined]);
    expect(typesOf(scenario.judged('hard'))).toEqual([]);
    expect(typesOf(scenario.in({ do: 'resume', by: 'p-2' }))).toEqual(['case.resumed']);
    expect(scenario.next()).toEqual(judge('hard'));
    expect(typesOf(scenario.judged('hard')).at(-1)).toBe('hard.ordered');
  });
});

describe('a portal that stays broken', () => {
  test('asks a person, and after that the same phase is judged and ordered again', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    expect(typesOf(scenario.finished('failed'))).toEqual(['receipt.taken', 'receipt.taken', 'person.needed']);
    expect([scenario.found().personNeeded, scenario.next()]).toEqual(['portal_broken', undefined]);
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.in({ do: 'resume', by: 'p-2' })).toEqual([]);
    expect(scenario.next()).toEqual(judge('soft'));
    scenario.judged('soft');
    expect(scenario.order()).toMatchObject({ order: 2, phase: 'soft' });
    scenario.finished('already');
    windowOver(scenario).judged('hard');
    expect(typesOf(scenario.finished('failed')).at(-1)).toBe('person.needed');
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.next()).toEqual(judge('hard'));
    scenario.judged('hard');
    scenario.finished();
    expect(scenario.found().ended?.as).toBe('done');
  });

  test('an account of which the doer says nothing is not done', () => {
    for (const outcomes of [[], [{ portal: 'directory', account: 'u-1', outcome: 'done' }]]) {
      const silent = new Scenario();
      silent.requested().judged('soft');
      silent.accepted();
      expect(typesOf(silent.journal('order.finished', { order: 1, phase: 'soft', outcomes })).at(-1)).toBe('person.needed');
    }
  });
});

describe('a parked case', () => {
  test('stands still until somebody resumes it', () => {
    const scenario = new Scenario().requested();
    expect(typesOf(scenario.in({ do: 'park', code: 'fault' }))).toEqual(['case.parked']);
    expect(scenario.in({ do: 'park', code: 'fault' })).toEqual([]);
    expect([scenario.next(), scenario.judged('soft')]).toEqual([undefined, []]);
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.next()).toEqual(judge('soft'));
  });
});

describe('a judgement', () => {
  const refusal = expect.objectContaining({ code: 'decision_not_for_input' });

  test.each([
    ['another subject', { subject: 'p-200' }],
    ['another tenant', { tenant: 'globex' }],
    ['another phase', { phase: 'hard' as const }],
    ['other accounts', { accounts: [{ portal: 'scim', account: 's-9' }] }],
    ['another score', { risk: { score: 0, components: [] } }],
    ['other facts', { evidence: { resolved: 'one' as const, findings: [], facts: { privilege: 'none' as const, production_owner: false, recent_escalation: false, hris_status: 'terminated' as const, employment: 'employee' as const, accounts: 9 } } }],
  ])('whose question names %s than the evidence beside it is refused', (_name, told) => {
    expect(() => new Scenario().requested().judged('soft', { told, score: 0.5 })).toThrow(refusal);
  });

  test('whose answer is to another question is refused', () => {
    const scenario = new Scenario().requested();
    const command = scenario.judgement('soft', { outcome: 'deny' });
    const { decision } = scenario.judgement('soft', { score: 0.2 });
    expect(() => scenario.in({ ...command, decision })).toThrow(refusal);
  });

  test('that does not know of everyone who asked decides nothing', () => {
    const scenario = new Scenario().requested();
    expect(scenario.judged('soft', { told: { requesters: ['p-3'] } })).toEqual([]);
    expect(scenario.next()).toEqual(judge('soft'));
  });

  test('that does not know who approved decides nothing', () => {
    const ask: Seen = { outcome: 'require_hitl' };
    const scenario = new Scenario().requested();
    scenario.judged('soft', ask);
    scenario.voted('p-7');
    for (const approvers of [[], ['p-8'], ['p-7', 'p-8']]) expect(scenario.judged('soft', { ...ask, told: { approvers } })).toEqual([]);
    expect(typesOf(scenario.judged('soft', ask)).at(-1)).toBe('soft.ordered');
  });

  test('tells of those alone whose approval counts at that moment', () => {
    const ask: Seen = { outcome: 'require_hitl', quorum: 2 };
    const scenario = new Scenario().requested();
    scenario.judged('soft', ask);
    const approvers = (seen = ask): readonly string[] => scenario.judgement('soft', seen).input.approvers;
    scenario.voted('p-7');
    expect(approvers()).toEqual([]);
    scenario.voted('p-8');
    expect(approvers()).toEqual(['p-7', 'p-8']);
    // it turns out to be about one of them
    expect(approvers({ ...ask, person: 'p-8' })).toEqual([]);
    scenario.do({ do: 'enrol', approvers: ['p-7', 'p-9'].map(approver) });
    expect(approvers()).toEqual([]);
  });

  test('before the request was understood decides nothing', () => {
    const scenario = new Scenario();
    scenario.do({ do: 'receive', case: CASE, request: new Scenario().requested().found().request.received });
    expect(scenario.judged('soft')).toEqual([]);
  });

  test('of a phase that is not due decides nothing', () => {
    const scenario = new Scenario().requested();
    expect([...scenario.judged('hard'), ...scenario.judged('reinstate')]).toEqual([]);
    scenario.judged('soft');
    expect(scenario.judged('soft')).toEqual([]);
  });
});
