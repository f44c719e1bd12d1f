import { describe, expect, it } from '@jest/globals';
import { type Circumstances, DEFAULT_PROFILE, DEFAULT_THRESHOLDS, type RiskComponent, score, worstCrowd } from './index.js';

const facts = { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'leaving' } as const;
const around: Circumstances = {
  source: 'tickets',
  department: 'sales',
  leavers: { tenant: { last: 1, usual: 0 }, source: { last: 1, usual: 0 }, department: { last: 1, usual: 0 } },
  worst: { scope: 'department', last: 1, usual: 0 },
  requests: { all: 100, by_requester: 9, around_hour: 20 },
};
const read = (name: RiskComponent['name'], changed: Partial<Circumstances>): string => {
  const { components } = score({ facts, findings: [], resolved: 'one', confidence: 1, circumstances: { ...around, ...changed } }, DEFAULT_PROFILE);
  const found = components.find((component) => component.name === name);
  return `${found?.value ?? NaN} ${found?.because ?? ''}`;
};

describe('the blast radius', () => {
  const of = (worst: Circumstances['worst'], department: string | null = 'sales'): string => read('blast_radius', { worst, department });

  it('is nothing up to what is allowed, or up to the busiest hour of the history where that is more', () => {
    expect(of({ scope: 'department', last: 1, usual: 0 })).toBe('0 1 leaver within an hour of the department sales: nothing unusual');
    expect(of({ scope: 'department', last: 10, usual: 0 })).toMatch(/^0 /u);
    expect(of({ scope: 'tenant', last: 60, usual: 60 })).toBe('0 60 leavers within an hour in all: nothing unusual');
  });

  it('rises from there, to its full at three times as many', () => {
    expect(of({ scope: 'department', last: 20, usual: 2 })).toBe('0.5 20 leavers within an hour of the department sales, and 2 in the busiest hour of the four weeks before');
    expect(of({ scope: 'source', last: 90, usual: 30 })).toBe('1 90 leavers within an hour asked for through tickets, and 30 in the busiest hour of the four weeks before');
    expect(of({ scope: 'tenant', last: 5_000, usual: 30 })).toMatch(/^1 5000 leavers/u);
    expect(of({ scope: 'department', last: 20, usual: 2 }, null)).toMatch(/^0.5 20 leavers within an hour of no known department/u);
  });

  it('is that of the most unusual crowd, measured by what is usual there', () => {
    const crowds = [{ scope: 'tenant', last: 40, usual: 50 }, { scope: 'source', last: 30, usual: 0 }, { scope: 'department', last: 30, usual: 29 }] as const;
    expect(worstCrowd(crowds[0], crowds.slice(1), DEFAULT_THRESHOLDS)).toBe(crowds[1]);
    expect(worstCrowd(crowds[0], [{ ...crowds[0], usual: 50 }], DEFAULT_THRESHOLDS)).toBe(crowds[0]);
  });
});

it('a requester is a stranger until they have asked five times', () => {
  const of = (by_requester: number): string => read('unusual_requester', { requests: { ...around.requests, by_requester } });
  expect([of(0), of(1), of(4), of(5), of(90)]).toEqual([
    '1 the requester has never asked for anything before',
    '0.8 the requester has asked 1 time before',
    '0.2 the requester has asked 4 times before',
    '0 the requester has asked 5 times before',
    '0 the requester has asked 90 times before',
  ]);
});

it('an hour is unusual where few of the requests come, and not known to be usual before there were fifty', () => {
  const of = (all: number, around_hour: number): string => read('unusual_hour', { requests: { all, around_hour, by_requester: 9 } });
  expect([of(49, 49), of(100, 5), of(1_000, 10), of(1_000, 0)]).toEqual([
    '0.5 49 requests so far are too few to know which hours are usual',
    '0 5 of 100 requests came around this time of day',
    '0.8 10 of 1000 requests came around this time of day',
    '1 0 of 1000 requests came around this time of day',
  ]);
});
