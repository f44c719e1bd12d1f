import type { JsonValue } from '#decider';
import { type Scope, SCOPES } from './circumstances.js';
import { COUNT, numbersIn } from './tenant-numbers.js';

/** So many people may lose access within an hour before two people decide about each further one. */
export type LeaverLimits = Readonly<Record<Scope, number>>;

/** Far above any real hour: a tenant sets its own. The rules in `policies/gatehouse/rules/breaker` have the same. */
export const DEFAULT_LEAVER_LIMITS: LeaverLimits = { tenant: 10_000, source: 10_000, department: 10_000 };

/**
 * A tenant's limits, from `leavers_per_hour` of its policy data; what is left out has the default.
 * @throws CodedError `policy_tenant_data` that names the member: one is misspelt or no whole number from 1.
 */
export function parseLeaverLimits(value: JsonValue | undefined): LeaverLimits {
  const limit = numbersIn(value ?? {}, SCOPES, { code: 'policy_tenant_data', about: 'policy tenant data: leavers_per_hour' });
  const { tenant, source, department } = DEFAULT_LEAVER_LIMITS;
  return { tenant: limit('tenant', COUNT, tenant), source: limit('source', COUNT, source), department: limit('department', COUNT, department) };
}
