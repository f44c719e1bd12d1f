import { beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalBinding } from '#approvals';
import type { JsonObject } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import type { Decision } from '#policy';
import { caseId, Scenario, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { type Erasure, type ErasureCommand, erasureInput, erasureScope, nextIn, partiesOf } from './index.js';

const ERASURE = caseId(90);
const PERSON = 'p-100';
const reason = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;

let scenario: Scenario;
const ask = (id = ERASURE, requester = 'p-1', cases: readonly string[] = []): readonly string[] => typesOf(scenario.do({ do: 'requestErasure', erasure: id, asked: { person: PERSON, requester, cases, reason } }));
const erasure = (id = ERASURE): Erasure => scenario.state.erasures.get(id)!;
const inErasure = (command: ErasureCommand, id = ERASURE): readonly string[] => typesOf(scenario.do({ do: 'inCase', case: id, actor: 'gatekeeper', command }));
const next = (id = ERASURE): unknown => nextIn(erasure(id), TERMS, scenario.now);
const refusal = (id = ERASURE): unknown => erasure(id).ended;

/** What the gatekeeper would record of policy's answer. */
function judged({ outcome = 'require_hitl', quorum = 2, policy = 'a'.repeat(64), id = ERASURE, told = {} }: { outcome?: Decision['outcome']; quorum?: number; policy?: string; id?: string; told?: JsonObject } = {}): readonly string[] {
  const input = { ...erasureInput(erasure(id), erasureScope(scenario.state, erasure(id), id), 'acme'), ...told };
  const decision = { outcome, quorum, reasons: [{ rule: 'hitl.erasure', text: 'two people' }], policyDigest: policy, dataDigest: 'b'.repeat(64), inputDigest: sha256Hex(jcs(input)), digest: 'd'.repeat(64) };
  return inErasure({ do: 'judgeErasure', decision, nonce: 'nonce' }, id);
}
const voted = (approver: string, how: { vote?: 'approve' | 'reject'; strength?: 'passkey' | 'link' | 'slack'; id?: string } = {}): readonly string[] =>
  inErasure({ do: 'vote', number: erasure(how.id).approval!.requested.number, approver, vote: how.vote ?? 'approve', strength: how.strength ?? 'passkey', proof: {} }, how.id);

/** A leaver who was deleted, and a request about them that policy refused. */
function leaver(): void {
  scenario.requested();
  scenario.judged('soft');
  scenario.finished();
  scenario.later(TERMS.windowSeconds);
  scenario.judged('hard');
  scenario.finished();
  scenario.requested({ id: caseId(2), requester: 'p-2' });
  scenario.judged('soft', { outcome: 'deny' }, caseId(2));
}
function approved(): void {
  judged();
  voted('p-7');
  voted('p-8');
}

beforeEach(() => {
  scenario = new Scenario();
  leaver();
});

describe('an erasure', () => {
  it('is judged, approved by two people, judged again, ordered, and finished when the keys are gone', () => {
    expect(ask()).toEqual(['erasure.requested']);
    expect(next()).toEqual({ task: { do: 'judgeErasure' } });
    expect(judged()).toEqual(['erasure.decided', 'approval.requested']);
    expect(next()).toEqual({ due: erasure().approval!.requested.expiresAt });
    expect(voted('p-7')).toEqual(['approval.voted']);
    expect(voted('p-8')).toEqual(['approval.voted', 'approval.granted']);
    expect(next()).toEqual({ task: { do: 'judgeErasure' } });
    expect(judged()).toEqual(['erasure.decided', 'erasure.ordered']);
    expect(erasure().ordered).toEqual({ person: PERSON, cases: [caseId(1), caseId(2), ERASURE], portals: ['directory', 'scim'], left: 0, approvals: erasure().approval!.votesDigest });
    expect(next()).toEqual({ task: { do: 'destroyKeys' } });
    expect(inErasure({ do: 'keysDestroyed' })).toEqual(['erasure.finished']);
    expect(refusal()).toMatchObject({ as: 'erased', cases: [caseId(1), caseId(2), ERASURE] });
    expect(next()).toBeUndefined();
  });

  it('asks the same after a crash at any moment, and a repeated command decides nothing', () => {
    ask();
    expect(ask()).toEqual([]);
    approved();
    judged();
    const rebuilt = new Scenario();
    rebuilt.state = scenario.log.reduce((state, entry) => rebuilt.machine.evolve(state, entry), rebuilt.machine.initial);
    expect(nextIn(rebuilt.state.erasures.get(ERASURE)!, TERMS, scenario.now)).toEqual(next());
    expect([judged(), inErasure({ do: 'keysDestroyed' }), inErasure({ do: 'keysDestroyed' })]).toEqual([[], ['erasure.finished'], []]);
  });

  it('binds the approval to the person and to the very cases', () => {
    ask();
    judged();
    const { binding } = erasure().approval!.requested;
    expect(binding).toMatchObject({ case: ERASURE, facts: { subject: PERSON, cases: [caseId(1), caseId(2)] }, phases: ['erase'], plan: sha256Hex(jcs([caseId(1), caseId(2)])) });
    expect(canonicalBinding(binding)).toContain('"phases":["erase"]');
  });

  it('never runs on one person, whatever policy asks for', () => {
    ask();
    expect(judged({ outcome: 'allow', quorum: 1 })).toEqual(['erasure.decided', 'approval.requested']);
    expect(erasure().approval!.requested.needed).toBe(2);
    expect(voted('p-7')).toEqual(['approval.voted']);
    expect(voted('p-7')).toEqual([]);
    expect(next()).toMatchObject({ due: expect.any(String) });
  });

  it('takes a passkey only, and nothing from the requester or the subject', () => {
    scenario = new Scenario(TERMS, ['p-1', 'p-100', 'p-7', 'p-8']);
    leaver();
    ask();
    judged();
    expect(erasure().approval!.requested.approvers).toEqual(['p-7', 'p-8']);
    expect([voted('p-1'), voted('p-100'), voted('p-7', { strength: 'link' }), voted('p-7', { strength: 'slack' })]).toEqual(Array.from({ length: 4 }, () => ['approval.refused']));
    expect(partiesOf(scenario.state, erasure())).toMatchObject({ requesters: ['p-1'], subject: PERSON });
  });

  it.each([
    ['deny', 'denied'],
    ['block', 'blocked'],
  ] as const)('ends where policy says %s', (outcome, code) => {
    ask();
    expect(judged({ outcome })).toEqual(['erasure.decided', 'erasure.refused']);
    expect(refusal()).toMatchObject({ as: 'refused', code });
  });

  it('ends when somebody rejects it, and when nobody decides in time', () => {
    ask();
    judged();
    expect(voted('p-7', { vote: 'reject', strength: 'link' })).toEqual(['approval.voted', 'approval.rejected', 'erasure.refused']);
    expect(ask(caseId(91))).toEqual(['erasure.requested']);
    judged({ id: caseId(91) });
    scenario.later(TERMS.approvalSeconds);
    expect(next(caseId(91))).toEqual({ task: { do: 'expire', number: 1 } });
    expect(inErasure({ do: 'expire', number: 1 }, caseId(91))).toEqual(['approval.expired', 'erasure.refused']);
    expect([refusal(), refusal(caseId(91))]).toMatchObject([{ code: 'rejected' }, { code: 'expired' }]);
  });

  it('is refused while a case about the person is open, when it is asked for and when it is approved', () => {
    scenario.requested({ id: caseId(3), effective: '2026-04-01T09:00:00.000Z' });
    scenario.judged('soft', {}, caseId(3));
    expect(ask()).toEqual(['erasure.requested', 'erasure.refused']);
    expect(refusal()).toMatchObject({ as: 'refused', code: 'open_case', cases: [caseId(3)] });
    scenario = new Scenario();
    leaver();
    ask();
    approved();
    scenario.requested({ id: caseId(3), effective: '2026-04-01T09:00:00.000Z' });
    scenario.judged('soft', {}, caseId(3));
    expect(judged()).toEqual(['erasure.decided', 'approval.superseded', 'erasure.refused']);
    expect(refusal()).toMatchObject({ code: 'open_case', cases: [caseId(3)] });
  });

  it('asks people anew when a case was closed since', () => {
    ask();
    approved();
    scenario.requested({ id: caseId(3), requester: 'p-2' });
    scenario.judged('soft', { outcome: 'deny' }, caseId(3));
    expect(judged()).toEqual(['erasure.decided', 'approval.superseded', 'approval.requested']);
    expect(erasure().approval!.requested.binding.facts).toEqual({ subject: PERSON, cases: [caseId(1), caseId(2), caseId(3)] });
  });

  it('takes no answer of policy to another question', () => {
    ask();
    expect(judged({ told: { subject: 'p-200' } })).toEqual([]);
    expect(judged({ told: { cases: { open: 0, closed: 99 } } })).toEqual([]);
    expect(next()).toEqual({ task: { do: 'judgeErasure' } });
  });

  it('can be parked and resumed, and is judged again then', () => {
    ask();
    expect(inErasure({ do: 'park', code: 'key_still_there' })).toEqual(['case.parked']);
    expect([next(), judged()]).toEqual([undefined, []]);
    expect(inErasure({ do: 'resume', by: 'p-1' })).toEqual(['case.resumed']);
    expect(next()).toEqual({ task: { do: 'judgeErasure' } });
  });

  it('is one at a time: who asks again is told of it, who else asks is refused', () => {
    ask();
    expect(ask(caseId(91))).toEqual([]);
    expect(ask(caseId(94), 'p-1', [caseId(3)])).toEqual(['erasure.requested', 'erasure.refused']);
    expect(ask(caseId(92), 'p-2')).toEqual(['erasure.requested', 'erasure.refused']);
    expect(refusal(caseId(92))).toMatchObject({ code: 'under_way', cases: [ERASURE] });
    // a reason that nobody was told is not kept, and whoever is refused withdraws nobody's approval
    expect(erasure(caseId(92)).reason).toBeNull();
    approved();
    ask(caseId(93), 'p-2');
    expect(judged()).toEqual(['erasure.decided', 'erasure.ordered']);
    expect(erasure().ordered!.cases).toEqual([caseId(1), caseId(2), ERASURE]);
  });

  it('finds nothing a second time, but takes along what was asked for in vain, and later cases', () => {
    ask(caseId(89));
    judged({ id: caseId(89), outcome: 'deny' });
    ask();
    approved();
    judged();
    inErasure({ do: 'keysDestroyed' });
    expect(erasure().ended!.cases).toEqual([caseId(1), caseId(2), caseId(89), ERASURE]);
    expect(ask(caseId(91))).toEqual(['erasure.requested', 'erasure.refused']);
    expect(refusal(caseId(91))).toMatchObject({ code: 'nothing_to_erase' });
    scenario.requested({ id: caseId(3), requester: 'p-2' });
    scenario.judged('soft', { outcome: 'deny' }, caseId(3));
    expect(ask(caseId(93))).toEqual(['erasure.requested']);
    expect(erasureScope(scenario.state, { person: PERSON, cases: [] }, caseId(93))).toMatchObject({ closed: [caseId(3)], earlier: [] });
  });

  it('takes along a closed case that found nobody when the requester says that it is about them, and no other', () => {
    scenario.requested({ id: caseId(3) });
    scenario.judged('soft', { person: null, outcome: 'deny' }, caseId(3));
    scenario.requested({ id: caseId(4) });
    scenario.judged('soft', { person: 'p-400', outcome: 'deny' }, caseId(4));
    ask(ERASURE, 'p-1', [caseId(3), caseId(4), caseId(5)]);
    approved();
    judged();
    expect(erasure().ordered!.cases).toEqual([caseId(1), caseId(2), caseId(3), ERASURE]);
  });

  it('goes no further without a reason that people can be told', () => {
    expect(typesOf(scenario.do({ do: 'requestErasure', erasure: ERASURE, asked: { person: PERSON, requester: 'p-1', cases: [], reason: null } }))).toEqual([]);
  });
});
