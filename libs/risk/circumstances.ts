import type { RiskThresholds } from './thresholds.js';

/** Among whom leavers are counted: the whole tenant, those asked for through one source, those of one department. */
export const SCOPES = ['tenant', 'source', 'department'] as const;
export type Scope = (typeof SCOPES)[number];

/** How many people lost access within the last hour, the one in question included, and in the busiest hour of the four weeks before. */
export type Crowd = Readonly<{ last: number; usual: number }>;

/** What surrounds a case, counted from the tenant's ledger alone; classes and numbers only. */
export type Circumstances = Readonly<{
  /** The channel that the request came through. */
  source: string;
  /** The subject's department as a class, null where it is not known: those are counted together. */
  department: string | null;
  leavers: Readonly<Record<Scope, Crowd>>;
  /** The most unusual crowd that this case was ever judged in: an hour later it would look harmless. */
  worst: Crowd & Readonly<{ scope: Scope }>;
  /** Requests before this one: all, those of its requester, and those that came within an hour of its time of day. */
  requests: Readonly<{ all: number; by_requester: number; around_hour: number }>;
}>;

type Allowances = Pick<RiskThresholds, 'leavers_tenant' | 'leavers_source' | 'leavers_department' | 'leavers_times'>;

/** How far a crowd is above what is usual, as a multiple; 1 or less is nothing unusual. */
export function excess({ scope, last, usual }: Circumstances['worst'], thresholds: Allowances): number {
  return last / Math.max(usual, thresholds[`leavers_${scope}`]);
}

/** The most unusual of several crowds; among equals the first. */
export function worstCrowd(first: Circumstances['worst'], others: readonly Circumstances['worst'][], thresholds: Allowances): Circumstances['worst'] {
  return others.reduce((worst, crowd) => (excess(crowd, thresholds) > excess(worst, thresholds) ? crowd : worst), first);
}
