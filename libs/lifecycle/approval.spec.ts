import { describe, expect, test } from '@jest/globals';
import { bindingDigest } from '#approvals';
import { plusSeconds } from '#decider';
import { fromBase64url } from '#packet';
import { CASE, Scenario, type Seen, START, TERMS, typesOf } from '../../test/lifecycle/scenario.js';

const JUDGED = ['evidence.taken', 'risk.scored', 'gate.decided'];
const ASK: Seen = { outcome: 'require_hitl', score: 0.8, facts: { privilege: 'admin' } };
const judge = (phase: string): object => ({ task: { do: 'judge', phase } });

/** People are asked about soft and hard together. */
function asked(seen: Seen = ASK, scenario = new Scenario()): Scenario {
  scenario.requested().judged('soft', seen);
  return scenario;
}
const approvalOf = (scenario: Scenario): NonNullable<ReturnType<Scenario['found']>['approval']> => scenario.found().approval!;

describe('a question to people', () => {
  test('goes to those who may decide, about soft and hard, and waits for them', () => {
    const scenario = asked();
    const { requested } = approvalOf(scenario);
    expect(requested).toMatchObject({ number: 1, needed: 1, approvable: true, approvers: ['p-7', 'p-8', 'p-9'], expiresAt: plusSeconds(START, TERMS.approvalSeconds) });
    expect(requested.binding).toMatchObject({ case: CASE, outcome: 'require_hitl', band: 'high', phases: ['soft', 'hard'], facts: { subject: 'p-100', privilege: 'admin' } });
    expect(requested.digest).toBe(bindingDigest(requested.binding));
    expect(scenario.next()).toEqual({ due: requested.expiresAt });
  });

  test('is never put to the requester or the subject', () => {
    const scenario = new Scenario(TERMS, ['p-1', 'p-7', 'p-100']);
    expect(approvalOf(asked(ASK, scenario)).requested.approvers).toEqual(['p-7']);
    for (const person of ['p-1', 'p-100', 'p-unknown']) expect(scenario.voted(person)).toMatchObject([{ type: 'approval.refused', data: { code: 'not_eligible' } }]);
    expect(approvalOf(scenario).outcome).toBe('open');
  });

  test('is not asked again while it is open and nothing has changed', () => {
    const scenario = asked();
    expect(typesOf(scenario.judged('soft', ASK))).toEqual(JUDGED);
    // another score in the same band is no change
    expect(typesOf(scenario.judged('soft', { ...ASK, score: 0.9 }))).toEqual(JUDGED);
  });

  test('about nobody can only be rejected', () => {
    const scenario = asked({ ...ASK, person: null });
    expect(approvalOf(scenario).requested.approvable).toBe(false);
    expect(scenario.voted('p-7')).toMatchObject([{ data: { code: 'nothing_to_approve' } }]);
    expect(typesOf(scenario.voted('p-7', 'reject', { strength: 'slack' }))).toEqual(['approval.voted', 'approval.rejected', 'case.ended']);
  });
});

describe('a vote', () => {
  test('grants, is judged again at signing, and orders with the digest of the votes', () => {
    const scenario = asked();
    expect(typesOf(scenario.voted('p-7'))).toEqual(['approval.voted', 'approval.granted']);
    // nothing is ordered by the vote itself, even when the clock stands still
    expect(scenario.next()).toEqual(judge('soft'));
    expect(typesOf(scenario.judged('soft', ASK))).toEqual([...JUDGED, 'soft.ordered']);
    const packet = JSON.parse(Buffer.from(fromBase64url(scenario.order().packet)!).toString()) as { approvals: string };
    expect(packet.approvals).toBe(approvalOf(scenario).votesDigest);
  });

  test('once covers hard as well, when nothing decisive has changed', () => {
    const scenario = asked();
    scenario.voted('p-7');
    scenario.judged('soft', ASK);
    scenario.finished();
    scenario.later(TERMS.windowSeconds);
    expect(typesOf(scenario.judged('hard', ASK))).toEqual([...JUDGED, 'hard.ordered']);
  });

  test.each<[string, Seen, readonly string[]]>([
    ['the band', { score: 0.96 }, ['band']],
    ['a decisive fact', { facts: { privilege: 'admin', production_owner: true } }, ['facts.production_owner']],
    ['the findings', { findings: ['renamed'] }, ['facts.findings']],
    ['the person', { person: 'p-200' }, ['facts.subject']],
    ['the policy', { policy: 'c'.repeat(64) }, ['policy']],
    ['the plan', { plan: [{ portal: 'directory', account: 'u-1', soft: ['deactivate'], hard: ['delete'], reinstate: ['activate'] }] }, ['plan']],
    ['the number of people who must agree', { quorum: 2 }, ['quorum']],
  ])('counts no longer when %s has changed: people are asked again', (_name, change, because) => {
    const scenario = asked();
    scenario.voted('p-7');
    const again = scenario.judged('soft', { ...ASK, ...change });
    expect(typesOf(again)).toEqual([...JUDGED, 'approval.superseded', 'approval.requested']);
    expect(again[3]).toMatchObject({ data: { number: 1, because } });
    expect(scenario.found().orders).toEqual([]);
    expect(scenario.voted('p-8', 'approve', { number: 1 })).toMatchObject([{ data: { code: 'closed' } }]);
    scenario.voted('p-8');
    if (change.quorum === 2) scenario.voted('p-9');
    expect(typesOf(scenario.judged('soft', { ...ASK, ...change })).at(-1)).toBe('soft.ordered');
  });

  test('is not needed any more when policy allows by itself: it is superseded, and the order names none', () => {
    const scenario = asked();
    scenario.voted('p-7');
    expect(typesOf(scenario.judged('soft'))).toEqual([...JUDGED, 'approval.superseded', 'soft.ordered']);
    expect(JSON.parse(Buffer.from(fromBase64url(scenario.order().packet)!).toString())).toMatchObject({ approvals: null });
  });

  test('given early waits for the day, and holds then', () => {
    const day = plusSeconds(START, 3_600);
    const scenario = new Scenario();
    scenario.requested({ effective: day }).judged('soft', ASK);
    scenario.voted('p-7');
    expect(scenario.next()).toEqual({ due: day });
    expect(typesOf(scenario.judged('soft', ASK))).toEqual(JUDGED);
    scenario.later(3_600);
    expect(scenario.next()).toEqual(judge('soft'));
    expect(typesOf(scenario.judged('soft', ASK)).at(-1)).toBe('soft.ordered');
  });

  test('of two distinct people is two people', () => {
    const scenario = asked({ ...ASK, quorum: 2 });
    expect(typesOf(scenario.voted('p-7'))).toEqual(['approval.voted']);
    expect(scenario.voted('p-7')).toEqual([]);
    expect(typesOf(scenario.voted('p-8'))).toEqual(['approval.voted', 'approval.granted']);
  });

  test('of someone who has meanwhile become a requester does not carry the order', () => {
    const scenario = asked();
    scenario.voted('p-7');
    const far = { id: 'c-00000000-0000-4000-8000-000000000002', requester: 'p-7', effective: plusSeconds(START, 999_999) };
    scenario.requested(far).judged('soft', {}, far.id);
    expect(scenario.found().request.requesters).toEqual(['p-1', 'p-7']);
    expect(typesOf(scenario.judged('soft', ASK))).toEqual([...JUDGED, 'approval.superseded', 'approval.requested']);
    expect(approvalOf(scenario).requested.approvers).toEqual(['p-8', 'p-9']);
  });

  test.each(['slack', 'link'] as const)('of the strength %s rejects, and never approves', (strength) => {
    const scenario = asked();
    expect(scenario.voted('p-7', 'approve', { strength })).toMatchObject([{ data: { code: 'strength' } }]);
    expect(typesOf(scenario.voted('p-7', 'reject', { strength }))).toEqual(['approval.voted', 'approval.rejected', 'case.ended']);
    expect(scenario.found().ended?.as).toBe('rejected');
  });

  test('after the end of the question is refused, and changes nothing', () => {
    const scenario = asked();
    scenario.voted('p-7', 'reject');
    const before = scenario.found();
    expect(scenario.voted('p-8')).toMatchObject([{ type: 'approval.refused', data: { code: 'closed' } }]);
    expect({ ...scenario.found(), entries: before.entries }).toEqual({ ...before, approval: { ...before.approval, refusals: ['p-8'] } });
  });

  test('where nobody was asked is an illegal call', () => {
    const scenario = new Scenario().requested();
    expect(() => scenario.voted('p-7')).toThrow(expect.objectContaining({ code: 'no_approval' }));
  });
});

describe('time', () => {
  test('runs out: nothing was ordered, and nothing will be', () => {
    const scenario = asked();
    expect(scenario.in({ do: 'expire', number: 1 })).toEqual([]);
    scenario.later(TERMS.approvalSeconds);
    expect(scenario.next()).toEqual({ task: { do: 'expire', number: 1 } });
    expect(scenario.voted('p-7')).toMatchObject([{ data: { code: 'expired' } }]);
    expect(typesOf(scenario.in({ do: 'expire', number: 1 }))).toEqual(['approval.expired', 'case.ended']);
    expect([scenario.in({ do: 'expire', number: 1 }), scenario.found().ended?.as]).toEqual([[], 'expired']);
  });

  test.each(['expired', 'rejected'] as const)('a question about hard alone that is %s leaves the account disabled and asks a person', (how) => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard', ASK);
    expect(approvalOf(scenario).requested.binding.phases).toEqual(['hard']);
    if (how === 'rejected') scenario.voted('p-7', 'reject');
    else scenario.later(TERMS.approvalSeconds).in({ do: 'expire', number: 1 });
    expect([scenario.found().personNeeded, scenario.found().ended, scenario.next()]).toEqual([`approval.${how}`, null, undefined]);
    scenario.in({ do: 'resume', by: 'p-2' });
    expect(scenario.next()).toEqual(judge('hard'));
    expect(typesOf(scenario.judged('hard', ASK)).at(-1)).toBe('approval.requested');
  });

  test('a refusal of policy takes an open question back', () => {
    const scenario = new Scenario();
    scenario.requested().judged('soft');
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard', ASK);
    expect(typesOf(scenario.judged('hard', { outcome: 'deny' }))).toEqual([...JUDGED, 'approval.superseded', 'person.needed']);
  });
});

test('votes that do not count leave a trace, but cannot fill the ledger', () => {
  const scenario = new Scenario();
  scenario.requested().judged('soft', { outcome: 'require_hitl' });
  const first = scenario.log.length;
  for (let i = 0; i < 200; i += 1) {
    scenario.in({ do: 'refuseVote', number: 1, approver: 'p-7', code: 'proof' });
    scenario.voted('p-8', 'approve', { strength: 'link' });
    scenario.voted('p-8', 'approve', { number: 99 });
  }
  expect(scenario.log.length - first).toBe(40);
  expect(typesOf(scenario.voted('p-7'))).toEqual(['approval.voted', 'approval.granted']);
});
