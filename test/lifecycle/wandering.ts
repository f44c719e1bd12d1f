import fc from 'fast-check';
import { isCoded, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import type { OffboardCommand, TenantCommand } from '#lifecycle';
import type { Phase } from '#packet';
import { caseId, PLAN, Scenario, TERMS } from './scenario.js';

/** Something that may happen to a tenant, sensible at that moment or not. */
export type Step = (scenario: Scenario) => TenantCommand | undefined;

const CASES = [caseId(1), caseId(2)] as const;
const PEOPLE = ['p-1', 'p-7', 'p-8', 'p-9', 'p-100'] as const;
const anyCase = fc.constantFrom(CASES[0], CASES[0], ...CASES);
const anyPerson = fc.constantFrom(...PEOPLE);
const phases = fc.constantFrom<Phase>('soft', 'hard', 'reinstate');

const inCase = (id: string, command: OffboardCommand): TenantCommand => ({ do: 'inCase', case: id, actor: 'test', command });
/** A step about a case that is there. */
const about = (id: string, step: (scenario: Scenario) => OffboardCommand | undefined): Step => (scenario) => {
  const command = scenario.state.cases.has(id) ? step(scenario) : undefined;
  return command && inCase(id, command);
};

const seen = fc.record({
  outcome: fc.oneof({ weight: 6, arbitrary: fc.constant('allow' as const) }, { weight: 6, arbitrary: fc.constant('require_hitl' as const) }, { weight: 1, arbitrary: fc.constant('deny' as const) }),
  person: fc.oneof({ weight: 12, arbitrary: fc.constant('p-100') }, { weight: 1, arbitrary: fc.constantFrom('p-7', null) }),
  score: fc.constantFrom(0.8, 0.8, 0.9),
  quorum: fc.constantFrom(1, 1, 1, 2),
  facts: fc.constantFrom({}, {}, {}, { privilege: 'admin' as const }),
  findings: fc.constantFrom([], [], [], ['renamed']),
});

/** What the gatekeeper, people and a doer in order would do next. */
const advancing = fc.record({ id: anyCase, seen, voter: fc.constantFrom('p-7', 'p-8', 'p-9') }).map(({ id, seen: what, voter }): Step => (scenario) => {
  if (!scenario.state.cases.has(id)) return undefined;
  const next = scenario.next(id);
  const { approval, orders } = scenario.found(id);
  const order = orders.at(-1);
  if (next && 'task' in next) {
    const { task } = next;
    if (task.do === 'judge') return inCase(id, scenario.judgement(task.phase, what, id));
    return task.do === 'dispatch' && order && !order.accepted ? receipt(scenario, id, 'packet.accepted', { digest: order.digest }) : inCase(id, task.do === 'dispatch' ? { ...task, do: 'dispatched' } : { do: 'expire', number: approval?.requested.number ?? 0 });
  }
  if (approval?.outcome === 'open') return inCase(id, { do: 'vote', number: approval.requested.number, approver: voter, vote: 'approve', strength: 'passkey', proof: {} });
  if (next) scenario.now = next.due;
  return order?.accepted && !order.finished ? receipt(scenario, id, 'order.finished', { phase: order.phase, outcomes: outcomesWith(-1) }) : undefined;
});

function receipt(scenario: Scenario, id: string, type: string, data: JsonObject): TenantCommand {
  const seq = scenario.state.receipts.seq + 1;
  const order = scenario.found(id).orders.at(-1)?.order ?? 0;
  return { do: 'takeReceipt', seq, hash: String(seq).padStart(64, '0'), entry: { type, case: id, at: scenario.now, seq, data: { order, ...data } } };
}
function outcomesWith(failed: number): JsonObject[] {
  return PLAN.map(({ portal, account }, i) => ({ portal, account, outcome: i === failed ? 'failed' : 'done' }));
}

const judging = fc.record({ id: anyCase, phase: phases, seen, due: fc.boolean() }).map(({ id, phase, seen: what, due }) =>
  about(id, (scenario) => {
    const asked = scenario.next(id);
    const wanted = asked && 'task' in asked && asked.task.do === 'judge' ? asked.task.phase : undefined;
    // mostly what is wanted now, sometimes what nobody asked for
    return due && wanted === undefined ? undefined : scenario.judgement(wanted ?? phase, what, id);
  }),
);
const voting = fc.record({ id: anyCase, person: anyPerson, vote: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const), strength: fc.constantFrom('passkey' as const, 'passkey' as const, 'link' as const), stale: fc.integer({ min: 0, max: 5 }) }).map(
  ({ id, person, vote, strength, stale }) =>
    about(id, (scenario) => ({ do: 'vote', number: (scenario.found(id).approval?.requested.number ?? 0) - (stale === 5 ? 1 : 0), approver: person, vote, strength, proof: { kind: 'passkey' } })),
);
const requesting = fc.record({ id: anyCase, requester: fc.constantFrom('p-1', 'p-7', 'p-100'), days: fc.constantFrom(0, 0, 1) }).map(({ id, requester, days }): Step => (scenario) => {
  scenario.requested({ id, requester, effective: new Date(Date.parse(scenario.now) + days * 86_400_000).toISOString() });
  return undefined;
});
const waiting = fc.constantFrom(0, 1, 10, TERMS.windowSeconds, 86_400).map((seconds): Step => (scenario) => {
  scenario.later(seconds);
  return undefined;
});
const small = fc.record({ id: anyCase, person: anyPerson, what: fc.constantFrom('expire', 'resume', 'resume', 'park', 'reinstate', 'reinstate', 'dispatch', 'posted', 'refuse') }).map(({ id, person, what }) =>
  about(id, (scenario): OffboardCommand => {
    const number = scenario.found(id).approval?.requested.number ?? 0;
    const order = scenario.found(id).orders.at(-1);
    switch (what) {
      case 'expire':
        return { do: 'expire', number };
      case 'resume':
        return { do: 'resume', by: person };
      case 'park':
        return { do: 'park', code: 'fault' };
      case 'reinstate':
        return { do: 'requestReinstate', requester: person };
      case 'dispatch':
        return { do: 'dispatched', order: order?.order ?? 1, attempt: (order?.attempts ?? 0) + 1 };
      case 'posted':
        return { do: 'messagePosted', number, approver: person, channel: 'D', ts: '1', link: 1 };
      default:
        return { do: 'refuseVote', number, approver: person, code: 'proof' };
    }
  }),
);
const journaling = fc.record({ id: anyCase, type: fc.constantFrom('accept', 'accept', 'finish', 'finish', 'finish', 'grants.needed', 'lease.requested', 'expired', 'too_early', 'previous', 'forged'), failed: fc.integer({ min: 0, max: 3 }) }).map(
  ({ id, type, failed }): Step => (scenario) => {
    const order = scenario.state.cases.get(id)?.orders.at(-1);
    if (!order) return undefined;
    const { digest } = order;
    const take = (name: string, data: JsonObject): TenantCommand => receipt(scenario, id, name, data);
    if (type === 'accept') return take('packet.accepted', { digest, phase: order.phase });
    if (type === 'finish') return take('order.finished', { phase: order.phase, outcomes: outcomesWith(failed) });
    if (type === 'forged') return take('doer.order_rejected', { reason: 'order_used', digest: 'f'.repeat(64) });
    if (type.includes('.')) return take(type, { portal: 'scim', portals: ['scim'] });
    return take('doer.order_rejected', { reason: type, digest });
  },
);

/** Up to sixty things that may happen, in any order. */
export const wanderings = fc.array(
  fc.oneof({ weight: 24, arbitrary: advancing }, { weight: 4, arbitrary: judging }, { weight: 4, arbitrary: voting }, { weight: 2, arbitrary: requesting }, { weight: 3, arbitrary: waiting }, { weight: 3, arbitrary: small }, { weight: 6, arbitrary: journaling }),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** What one command led to. */
export interface Decided {
  readonly scenario: Scenario;
  readonly before: Scenario['state'];
  readonly command: TenantCommand;
  readonly entries: readonly Entry[];
}

const LAWFUL = new Set(['no_approval', 'decision_not_for_input']);

/** A command that may not be given just now is refused by these. */
export function isLawfulRefusal(error: unknown): boolean {
  return isCoded(error) && LAWFUL.has(error.code);
}

/** Lets it all happen and shows every decision; an error that is no lawful refusal of a command is thrown. */
export function wander(steps: readonly Step[], watch: (decided: Decided) => void): Scenario {
  const scenario = new Scenario();
  // by somebody who could approve, for tomorrow: a second request may join it or take it over
  scenario.requested({ requester: 'p-9', effective: '2026-03-03T09:00:00.000Z' });
  for (const step of steps) {
    const command = step(scenario);
    if (!command) continue;
    const before = scenario.state;
    try {
      watch({ scenario, before, command, entries: scenario.do(command) });
    } catch (error) {
      if (!isLawfulRefusal(error)) throw error;
    }
  }
  return scenario;
}
