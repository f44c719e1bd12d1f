import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Circumstances, DEFAULT_PROFILE, type RiskInput, type RiskProfile, type RiskThresholds, score, sumOf } from './index.js';
import { USUAL } from '../../test/risk/usual.js';
import { COMPONENTS, GROUNDS, type RiskWeights } from './weights.js';

type Facts = RiskInput['facts'];
const unusual: Circumstances = { ...USUAL, worst: { scope: 'tenant', last: 900, usual: 4 }, requests: { all: 210, by_requester: 0, around_hour: 0 } };
const harmless: Facts = { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'terminated' };
const risky: Facts = { ...harmless, privilege: 'admin', production_owner: true };
const ordinary: RiskInput = { facts: harmless, findings: [], resolved: 'one', confidence: 0.93, circumstances: USUAL };
const scored = (changed: Partial<RiskInput>, by: RiskProfile = DEFAULT_PROFILE) => score({ ...ordinary, ...changed }, by);
const total = (facts: Facts, findings: readonly string[] = [], confidence = 0.93, circumstances: Circumstances | undefined = USUAL) => scored({ facts, findings, confidence, circumstances }).score;

const FINDINGS = ['hris_not_terminated', 'hris_date_differs', 'hris_unknown', 'hris_other_person', 'renamed', 'homograph', 'account_unlinked', 'source_unknown:scim', 'new'];
const privilege = fc.constantFrom<Facts['privilege']>('none', 'elevated', 'admin', 'unknown');
const fact = fc.constantFrom<boolean | 'unknown'>(true, false, 'unknown');
const status = fc.constantFrom<Facts['hris_status']>('terminated', 'leaving', 'active', 'unknown', 'absent');
const few = fc.nat({ max: 200 });
const crowd = fc.record({ last: few, usual: few });
const scope = fc.constantFrom('tenant' as const, 'source' as const, 'department' as const);
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  source: fc.constant('api'),
  department: fc.constantFrom('sales', null),
  leavers: fc.record({ tenant: crowd, source: crowd, department: crowd }),
  worst: fc.record({ scope, last: few, usual: few }),
  requests: fc.record({ all: few, by_requester: few, around_hour: few }),
});
const input: fc.Arbitrary<RiskInput> = fc.record({
  facts: fc.record({ privilege, production_owner: fact, recent_escalation: fact, hris_status: status }),
  findings: fc.subarray(FINDINGS),
  resolved: fc.constantFrom('one' as const, 'none' as const, 'several' as const),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  circumstances: fc.option(circumstances, { nil: undefined }),
});
const weight = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000);
const weights = fc.array(weight, { minLength: COMPONENTS.length, maxLength: COMPONENTS.length }).map((shares) => Object.fromEntries(COMPONENTS.map((name, i) => [name, shares[i]])) as RiskWeights);
const some = fc.integer({ min: 1, max: 300 });
const thresholds: fc.Arbitrary<RiskThresholds> = fc.record({
  leavers_tenant: some,
  leavers_source: some,
  leavers_department: some,
  leavers_times: fc.constantFrom(1.5, 3, 10),
  requests_familiar: some,
  requests_known: some,
  hour_share: weight,
  short_of_all_grounds: weight,
});
const profile: fc.Arbitrary<RiskProfile> = fc.record({ weights, thresholds });
const anyScore = (check: (input: RiskInput, of: (changed: Partial<Facts>) => number) => void) =>
  fc.assert(
    fc.property(input, profile, (given, by) => {
      check(given, (changed) => score({ ...given, facts: { ...given.facts, ...changed } }, by).score);
    }),
  );

describe('the default profile', () => {
  it('leave an ordinary leaver below 0.3', () => {
    expect(total(harmless, [], 0.8)).toBeLessThan(0.3);
    expect(total({ ...harmless, privilege: 'elevated' }, [], 0.8)).toBeLessThan(0.3);
  });

  it('bring a production administrator before a human, between 0.80 and 0.90', () => {
    for (const confidence of [0.6, 0.8, 1]) {
      expect(total(risky, [], confidence)).toBeGreaterThanOrEqual(0.8);
      expect(total(risky, [], confidence)).toBeLessThanOrEqual(0.9);
    }
  });

  it('ask for two people when an escalation is recent too', () => {
    expect(total({ ...risky, recent_escalation: true })).toBeGreaterThanOrEqual(0.85);
  });

  it('pass 0.95 only where all four are known to come together, so that no outage makes a case unapprovable', () => {
    expect(total({ ...risky, recent_escalation: true }, ['hris_not_terminated'], 1)).toBeGreaterThanOrEqual(0.95);
    fc.assert(
      fc.property(input, (given) => {
        const { score: stated, components } = score(given, DEFAULT_PROFILE);
        fc.pre(components.some(({ name, value }) => GROUNDS.some((ground) => ground === name) && value < 1));
        expect(stated).toBeLessThan(0.95);
      }),
    );
  });

  it('leave an ordinary leaver in the band that they were in, whatever the circumstances, and an administrator with one more ground before a human', () => {
    for (const around of [USUAL, unusual, undefined]) {
      expect(total(harmless, [], 0.8, around)).toBeLessThan(0.4);
      expect(total(risky, [], 0.93, around)).toBeGreaterThanOrEqual(0.8);
      expect(total(risky, [], 0.93, around)).toBeLessThan(0.95);
    }
    const [admin, disagreed] = [{ ...harmless, privilege: 'admin' } as const, ['hris_date_differs', 'homograph']];
    expect(total(admin, disagreed)).toBeLessThan(0.75);
    expect(total({ ...admin, recent_escalation: true }, disagreed, 0.93, unusual)).toBeGreaterThanOrEqual(0.75);
  });
});

describe('a score', () => {
  it('never falls with more privilege', () => {
    anyScore((_, of) => {
      expect(of({ privilege: 'elevated' })).toBeGreaterThanOrEqual(of({ privilege: 'none' }));
      expect(of({ privilege: 'admin' })).toBeGreaterThanOrEqual(of({ privilege: 'elevated' }));
      expect(of({ production_owner: true })).toBeGreaterThanOrEqual(of({ production_owner: false }));
      expect(of({ recent_escalation: true })).toBeGreaterThanOrEqual(of({ recent_escalation: false }));
    });
  });

  it('is never lower for an unknown fact than for the harmless one', () => {
    anyScore((_, of) => {
      for (const name of ['privilege', 'production_owner', 'recent_escalation', 'hris_status'] as const) {
        expect(of({ [name]: 'unknown' })).toBeGreaterThanOrEqual(of({ [name]: harmless[name] }));
      }
    });
  });

  it('never falls with a further finding, nor with less confidence', () => {
    fc.assert(
      fc.property(input, profile, fc.constantFrom(...FINDINGS), (given, by, more) => {
        const { score: before } = score(given, by);
        expect(score({ ...given, findings: [...given.findings, more] }, by).score).toBeGreaterThanOrEqual(before);
        expect(score({ ...given, confidence: given.confidence / 2 }, by).score).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('never falls with more candidates, more leavers at once, fewer requests of the requester, or a rarer hour', () => {
    fc.assert(
      fc.property(input, profile, circumstances, few, (given, by, around, more) => {
        const of = (changed: Partial<RiskInput>): number => score({ ...given, circumstances: around, ...changed }, by).score;
        const before = of({});
        const { worst, requests } = around;
        expect(of({ circumstances: { ...around, worst: { ...worst, last: worst.last + more } } })).toBeGreaterThanOrEqual(before);
        expect(of({ circumstances: { ...around, requests: { ...requests, by_requester: Math.max(0, requests.by_requester - more) } } })).toBeGreaterThanOrEqual(before);
        expect(of({ circumstances: { ...around, requests: { ...requests, around_hour: Math.max(0, requests.around_hour - more) } } })).toBeGreaterThanOrEqual(before);
        expect(of({ resolved: 'several' })).toBeGreaterThanOrEqual(of({ resolved: 'none' }));
        expect(of({ resolved: 'none' })).toBeGreaterThanOrEqual(of({ resolved: 'one' }));
      }),
    );
  });

  it('is never lower where nothing was counted than where all is as usual', () => {
    fc.assert(fc.property(input, weights, (given, by) => expect(score({ ...given, circumstances: undefined }, { ...DEFAULT_PROFILE, weights: by }).score).toBeGreaterThanOrEqual(score({ ...given, circumstances: USUAL }, { ...DEFAULT_PROFILE, weights: by }).score)));
  });

  it('does not depend on the order of facts or findings', () => {
    const turned = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;
    fc.assert(
      fc.property(input, profile, fc.shuffledSubarray(FINDINGS, { minLength: FINDINGS.length }), (given, by, order) => {
        const shuffled = order.filter((code) => given.findings.includes(code));
        const { weights: shares, thresholds: limits } = by;
        expect(score(turned({ ...given, facts: turned(given.facts), findings: shuffled }), { weights: turned(shares), thresholds: turned(limits) })).toEqual(score(given, by));
      }),
    );
  });

  it('is the stated function of its components, in any order, with four decimals', () => {
    fc.assert(
      fc.property(input, profile, (given, by) => {
        const { score: stated, ceiling, components } = score(given, by);
        expect(sumOf([...components].reverse(), ceiling)).toBe(stated);
        expect([1, by.thresholds.short_of_all_grounds]).toContain(ceiling);
        const plain = components.reduce((sum, { value, weight: share }) => sum + value * share, 0);
        expect(Math.abs(stated - Math.min(ceiling, plain))).toBeLessThanOrEqual(0.000_051);
        for (const number of [stated, ...components.map(({ value }) => value)]) {
          expect(number).toBe(Number(number.toFixed(4)));
          expect(number >= 0 && number <= 1 && !Object.is(number, -0)).toBe(true);
        }
      }),
    );
  });

  it('explains each component by its fact', () => {
    const { components } = scored({ facts: { ...risky, recent_escalation: 'unknown' }, findings: ['renamed', 'hris_date_differs', 'account_unlinked'], circumstances: unusual });
    expect(components).toEqual([
      { name: 'privilege', value: 1, weight: 0.42, because: 'holds administrator rights' },
      { name: 'production_ownership', value: 1, weight: 0.38, because: 'owns a production system' },
      { name: 'hris_disagreement', value: 1, weight: 0.08, because: 'the HRIS knows the person under a new name' },
      { name: 'recent_escalation', value: 0.5, weight: 0.08, because: 'it is not known: rights were escalated recently?' },
      { name: 'parse_confidence', value: 0.07, weight: 0.02, because: 'intake is sure to 0.93' },
      { name: 'identity_ambiguity', value: 0.5, weight: 0.1, because: 'an account under that name carries no employee number' },
      { name: 'blast_radius', value: 1, weight: 0.1, because: '900 leavers within an hour in all, and 4 in the busiest hour of the four weeks before' },
      { name: 'unusual_requester', value: 1, weight: 0.06, because: 'the requester has never asked for anything before' },
      { name: 'unusual_hour', value: 1, weight: 0.04, because: '0 of 210 requests came around this time of day' },
    ]);
  });

  it('takes a confidence that is no share for none', () => {
    for (const confidence of [NaN, Infinity, 2, -1]) expect(total(harmless, [], confidence)).toBe(total(harmless, [], 0));
  });
});
