import { type Instant, plusSeconds } from '#decider';
import type { Packet, PacketStep } from '#packet';
import type { OrderRefusal } from './journal-events.js';
import type { CaseExecution, ExecutionTerms, OrderExecution, Receive } from './order-execution.js';

/** Why a verified packet, not seen before, is not taken now; undefined where it is. */
export function orderRefusal({ packet, grants }: Receive, { orders }: CaseExecution, terms: ExecutionTerms, now: Instant): OrderRefusal | undefined {
  const last = orders.at(-1);
  if (packet.tenant !== terms.tenant) return 'tenant';
  if (orders.some(({ order }) => order === packet.order)) return 'order_used';
  if (last && packet.order < last.order) return 'order_lower';
  if (packet.previous !== (last?.digest ?? null)) return 'previous';
  if (!isPhaseOpen(packet, orders)) return 'phase';
  if (now < packet.notBefore) return 'too_early';
  if (now > packet.acceptBy) return 'expired';
  if (packet.phase === 'hard' && !isWindowOver(orders, terms.windowSeconds, now)) return 'window';
  if (packet.steps.some(({ portal }) => !grants.includes(portal))) return 'grant_missing';
  return undefined;
}

/** Hard and reinstate follow a soft; nothing but another hard follows a hard, since what is deleted cannot come back. */
function isPhaseOpen({ phase, steps }: Packet, orders: readonly OrderExecution[]): boolean {
  const hardOrdered = orders.some((order) => order.phase === 'hard');
  if (phase === 'soft') return !hardOrdered;
  if (phase === 'reinstate') return !hardOrdered && orders.length > 0;
  const reinstated = orders.findLastIndex((order) => order.phase === 'reinstate');
  const softened = orders.slice(reinstated + 1).filter((order) => order.phase === 'soft');
  return steps.every((step) => softened.some((order) => hasStep(order, step)));
}

function hasStep({ portals }: OrderExecution, { portal, account }: PacketStep): boolean {
  return portals.get(portal)?.steps.some((step) => step.account === account) === true;
}

/** The window runs from the end of the last soft order, in the doer's own journal. */
function isWindowOver(orders: readonly OrderExecution[], windowSeconds: number, now: Instant): boolean {
  const softened = orders.findLast((order) => order.phase === 'soft')?.finished;
  return !!softened && now >= plusSeconds(softened.at, windowSeconds);
}
