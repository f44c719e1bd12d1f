import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CAST } from './cast.js';
import { company } from './company.js';

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const founding = { seed: 7, size: 500, today: '2026-11-23' };

describe('a seeded company', () => {
  it('is the same for the same founding, and another for another seed', () => {
    expect(digest(company(founding))).toBe(digest(company(founding)));
    expect(digest(company({ ...founding, seed: 8 }))).not.toBe(digest(company(founding)));
  });

  it('has 500 people of every kind that a story asks for', () => {
    const people = company(founding);
    expect(people).toHaveLength(500);
    const count = (is: (person: (typeof people)[number]) => boolean): number => people.filter(is).length;
    expect(count((p) => p.employmentType === 'contractor')).toBeGreaterThan(30);
    expect(count((p) => p.roles.includes('admin'))).toBeGreaterThan(4);
    expect(count((p) => p.ownerOf.some(({ production }) => production))).toBeGreaterThan(5);
    expect(count((p) => p.status === 'leaving' && p.lastDay !== null)).toBeGreaterThan(5);
    expect(count((p) => p.status === 'terminated')).toBeGreaterThan(2);
    expect(new Set(people.map((p) => p.department)).size).toBe(9);
  });

  it('has its cast at fixed numbers', () => {
    const byNumber = new Map(company(founding).map((p) => [p.employeeNumber, p]));
    expect(byNumber.get(CAST.leaver)).toMatchObject({ displayName: 'Marta Kowalska', status: 'leaving', lastDay: '2026-11-23', roles: [], ownerOf: [] });
    expect(byNumber.get(CAST.productionOwner)).toMatchObject({ roles: ['admin'], ownerOf: [{ system: 'payments-db', production: true }, {}] });
    expect(byNumber.get(CAST.renamed)).toMatchObject({ workEmail: 'elena.petrova@acme.example', formerEmails: ['elena.sokolova@acme.example'] });
    const [one, other] = CAST.namesakes.map((number) => byNumber.get(number));
    expect(one?.displayName).toBe(other?.displayName);
    expect(one?.workEmail).not.toBe(other?.workEmail);
    for (const number of [CAST.requester, ...CAST.approvers]) expect(byNumber.get(number)?.status).toBe('active');
  });

  it('whatever the seed: addresses and numbers are unique, managers exist, and whoever leaves has a last day', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const people = company({ ...founding, seed });
        const numbers = new Set(people.map((p) => p.employeeNumber));
        expect(numbers.size).toBe(500);
        expect(new Set(people.map((p) => p.workEmail)).size).toBe(500);
        for (const p of people) {
          expect(p.managerEmployeeNumber === null || numbers.has(p.managerEmployeeNumber)).toBe(true);
          expect(p.lastDay !== null).toBe(p.status === 'leaving' || p.status === 'terminated');
        }
      }),
      { numRuns: 15 },
    );
  });
});
