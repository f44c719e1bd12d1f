import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seal } from '#vault';
import { journalKey } from './journal-key.js';
import { sealState, unsealState } from './sealed-state.js';

const key = Buffer.alloc(32, 1);
const owner = { tenant: 'acme', case: 'c-1', portal: 'scim', account: 'u-1' };
const long = { exists: true, groups: Array.from({ length: 2000 }, (_, i) => `group "${i}" \\ 😀`) } as const;

describe('a sealed before-state', () => {
  it('comes back as it was, whatever the portal said, and no piece is larger than an entry may be', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }).filter((name) => !['exists', '__proto__'].includes(name)), fc.jsonValue()), (fields) => {
        const state = JSON.parse(JSON.stringify({ ...fields, exists: true })) as { exists: true };
        expect(unsealState(sealState(state, key, owner), key, owner)).toEqual(state);
      }),
      { numRuns: 50 },
    );
    const pieces = sealState(long, key, owner);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(JSON.stringify(piece).length).toBeLessThan(30_000);
    expect(unsealState(pieces, key, owner)).toEqual(long);
  });

  it('opens for no other account, and not with a piece missing, doubled or out of order', () => {
    const pieces = sealState(long, key, owner);
    for (const wrong of [pieces.slice(1), [...pieces].reverse(), [...pieces.slice(0, -1), pieces[0]!]]) {
      expect(() => unsealState(wrong, key, owner)).toThrow('sealed field');
    }
    expect(() => unsealState(pieces, key, { ...owner, account: 'u-2' })).toThrow('sealed field');
  });

  it('must be a portal state', () => {
    const place = JSON.stringify(['state.recorded', 'acme', 'c-1', 'scim', 'u-1', 1, 1]);
    expect(() => unsealState([seal('[]', key, place)], key, owner)).toThrow('no portal state');
    expect(() => unsealState([seal(1, key, place)], key, owner)).toThrow('no piece');
  });
});

describe('the journal key', () => {
  const kept = (key64: string | undefined) => ({ createOnce: () => Promise.resolve(false), read: () => Promise.resolve(key64 === undefined ? undefined : { key: key64 }) });
  it('is the one that was there first', async () => {
    expect(await journalKey(kept(key.toString('base64url')), 'p', Buffer.alloc(32, 2))).toEqual(key);
  });
  it('is not made again once it was erased, and is never another length', async () => {
    await expect(journalKey(kept(undefined), 'p', undefined)).rejects.toMatchObject({ code: 'before_unreadable' });
    await expect(journalKey(kept('AAAA'), 'p', undefined)).rejects.toMatchObject({ code: 'before_unreadable' });
  });
});
