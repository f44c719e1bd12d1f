import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Approver, eligible, quorumReached, standing, type Vote } from './index.js';

const approver = (person: string, roles = ['approver']): Approver => ({
  person,
  slack: { team: 'T01', user: `U${person}` },
  passkey: { credentialId: person, publicKey: '', counter: 0 },
  roles,
});
const people = ['p-1', 'p-2', 'p-3', 'p-4'];
const votes: fc.Arbitrary<Vote[]> = fc.array(
  fc.record({ person: fc.constantFrom(...people), vote: fc.constantFrom('approve' as const, 'reject' as const) }),
);

describe('who may approve', () => {
  it('leaves out every requester, the subject, and whoever lacks the role', () => {
    const all = [approver('p-1'), approver('p-2'), approver('p-3'), approver('p-4', ['auditor']), approver('p-5')];
    expect(eligible(all, { requesters: ['p-1', 'p-5'], subject: 'p-2' }).map((a) => a.person)).toEqual(['p-3']);
  });

  it('leaves nobody where all are parties', () => {
    expect(eligible([approver('p-1')], { requesters: ['p-1'], subject: null })).toEqual([]);
  });

  it('drops the vote of a person who lost the role', () => {
    const cast: Vote[] = [{ person: 'p-1', vote: 'approve' }, { person: 'p-2', vote: 'approve' }];
    expect(quorumReached(standing(cast, [approver('p-1')]), 2)).toBe(false);
  });
});

describe('quorum', () => {
  it('is never reached by fewer distinct people than needed, whatever was repeated', () => {
    fc.assert(
      fc.property(votes, fc.integer({ min: -1, max: 5 }), (cast, needed) => {
        const distinct = new Set(cast.filter((v) => v.vote === 'approve').map((v) => v.person)).size;
        const rejected = cast.some((v) => v.vote === 'reject');
        expect(quorumReached(cast, needed)).toBe(needed >= 1 && !rejected && distinct >= needed);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is never reached for %s needed', (needed) => {
    expect(quorumReached(people.map((person) => ({ person, vote: 'approve' })), needed)).toBe(false);
  });

  it('counts one person with two accounts once', () => {
    expect(quorumReached([{ person: 'p-1', vote: 'approve' }, { person: 'p-1', vote: 'approve' }], 2)).toBe(false);
  });
});
