import { describe, expect, it } from '@jest/globals';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { CompactRange, decodeEntry, entryHash, type HeldHead, leafHash, type StoredEntry, verifyBooks } from './index.js';

const said = (order: number): Said => ({ type: 'lease.requested', case: null, data: { order, portal: 'scim' } });
const journal = sampleBook('acme', [{ type: 'journal.opened', case: null, data: { app: 'doer' } }, said(1), said(2)]);
const receiptOf = ({ revision, bytes }: StoredEntry): Said => ({ type: 'receipt.taken', case: null, data: { seq: revision, hash: entryHash(bytes), entry: { ...decodeEntry(bytes) } } });
const story: readonly Said[] = [{ type: 'ledger.opened', case: null, data: {} }, ...journal.map(receiptOf), { type: 'case.ended', case: 'c-1', data: { as: 'done' } }];
const ledger = sampleBook('acme', story);
/** The same book with something else said at `place`, and every hash after it made again. */
const rewritten = (place: number): readonly StoredEntry[] => sampleBook('acme', story.with(place, { ...story[place]!, actor: 'thief' }));

function headOf(entries: readonly StoredEntry[], size: number, more: Partial<HeldHead> = {}): HeldHead {
  const tree = new CompactRange();
  for (const { bytes } of entries.slice(0, size)) tree.append(leafHash(bytes));
  return { book: 'ledger', holder: 'auditor', size, root: tree.root(), ...more };
}
const verify = (events: readonly StoredEntry[], ...held: readonly HeldHead[]) => verifyBooks({ tenant: 'acme', ledger: events, journal, held });

describe('the verdict', () => {
  it('rests on the books alone where no head is held, and says head and root of the same entries', async () => {
    const { root } = headOf(ledger, 5);
    expect(await verify(ledger)).toEqual({
      verdict: 'consistent',
      ledger: { entries: 5, head: { seq: 4, hash: entryHash(ledger[4]!.bytes), at: '2026-11-23T09:00:04.000Z' }, root: Buffer.from(root).toString('hex') },
      journal: { entries: 3, head: { seq: 2, hash: entryHash(journal[2]!.bytes), at: '2026-11-23T09:00:02.000Z' }, root: Buffer.from(headOf(journal, 3).root).toString('hex') },
      receipts: { matched: 3, missing: [], unreceipted: [] },
      time: {
        ledger: { claimed: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T09:00:04.000Z' }, bounded: 0, widest: null, dated_back: { count: 0, entries: [] } },
        journal: { claimed: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T09:00:02.000Z' }, bounded: 0, widest: null, dated_back: { count: 0, entries: [] } },
      },
      rests_on: ['the books themselves'],
    });
  });

  it('says what else it rests on, for heads of any size, of either book and of both holders', async () => {
    for (let size = 1; size <= 5; size += 1)
      expect(await verify(ledger, headOf(ledger, size))).toMatchObject({ verdict: 'consistent_with_pinned', rests_on: ['the books themselves', `a checkpoint over ${size} entries of the ledger that the auditor holds`] });
    const held = [headOf(ledger, 4, { holder: 'notary' }), headOf(ledger, 2, { holder: 'notary' }), headOf(journal, 3, { book: 'journal' })];
    expect(await verify(ledger, ...held)).toMatchObject({
      verdict: 'consistent_with_pinned',
      rests_on: ['the books themselves', 'a checkpoint over 4 entries of the ledger that the notary holds', 'a checkpoint over 3 entries of the journal that the auditor holds'],
    });
    expect(await verify(ledger, headOf(ledger, 4, { holder: 'notary' }))).toMatchObject({ verdict: 'consistent' });
  });

  it('on a book rewritten whole is consistent with itself, and inconsistent with any head that covers the change', async () => {
    const other = rewritten(4);
    expect(await verify(other)).toMatchObject({ verdict: 'consistent' });
    for (const holder of ['auditor', 'notary'] as const)
      expect(await verify(other, headOf(ledger, 2, { holder }), headOf(ledger, 5, { holder }))).toMatchObject({
        verdict: 'inconsistent',
        finding: { book: 'ledger', seq: 2, code: 'checkpoint_mismatch', message: expect.stringContaining('entries 2 to 4') },
        rests_on: ['the books themselves', `a checkpoint over 2 entries of the ledger that the ${holder} holds`],
      });
    expect(await verify(other, headOf(ledger, 4))).toMatchObject({ verdict: 'consistent_with_pinned' });
    expect(await verify(other, headOf(other, 5, { holder: 'notary' }), headOf(ledger, 5))).toMatchObject({ verdict: 'inconsistent', rests_on: [expect.anything(), expect.stringContaining('notary')] });
  });

  it('on a book whose tail was cut names the first entry that is gone', async () => {
    expect(await verify(ledger.slice(0, 4))).toMatchObject({ verdict: 'consistent' });
    expect(await verify(ledger.slice(0, 4), headOf(ledger, 5))).toMatchObject({ verdict: 'inconsistent', finding: { book: 'ledger', seq: 4, code: 'cut' } });
  });

  it('does not take an entry that says it was written after it was signed', async () => {
    const at = (time: string) => verify(ledger, headOf(ledger, 5, { holder: 'notary', at: time }));
    expect(await at('2026-11-23T08:59:04.000Z')).toMatchObject({ verdict: 'consistent' });
    expect(await at('2026-11-23T08:59:03.999Z')).toMatchObject({ verdict: 'inconsistent', finding: { seq: 4, code: 'time_after_checkpoint' } });
  });

  it('covers one book alone, but no head of a book that is not there', async () => {
    expect(await verifyBooks({ tenant: 'acme', ledger, held: [] })).not.toHaveProperty('receipts');
    await expect(verifyBooks({ tenant: 'acme', ledger, held: [headOf(journal, 1, { book: 'journal' })] })).rejects.toMatchObject({ code: 'journal_missing' });
  });
});
