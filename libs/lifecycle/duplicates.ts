import type { Instant } from '#decider';
import { withdrawQuestion } from './asking-people.js';
import type { Offboard, OffboardEvent } from './offboard.js';
import { evolve } from './offboard.js';
import type { Tenant } from './tenant-ledger.js';

/** An event and the case that it belongs to. */
export interface Placed {
  readonly event: OffboardEvent;
  readonly case: string;
}

/**
 * After Verify: where the same person already has an open case, one of the two joins the other and its requesters come along.
 * The earlier effective date stays, so that an urgent request never sleeps in a far one; a case with an order always stays.
 * Undefined where there is nothing to join.
 */
export function joins(tenant: Tenant, judged: Offboard, events: readonly OffboardEvent[], now: Instant): readonly Placed[] | undefined {
  const evidence = events.find((event) => event.type === 'evidence.taken')?.data;
  if (evidence?.phase !== 'soft' || evidence.person === null || judged.orders.length > 0) return undefined;
  const open = tenant.cases.get(tenant.openByPerson.get(evidence.person) ?? '');
  if (!open || open.id === judged.id || open.ended) return undefined;
  const after = events.reduce<Offboard | null>((state, event) => evolve(state, event, now, judged.id), judged);
  // a request that policy refuses ends by itself, and drags nobody along
  if (after?.ended?.as === 'denied' || after?.ended?.as === 'blocked') return undefined;
  if (open.orders.length > 0 || open.request.effectiveAt <= judged.request.effectiveAt) {
    const facts = events.filter(({ type }) => type === 'evidence.taken' || type === 'risk.scored' || type === 'gate.decided');
    return [...placed(facts, judged.id), ...merge(judged, open)];
  }
  // neither policy nor this question knew of those who come along now: with them it is judged anew
  const merged = merge(open, judged);
  return merged.some(({ event }) => event.type === 'requester.added') ? merged : [...merged, ...placed(events, judged.id)];
}

function merge(from: Offboard, into: Offboard): readonly Placed[] {
  const newcomers = from.request.requesters.filter((requester) => !into.request.requesters.includes(requester));
  const added = newcomers.map((requester) => ({ event: { type: 'requester.added', data: { requester, from: from.id } }, case: into.id }) as const);
  const withdrawn = placed(withdrawQuestion(from.approval, ['joined']), from.id);
  return [...added, ...withdrawn, { event: { type: 'case.ended', data: { as: 'joined', into: into.id } }, case: from.id }];
}

function placed(events: readonly OffboardEvent[], id: string): readonly Placed[] {
  return events.map((event) => ({ event, case: id }));
}
