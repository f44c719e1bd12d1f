import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#decider';
import { DEFAULT_LEAVER_LIMITS, DEFAULT_PROFILE, DEFAULT_THRESHOLDS, DEFAULT_WEIGHTS, parseLeaverLimits, parseProfile } from './index.js';

const AT = 'acme.risk';
/** What the reading of `given` is refused with: code and message. */
function refused(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  return 'taken';
}

describe('a risk profile', () => {
  it('is the default where a part is left out, and comes back as it was written', () => {
    expect(parseProfile({}, AT)).toEqual(DEFAULT_PROFILE);
    expect(parseProfile({ weights: { ...DEFAULT_WEIGHTS, privilege: 0.5 } }, AT)).toEqual({ ...DEFAULT_PROFILE, weights: { ...DEFAULT_WEIGHTS, privilege: 0.5 } });
    const thresholds = { ...DEFAULT_THRESHOLDS, leavers_department: 3, leavers_times: 1.5 };
    expect(parseProfile(JSON.parse(JSON.stringify({ weights: DEFAULT_WEIGHTS, thresholds })) as JsonValue, AT)).toEqual({ weights: DEFAULT_WEIGHTS, thresholds });
  });

  it.each<[string, JsonValue, string]>([
    ['no object', [1], 'risk_profile: acme.risk: must be an object with weights, thresholds or both'],
    ['a misspelt part', { weight: {} }, 'risk_profile: acme.risk: weight is neither weights nor thresholds'],
    ['a list of weights', { weights: [1] }, 'risk_weights: acme.risk.weights: must be an object of name and number'],
    ['a missing weight', { weights: {} }, 'risk_weights: acme.risk.weights: privilege must be a number from 0 to 1'],
    ['a weight as text', { weights: { ...DEFAULT_WEIGHTS, unusual_hour: '0.4' } }, 'risk_weights: acme.risk.weights: unusual_hour must be a number from 0 to 1'],
    ['a negative weight', { weights: { ...DEFAULT_WEIGHTS, hris_disagreement: -0.1 } }, 'risk_weights: acme.risk.weights: hris_disagreement must be a number from 0 to 1'],
    ['a weight above 1', { weights: { ...DEFAULT_WEIGHTS, parse_confidence: 4 } }, 'risk_weights: acme.risk.weights: parse_confidence must be a number from 0 to 1'],
    ['five decimals', { weights: { ...DEFAULT_WEIGHTS, privilege: 0.42001 } }, 'risk_weights: acme.risk.weights: privilege must have at most four decimals'],
    ['a misspelt weight', { weights: { ...DEFAULT_WEIGHTS, priviledge: 0.1 } }, `risk_weights: acme.risk.weights: priviledge is not one of ${Object.keys(DEFAULT_WEIGHTS).join(', ')}`],
    ['a missing threshold', { thresholds: {} }, 'risk_thresholds: acme.risk.thresholds: leavers_tenant must be a whole number from 1'],
    ['half a leaver', { thresholds: { ...DEFAULT_THRESHOLDS, leavers_source: 0.5 } }, 'risk_thresholds: acme.risk.thresholds: leavers_source must be a whole number from 1'],
    ['no multiple', { thresholds: { ...DEFAULT_THRESHOLDS, leavers_times: 1 } }, 'risk_thresholds: acme.risk.thresholds: leavers_times must be a number above 1'],
    ['a share above 1', { thresholds: { ...DEFAULT_THRESHOLDS, hour_share: 5 } }, 'risk_thresholds: acme.risk.thresholds: hour_share must be a number from 0 to 1'],
    ['a name that every object has', { thresholds: { ...DEFAULT_THRESHOLDS, constructor: 1 } }, `risk_thresholds: acme.risk.thresholds: constructor is not one of ${Object.keys(DEFAULT_THRESHOLDS).join(', ')}`],
  ])('with %s is refused, and the member named', (_, value, message) => {
    expect(refused(() => parseProfile(value, AT))).toBe(message);
  });
});

describe('limits of leavers', () => {
  it('are the default as far as they are left out', () => {
    expect(parseLeaverLimits(undefined)).toEqual(DEFAULT_LEAVER_LIMITS);
    expect(parseLeaverLimits({ department: 5 })).toEqual({ ...DEFAULT_LEAVER_LIMITS, department: 5 });
  });

  it.each<[string, JsonValue, string]>([
    ['no object', 5, 'must be an object of name and number'],
    ['another scope', { team: 5 }, 'team is not one of tenant, source, department'],
    ['none at all', { tenant: 0 }, 'tenant must be a whole number from 1'],
    ['a text', { source: '5' }, 'source must be a whole number from 1'],
  ])('with %s are refused, and the member named', (_, value, message) => {
    expect(refused(() => parseLeaverLimits(value))).toBe(`policy_tenant_data: policy tenant data: leavers_per_hour: ${message}`);
  });
});
