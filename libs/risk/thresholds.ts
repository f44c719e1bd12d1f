import type { JsonValue } from '#decider';
import { COUNT, numbersIn, SHARE, TIMES } from './tenant-numbers.js';

/** From where on something counts as unusual, and how far unusual things may bring a score. */
export interface RiskThresholds {
  /** So many leavers within an hour are thought nothing of, whatever the history: of the tenant, from one source, in one department. */
  readonly leavers_tenant: number;
  readonly leavers_source: number;
  readonly leavers_department: number;
  /** At so many times what is usual an hour counts fully. */
  readonly leavers_times: number;
  /** Whoever has asked so often before is no stranger. */
  readonly requests_familiar: number;
  /** After so many requests the tenant's hours are known. */
  readonly requests_known: number;
  /** An hour of the day that this share of the requests came around is usual. */
  readonly hour_share: number;
  /** No score is above this while one of the grounds is not known to its full: the rest brings people in and never shuts them out. */
  readonly short_of_all_grounds: number;
}

export const DEFAULT_THRESHOLDS: RiskThresholds = {
  leavers_tenant: 20,
  leavers_source: 20,
  leavers_department: 10,
  leavers_times: 3,
  requests_familiar: 5,
  requests_known: 50,
  hour_share: 0.05,
  short_of_all_grounds: 0.9499,
};

/**
 * A tenant's thresholds, from its settings.
 * @throws CodedError `risk_thresholds` that names the member: one is missing, misspelt or out of range.
 */
export function parseThresholds(value: JsonValue, about = 'risk thresholds'): RiskThresholds {
  const number = numbersIn(value, Object.keys(DEFAULT_THRESHOLDS), { code: 'risk_thresholds', about });
  return {
    leavers_tenant: number('leavers_tenant', COUNT),
    leavers_source: number('leavers_source', COUNT),
    leavers_department: number('leavers_department', COUNT),
    leavers_times: number('leavers_times', TIMES),
    requests_familiar: number('requests_familiar', COUNT),
    requests_known: number('requests_known', COUNT),
    hour_share: number('hour_share', SHARE),
    short_of_all_grounds: number('short_of_all_grounds', SHARE),
  };
}
