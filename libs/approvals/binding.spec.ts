import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandOf, type Binding, bindingDigest, canonicalBinding, differences, sameBinding, shortCode } from './index.js';

const digest = (digit: string): string => digit.repeat(64);
const binding: Binding = {
  tenant: 'acme',
  case: 'c-1',
  outcome: 'require_hitl',
  band: 'high',
  plan: digest('a'),
  policy: digest('b'),
  data: digest('c'),
  facts: { 'hris.status': 'active', roles: ['admin'] },
  phases: ['soft', 'hard'],
};
const changed: readonly (readonly [string, Binding])[] = [
  ['tenant', { ...binding, tenant: 'other' }],
  ['case', { ...binding, case: 'c-2' }],
  ['outcome', { ...binding, outcome: 'allow' }],
  ['band', { ...binding, band: 'elevated' }],
  ['plan', { ...binding, plan: digest('d') }],
  ['policy', { ...binding, policy: digest('d') }],
  ['data', { ...binding, data: digest('d') }],
  ['phases', { ...binding, phases: ['soft'] }],
  ['facts.roles', { ...binding, facts: { ...binding.facts, roles: [] } }],
  ['facts.manager', { ...binding, facts: { ...binding.facts, manager: 'p-7' } }],
  ['facts.hris.status', { ...binding, facts: { roles: ['admin'] } }],
];

describe('a binding', () => {
  it.each(changed)('no longer holds when %s changes, and says so', (name, other) => {
    expect(sameBinding(binding, other)).toBe(false);
    expect(differences(binding, other)).toEqual([name]);
  });

  it('does not depend on the order in which facts were found', () => {
    const turned = { ...binding, facts: { roles: ['admin'], 'hris.status': 'active' } };
    expect(bindingDigest(turned)).toBe(bindingDigest(binding));
    expect(differences(binding, turned)).toEqual([]);
  });

  it('names its purpose in the bytes that are signed', () => {
    expect(JSON.parse(canonicalBinding(binding))).toEqual({ purpose: 'gatehouse/approval/v1', ...binding });
  });

  it('differs exactly when something is named as different', () => {
    const facts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom<null | number | string>(null, 1, 'x'));
    fc.assert(
      fc.property(facts, facts, (one, two) => {
        const [a, b] = [{ ...binding, facts: one }, { ...binding, facts: two }];
        expect(differences(a, b).length === 0).toBe(sameBinding(a, b));
      }),
    );
  });
});

describe('risk band', () => {
  it.each([
    [0, 'low'], [0.399, 'low'], [0.4, 'elevated'], [0.749, 'elevated'], [0.75, 'high'], [0.949, 'high'],
    [0.95, 'critical'], [1, 'critical'], [Number.NaN, 'critical'], [-0.1, 'critical'], [2, 'critical'],
  ] as const)('of %s is %s', (score, band) => {
    expect(bandOf(score)).toBe(band);
  });
});

describe('short code', () => {
  it('spells the first forty bits', () => {
    expect(shortCode('0'.repeat(64))).toBe('0000-0000');
    expect(shortCode(`ffffffffff${'0'.repeat(54)}`)).toBe('ZZZZ-ZZZZ');
    expect(shortCode(`0000000001${'f'.repeat(54)}`)).toBe('0000-0001');
  });

  it('refuses what is no digest', () => {
    expect(() => shortCode('abc')).toThrow(RangeError);
  });
});
