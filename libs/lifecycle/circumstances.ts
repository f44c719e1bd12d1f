import type { Instant } from '#decider';
import type { Phase } from '#packet';
import { type Circumstances, type Crowd, DEFAULT_LEAVER_LIMITS, type LeaverLimits, type RiskThresholds, type Scope, SCOPES, worstCrowd } from '#risk';
import { type Belonging, crowdsAround, requestsBefore } from './history.js';
import type { Judge } from './judgement.js';
import type { Offboard } from './offboard.js';
import type { Tenant } from './tenant-ledger.js';

/** What surrounds a case at this moment, by the ledger alone; `department` is that of the evidence just taken. */
export function circumstancesOf({ history }: Pick<Tenant, 'history'>, found: Offboard, department: string | null, thresholds: RiskThresholds, now: Instant): Circumstances {
  const source = found.request.received.channel;
  const leavers = leaversWith(crowdsAround(history, { source, department }, now), found);
  const [first, ...others] = SCOPES.map((scope) => ({ scope, ...leavers[scope] }));
  const earlier = (['soft', 'hard', 'reinstate'] as const).flatMap((phase: Phase) => found.judgements[phase]?.gate?.input.circumstances?.worst ?? []);
  const present = worstCrowd(first ?? { scope: 'tenant', ...leavers.tenant }, others, thresholds);
  return { source, department, leavers, worst: worstCrowd(present, earlier, thresholds), requests: found.request.before };
}

/** What would surround a case that were filed now, by the ledger alone. */
export function circumstancesAhead({ history }: Pick<Tenant, 'history'>, { requester, ...belonging }: Belonging & { readonly requester: string }, thresholds: RiskThresholds, now: Instant): Circumstances {
  const leavers = counted(crowdsAround(history, belonging, now), 1);
  const [first, ...others] = SCOPES.map((scope) => ({ scope, ...leavers[scope] }));
  return { ...belonging, leavers, worst: worstCrowd(first ?? { scope: 'tenant', ...leavers.tenant }, others, thresholds), requests: requestsBefore(history, requester, now) };
}

/**
 * True where so many left while a judgement was under way that it would order one beyond the tenant's limit whom policy took for one within it:
 * policy has to be asked again.
 */
export function outrun({ history }: Pick<Tenant, 'history'>, found: Offboard, { phase, evidence, input }: Judge, limits: LeaverLimits = DEFAULT_LEAVER_LIMITS, now: Instant): boolean {
  if (phase === 'reinstate') return false;
  const leavers = leaversWith(crowdsAround(history, { source: found.request.received.channel, department: evidence.department ?? null }, now), found);
  return SCOPES.some((scope) => leavers[scope].last > limits[scope] && (input.circumstances?.leavers[scope].last ?? 0) <= limits[scope]);
}

/** The crowds with the person of the case among them: whom an order stands about has been counted when it was placed. */
function leaversWith(crowds: Readonly<Record<Scope, Crowd>>, { orders }: Offboard): Readonly<Record<Scope, Crowd>> {
  return counted(crowds, orders.length === 0 ? 1 : 0);
}

function counted(crowds: Readonly<Record<Scope, Crowd>>, more: number): Readonly<Record<Scope, Crowd>> {
  const plus = ({ last, usual }: Crowd): Crowd => ({ last: Math.max(1, last + more), usual });
  return { tenant: plus(crowds.tenant), source: plus(crowds.source), department: plus(crowds.department) };
}
