import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Facts, held, type Weighed, worse } from './facts.js';

const answer = fc.constantFrom<boolean | 'unknown'>(true, false, 'unknown');
const facts: fc.Arbitrary<Facts> = fc.record({
  privilege: fc.constantFrom<Facts['privilege']>('none', 'elevated', 'admin', 'unknown'),
  production_owner: answer,
  recent_escalation: answer,
  hris_status: fc.constantFrom<Facts['hris_status']>('terminated', 'leaving', 'active', 'unknown', 'absent'),
  employment: fc.constantFrom<Facts['employment']>('employee', 'contractor', 'unknown'),
  accounts: fc.nat({ max: 5 }),
});
const look: fc.Arbitrary<Weighed> = fc.record({ facts, findings: fc.subarray(['renamed', 'nobody', 'fact_unknown', 'source_unknown:scim']) });

// told once more, independently: how bad each value is for an order to go on without a human
const BAD: Record<string, number> = { none: 0, elevated: 1, unknown: 2, admin: 3, false: 0, true: 3, terminated: 0, leaving: 1, absent: 2, active: 4, employee: 0, contractor: 1 };
const bad = (value: string | boolean | number): number => (typeof value === 'number' ? value : BAD[String(value)]!);
const NAMES = ['privilege', 'production_owner', 'recent_escalation', 'accounts'] as const;

describe('the worse of two looks', () => {
  it('does not depend on which came first, nor on how three are taken together', () => {
    fc.assert(fc.property(look, look, (a, b) => expect(worse(a, b)).toEqual(worse(b, a))));
    fc.assert(fc.property(look, look, look, (a, b, c) => expect(worse(worse(a, b), c)).toEqual(worse(a, worse(b, c)))));
  });

  it('of one look and itself is that look', () => {
    fc.assert(fc.property(look, (a) => expect(worse(a, a)).toEqual({ ...a, findings: a.findings.toSorted() })));
    fc.assert(fc.property(look, look, (a, b) => expect(worse(worse(a, b), b)).toEqual(worse(a, b))));
  });

  it('is never less severe than either', () => {
    fc.assert(
      fc.property(look, look, (a, b) => {
        const both = worse(a, b);
        for (const name of NAMES) expect(bad(both.facts[name])).toBe(Math.max(bad(a.facts[name]), bad(b.facts[name])));
        expect(both.findings).toEqual(expect.arrayContaining([...a.findings, ...b.findings]));
        for (const status of ['active', 'unknown'] as const)
          if (a.facts.hris_status === status) expect(['active', 'unknown']).toContain(both.facts.hris_status);
      }),
    );
  });

  it('lets no unknown fact vanish behind a known one', () => {
    fc.assert(
      fc.property(look, look, (a, b) => {
        const both = worse(a, b);
        for (const name of ['privilege', 'production_owner', 'recent_escalation'] as const)
          if (a.facts[name] === 'unknown') expect(both.facts[name] === 'unknown' || both.findings.includes('fact_unknown')).toBe(true);
      }),
    );
  });

  it('lets nobody look harmless after soft took their rights', () => {
    const before: Weighed = { facts: { privilege: 'admin', production_owner: true, recent_escalation: true, hris_status: 'leaving', employment: 'employee', accounts: 2 }, findings: [] };
    const fresh: Weighed = { facts: { ...before.facts, privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'terminated' }, findings: [] };
    expect(worse(before, fresh)).toEqual(before);
  });
});

describe('what accounts hold together', () => {
  const nothing = { privilege: 'none', production_owner: false, recent_escalation: false } as const;

  it('is the worst that any of them tells', () => {
    expect(held([nothing, { privilege: 'admin' }, {}], true)).toEqual({ ...nothing, privilege: 'admin' });
  });

  it('is unknown where none of them tells, and where a portal has not answered unless the worst is known', () => {
    expect(held([{ privilege: 'none' }], true)).toEqual({ privilege: 'none', production_owner: 'unknown', recent_escalation: 'unknown' });
    expect(held([{ ...nothing, production_owner: true }], false)).toEqual({ privilege: 'unknown', production_owner: true, recent_escalation: 'unknown' });
  });

  it('is nothing for who has no account anywhere, once every portal has said so', () => {
    expect(held([], true)).toEqual(nothing);
    expect(held([], false)).toEqual({ privilege: 'unknown', production_owner: 'unknown', recent_escalation: 'unknown' });
  });
});
