import { describe, expect, test } from '@jest/globals';
import { type JsonObject, plusSeconds } from '#decider';
import { CASE, Scenario, START, TERMS, typesOf } from '../../test/lifecycle/scenario.js';

const ordered = (): Scenario => {
  const scenario = new Scenario();
  scenario.requested().judged('soft');
  return scenario;
};
const send = (attempt: number, order = 1): object => ({ task: { do: 'dispatch', order, attempt } });
const sent = (scenario: Scenario, attempt: number, order = 1): readonly string[] => typesOf(scenario.in({ do: 'dispatched', order, attempt }));
const refused = (scenario: Scenario, reason: string, changes: JsonObject = {}): readonly string[] =>
  typesOf(scenario.journal('doer.order_rejected', { reason, order: scenario.order().order, digest: scenario.order().digest, source: 's', ...changes }));

describe('an order on its way', () => {
  test('is signed once and counted by its deliveries', () => {
    const scenario = ordered();
    const signed = { do: 'signed', order: 1, hmac: 'h', signature: 's' } as const;
    expect([typesOf(scenario.in(signed)), scenario.in(signed), scenario.in({ ...signed, order: 2 })]).toEqual([['packet.signed'], [], []]);
    expect([sent(scenario, 1), sent(scenario, 1), sent(scenario, 1, 2)]).toEqual([['packet.dispatched'], [], []]);
    expect(scenario.order()).toMatchObject({ signed: { hmac: 'h', signature: 's' }, attempts: 1, sentAt: START });
  });

  test('is sent again while the doer says nothing, after longer and longer waits', () => {
    const scenario = ordered();
    const waits = [10, 20, 40, 80, 160, 320].map((seconds, i) => {
      expect(scenario.next()).toEqual(send(i + 1));
      sent(scenario, i + 1);
      expect(scenario.next()).toEqual({ due: plusSeconds(scenario.now, seconds) });
      scenario.later(seconds);
      return seconds;
    });
    expect(waits).toHaveLength(6);
  });

  test('that is accepted waits for the doer, however long', () => {
    const scenario = ordered();
    sent(scenario, 1);
    scenario.accepted();
    expect(scenario.later(86_400).next()).toBeUndefined();
  });

  test('for which grants are needed is sent at once, and again until they were used', () => {
    const scenario = ordered();
    sent(scenario, 1);
    scenario.accepted();
    scenario.journal('grants.needed', { order: 1, portals: ['directory', 'scim'] });
    expect(scenario.next()).toEqual(send(2));
    sent(scenario, 2);
    expect(scenario.next()).toEqual({ due: plusSeconds(START, 20) });
    for (const portal of ['directory', 'scim']) {
      expect(scenario.next()).toEqual({ due: plusSeconds(START, 20) });
      scenario.journal('lease.requested', { order: 1, portal });
    }
    expect(scenario.next()).toBeUndefined();
  });

  test('for which grants are needed before its delivery was recorded is not forgotten', () => {
    const scenario = ordered();
    scenario.accepted();
    scenario.journal('grants.needed', { order: 1, portals: ['scim'] });
    sent(scenario, 1);
    expect(scenario.next()).toEqual({ due: plusSeconds(START, 10) });
    expect(scenario.later(10).next()).toEqual(send(2));
  });

  test('that came too late is judged and ordered anew, under the next number', () => {
    const scenario = ordered();
    sent(scenario, 1);
    expect(refused(scenario, 'expired')).toEqual(['receipt.taken']);
    expect(scenario.next()).toEqual({ task: { do: 'judge', phase: 'soft' } });
    scenario.judged('soft');
    expect(scenario.order()).toMatchObject({ order: 2, phase: 'soft', refused: null });
  });

  test.each(['too_early', 'window'])('that the doer finds %s is sent again, since clocks differ', (reason) => {
    const scenario = ordered();
    sent(scenario, 1);
    expect(refused(scenario, reason)).toEqual(['receipt.taken']);
    expect(scenario.next()).toEqual({ due: plusSeconds(START, 10) });
  });

  test('that somebody replayed without its grants is sent once more with them', () => {
    const scenario = ordered();
    sent(scenario, 1);
    expect(refused(scenario, 'grant_missing')).toEqual(['receipt.taken']);
    expect(scenario.next()).toEqual(send(2));
  });

  test.each(['order_used', 'order_lower', 'previous', 'phase', 'tenant', 'something_new'])('that the doer refuses as %s needs a person', (reason) => {
    const scenario = ordered();
    expect(refused(scenario, reason)).toEqual(['receipt.taken', 'person.needed']);
    expect([scenario.found().personNeeded, scenario.next()]).toEqual([`order_refused.${reason}`, undefined]);
  });

  test('that was refused and then carried out after all ends the case, a person needed or not', () => {
    const scenario = ordered();
    scenario.finished();
    scenario.later(TERMS.windowSeconds).judged('hard');
    refused(scenario, 'previous');
    expect(typesOf(scenario.finished()).at(-1)).toBe('case.ended');
  });
});

describe('what is said of other bytes', () => {
  test.each<[string, string, JsonObject]>([
    ['a rejection under our number', 'doer.order_rejected', { reason: 'order_used', order: 1, digest: 'e'.repeat(64), source: 's' }],
    ['a rejected signature', 'doer.signature_rejected', { reason: 'hmac', digest: 'e'.repeat(64), source: 's' }],
    ['an acceptance under our number', 'packet.accepted', { order: 1, digest: 'e'.repeat(64), phase: 'soft' }],
    ['the end of an order that was never accepted', 'order.finished', { order: 1, phase: 'soft', outcomes: [] }],
    ['grants for an order that was never accepted', 'grants.needed', { order: 1, portals: ['scim'] }],
    ['anything about another order', 'order.finished', { order: 7, phase: 'hard', outcomes: [] }],
    ['data that is no such data', 'packet.accepted', { order: '1' }],
  ])('%s changes nothing', (_name, type, data) => {
    const scenario = ordered();
    sent(scenario, 1);
    const before = scenario.found();
    expect(typesOf(scenario.journal(type, data))).toEqual(['receipt.taken']);
    expect({ ...scenario.found(), entries: before.entries }).toEqual(before);
  });

  test('the end of another order than the one that was accepted changes nothing', () => {
    const scenario = ordered();
    scenario.accepted();
    scenario.journal('order.finished', { order: 7, phase: 'soft', outcomes: [] });
    expect([scenario.order().finished, scenario.found().personNeeded]).toEqual([null, null]);
  });

  test('a rejection of our own bytes after they were accepted changes nothing', () => {
    const scenario = ordered();
    scenario.accepted();
    expect(refused(scenario, 'expired')).toEqual(['receipt.taken']);
    expect(scenario.order()).toMatchObject({ accepted: true, refused: null });
  });
});

describe('receipts', () => {
  const take = (scenario: Scenario, seq: number, type = 'journal.opened', about: string | null = null): readonly string[] =>
    typesOf(scenario.do({ do: 'takeReceipt', seq, hash: 'd'.repeat(64), entry: { type, data: {}, case: about, at: START, seq } }));

  test('are taken exactly once and in order', () => {
    const scenario = new Scenario();
    expect([take(scenario, 0), take(scenario, 0), take(scenario, 1), take(scenario, 0), take(scenario, 1)]).toEqual([['receipt.taken'], [], ['receipt.taken'], [], []]);
    expect(() => take(scenario, 3)).toThrow(expect.objectContaining({ code: 'receipt_gap' }));
    expect(scenario.state.receipts).toEqual({ seq: 1, hash: 'd'.repeat(64) });
  });

  test.each(['approval.granted', 'approval.voted', 'gate.decided', 'soft.ordered', 'ledger.opened', '', 'toString'])('of the type %p are not the doer\'s to write', (type) => {
    expect(() => take(ordered(), 0, type, CASE)).toThrow(expect.objectContaining({ code: 'receipt_foreign' }));
  });

  test('about a case that nobody knows belong to none', () => {
    const scenario = ordered();
    scenario.do({ do: 'takeReceipt', seq: 0, hash: 'd'.repeat(64), entry: { type: 'packet.accepted', data: {}, case: 'c-unknown', at: START } });
    expect(scenario.log.at(-1)).toMatchObject({ type: 'receipt.taken', case: null, caseSeq: null });
  });
});

describe('an order that comes to nothing', () => {
  test('makes no endless row of orders: a doer whose clock is ahead is looked at by a person after the second', () => {
    const scenario = ordered();
    refused(scenario, 'expired');
    expect(scenario.next()).toEqual({ task: { do: 'judge', phase: 'soft' } });
    scenario.judged('soft');
    expect(refused(scenario, 'expired')).toEqual(['receipt.taken', 'person.needed']);
    expect([scenario.next(), scenario.found().personNeeded]).toEqual([undefined, 'order_refused.expired']);
    scenario.in({ do: 'resume', by: 'p-1' });
    scenario.judged('soft');
    expect([refused(scenario, 'expired'), scenario.order().order]).toEqual([['receipt.taken', 'person.needed'], 3]);
  });

  test('is not sent for ever to a doer that answers nothing: a while after its last moment of acceptance a person is asked', () => {
    const scenario = ordered();
    const deliver = (): void => {
      for (let attempt = 1; attempt < 50; attempt += 1) {
        const step = scenario.next();
        if (!step) return;
        if ('due' in step) scenario.now = step.due;
        else sent(scenario, scenario.order().attempts + 1);
      }
    };
    deliver();
    const { attempts, acceptBy } = scenario.order();
    expect([scenario.found().personNeeded, attempts < 10, scenario.now > acceptBy]).toEqual(['order_unanswered', true, true]);
    scenario.in({ do: 'resume', by: 'p-1' });
    expect(scenario.next()).toEqual(send(attempts + 1));
    deliver();
    expect([scenario.found().personNeeded, scenario.order().attempts]).toEqual(['order_unanswered', attempts + 2]);
  });

  test('for want of grants is sent with pauses once the doer has asked again and again', () => {
    const scenario = ordered();
    sent(scenario, 1);
    scenario.accepted();
    const asked = (attempt: number): unknown => {
      scenario.journal('lease.requested', { order: 1, portal: 'scim' });
      scenario.journal('lease.refused', { order: 1, portal: 'scim', code: 'vault_unreachable' });
      scenario.journal('grants.needed', { order: 1, portals: ['scim'] });
      const step = scenario.next();
      sent(scenario, attempt);
      return step;
    };
    expect([2, 3, 4, 5].map(asked)).toEqual([2, 3, 4, 5].map((attempt) => send(attempt)));
    expect([asked(6), asked(7)]).toEqual([{ due: plusSeconds(START, 160) }, { due: plusSeconds(START, 320) }]);
  });
});
