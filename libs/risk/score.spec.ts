import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_WEIGHTS, parseWeights, type RiskInput, score, sumOf } from './index.js';

type Facts = RiskInput['facts'];
const harmless: Facts = { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'terminated' };
const risky: Facts = { ...harmless, privilege: 'admin', production_owner: true };
const total = (facts: Facts, findings: readonly string[] = [], confidence = 0.93) => score({ facts, findings, confidence }, DEFAULT_WEIGHTS).score;

const FINDINGS = ['hris_not_terminated', 'hris_date_differs', 'hris_unknown', 'hris_other_person', 'renamed', 'source_unknown:scim', 'new'];
const privilege = fc.constantFrom<Facts['privilege']>('none', 'elevated', 'admin', 'unknown');
const fact = fc.constantFrom<boolean | 'unknown'>(true, false, 'unknown');
const status = fc.constantFrom<Facts['hris_status']>('terminated', 'leaving', 'active', 'unknown', 'absent');
const input: fc.Arbitrary<RiskInput> = fc.record({
  facts: fc.record({ privilege, production_owner: fact, recent_escalation: fact, hris_status: status }),
  findings: fc.subarray(FINDINGS),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
});
const weight = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000);
const weights = fc.record({
  privilege: weight,
  production_ownership: weight,
  hris_disagreement: weight,
  recent_escalation: weight,
  parse_confidence: weight,
});
const anyScore = (check: (input: RiskInput, of: (changed: Partial<Facts>) => number) => void) =>
  fc.assert(
    fc.property(input, weights, (given, by) => {
      check(given, (changed) => score({ ...given, facts: { ...given.facts, ...changed } }, by).score);
    }),
  );

describe('the default weights', () => {
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
        const { score: stated, components } = score(given, DEFAULT_WEIGHTS);
        fc.pre(components.some(({ name, value }) => name !== 'parse_confidence' && value < 1));
        expect(stated).toBeLessThan(0.95);
      }),
    );
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
      fc.property(input, weights, fc.constantFrom(...FINDINGS), (given, by, more) => {
        const { score: before } = score(given, by);
        expect(score({ ...given, findings: [...given.findings, more] }, by).score).toBeGreaterThanOrEqual(before);
        expect(score({ ...given, confidence: given.confidence / 2 }, by).score).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('does not depend on the order of findings', () => {
    fc.assert(
      fc.property(input, fc.shuffledSubarray(FINDINGS, { minLength: FINDINGS.length }), (given, order) => {
        const shuffled = order.filter((code) => given.findings.includes(code));
        expect(score({ ...given, findings: shuffled }, DEFAULT_WEIGHTS)).toEqual(score(given, DEFAULT_WEIGHTS));
      }),
    );
  });

  it('is the stated function of its components, in any order, with four decimals', () => {
    fc.assert(
      fc.property(input, weights, (given, by) => {
        const { score: stated, components } = score(given, by);
        expect(sumOf([...components].reverse())).toBe(stated);
        const plain = components.reduce((sum, { value, weight: share }) => sum + value * share, 0);
        expect(Math.abs(stated - Math.min(1, plain))).toBeLessThanOrEqual(0.000_051);
        for (const number of [stated, ...components.map(({ value }) => value)]) {
          expect(number).toBe(Number(number.toFixed(4)));
          expect(number >= 0 && number <= 1 && !Object.is(number, -0)).toBe(true);
        }
      }),
    );
  });

  it('explains each component by its fact', () => {
    const { components } = score({ facts: { ...risky, recent_escalation: 'unknown' }, findings: ['renamed', 'hris_date_differs'], confidence: 0.93 }, DEFAULT_WEIGHTS);
    expect(components).toEqual([
      { name: 'privilege', value: 1, weight: 0.42, because: 'holds administrator rights' },
      { name: 'production_ownership', value: 1, weight: 0.38, because: 'owns a production system' },
      { name: 'hris_disagreement', value: 1, weight: 0.08, because: 'the HRIS knows the person under a new name' },
      { name: 'recent_escalation', value: 0.5, weight: 0.08, because: 'it is not known: rights were escalated recently?' },
      { name: 'parse_confidence', value: 0.07, weight: 0.02, because: 'intake is sure to 0.93' },
    ]);
  });

  it('takes a confidence that is no share for none', () => {
    for (const confidence of [NaN, Infinity, 2, -1]) expect(total(harmless, [], confidence)).toBe(total(harmless, [], 0));
  });
});

describe('weights', () => {
  it('are read from settings', () => {
    fc.assert(fc.property(weights, (given) => expect(parseWeights(JSON.parse(JSON.stringify(given)) as typeof given)).toEqual(given)));
  });

  it.each<[string, Parameters<typeof parseWeights>[0], RegExp]>([
    ['no object', [1], /must be an object/u],
    ['a missing member', {}, /privilege must be a number/u],
    ['a text', { ...DEFAULT_WEIGHTS, privilege: '0.4' }, /privilege must be a number/u],
    ['a negative weight', { ...DEFAULT_WEIGHTS, hris_disagreement: -0.1 }, /hris_disagreement must be a number/u],
    ['a weight above 1', { ...DEFAULT_WEIGHTS, parse_confidence: 4 }, /parse_confidence must be a number/u],
    ['five decimals', { ...DEFAULT_WEIGHTS, privilege: 0.42001 }, /privilege must have at most four decimals/u],
    ['a misspelt member', { ...DEFAULT_WEIGHTS, priviledge: 0.1 }, /priviledge is not a component/u],
  ])('with %s are refused by name', (_, value, message) => {
    expect(() => parseWeights(value)).toThrow(message);
  });
});
