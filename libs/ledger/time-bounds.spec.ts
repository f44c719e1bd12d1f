import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plusSeconds } from '#decider';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { CompactRange, type HeldHead, leafHash, timeBounds, type TimedHead, verifyBooks } from './index.js';

const START = '2026-11-23T09:00:00.000Z';
const at = (seconds: number): string => plusSeconds(START, seconds);
/** Ten entries, a minute apart. */
const ledger = sampleBook('acme', Array.from({ length: 10 }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n }, after: 60 })), START);
function held(size: number, times: Partial<HeldHead>): HeldHead {
  const tree = new CompactRange();
  for (const { bytes } of ledger.slice(0, size)) tree.append(leafHash(bytes));
  return { book: 'ledger', holder: 'notary', size, root: tree.root(), ...times };
}
const verify = (...heads: readonly HeldHead[]) => verifyBooks({ tenant: 'acme', ledger, held: heads });

describe('the times of an entry', () => {
  const heads: readonly TimedHead[] = [
    { size: 2, at: at(61) },
    { size: 4, at: at(200), cosignatures: [{ witness: 'w', at: at(202) }] },
    { size: 9, at: at(500), cosignatures: [{ witness: 'w', at: at(490) }] },
    { size: 10 },
  ];

  it('are the tightest of each clock on either side of it', () => {
    expect(timeBounds(4, heads)).toEqual({ after: [{ clock: 'notary', size: 4, at: at(200) }, { clock: 'w', size: 4, at: at(202) }], before: [{ clock: 'notary', size: 9, at: at(500) }, { clock: 'w', size: 9, at: at(490) }] });
    expect(timeBounds(0, heads)).toEqual({ after: [], before: [{ clock: 'notary', size: 2, at: at(61) }, { clock: 'w', size: 4, at: at(202) }] });
    expect(timeBounds(9, heads).before).toEqual([]);
  });

  it('hold for whoever signed at the time, whatever was signed when', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }), fc.array(fc.nat(20), { maxLength: 20 }), (pauses, sizes) => {
        const written = pauses.map((_, n) => pauses.slice(0, n + 1).reduce((sum, one) => sum + one, 0));
        // an honest notary signs at a time all that was written until then
        const signed = sizes.map((nth) => written[nth % written.length]!).map((time) => ({ size: written.filter((one) => one <= time).length, at: at(time) }));
        written.forEach((time, seq) => {
          const { after, before } = timeBounds(seq, signed);
          for (const bound of after) expect(bound.at < at(time)).toBe(true);
          for (const bound of before) expect(bound.at >= at(time)).toBe(true);
        });
      }),
    );
  });
});

describe('the verdict', () => {
  it('says how far the times are bounded, and where they are bounded least', async () => {
    const { verdict, time, rests_on } = await verify(held(2, { at: at(61) }), held(3, { at: at(121) }), held(8, { at: at(421), cosignatures: [{ witness: 'w', at: at(425) }] }));
    expect(verdict).toBe('consistent');
    expect(time.ledger).toEqual({ claimed: { from: at(0), to: at(540) }, bounded: 8, widest: { from: 3, to: 7, after: at(121), before: at(421) }, dated_back: { count: 0, entries: [] } });
    expect(rests_on).toContain(`a cosignature by w of ${at(425)} over 8 entries of the ledger`);
  });

  it('names entries that claim to be older than a head without them', async () => {
    const { verdict, time } = await verify(held(4, { at: at(300) }));
    // entry 4 claims 240: as far from 300 as two clocks may lie apart
    expect([verdict, time.ledger.dated_back]).toEqual(['consistent', { count: 0, entries: [] }]);
    expect((await verify(held(4, { at: at(301) }))).time.ledger.dated_back).toEqual({ count: 1, entries: [4] });
    expect((await verify(held(4, { at: at(240), cosignatures: [{ witness: 'w', at: at(1_000) }] }))).time.ledger.dated_back).toEqual({ count: 6, entries: [4, 5, 6, 7, 8, 9] });
  });

  it.each<[string, Partial<HeldHead>, string]>([
    ['its signing', { at: at(179) }, 'time_after_checkpoint'],
    ['a cosignature', { at: at(240), cosignatures: [{ witness: 'w', at: at(179) }] }, 'time_after_cosignature'],
  ])('refuses an entry below a head that claims to be younger than %s', async (_, times, code) => {
    // entry 4 claims 240
    expect(await verify(held(5, times))).toMatchObject({ verdict: 'inconsistent', finding: { book: 'ledger', seq: 4, code } });
    expect(await verify(held(5, { at: at(240), cosignatures: [{ witness: 'w', at: at(180) }] }))).toMatchObject({ verdict: 'consistent' });
  });
});
