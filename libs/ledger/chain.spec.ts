import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#decider';
import { encodeEntry, type Entry, entryHash, NO_PREVIOUS, type StoredEntry, verifyChain } from './index.js';

const LENGTH = 9;

function entryAt(seq: number, prev: string, changes: Partial<Entry> = {}): Entry {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString();
  const place = seq === 0 ? { type: 'ledger.opened', case: null, caseSeq: null } : { type: 'thing.happened', case: 'c-1', caseSeq: seq - 1 };
  return { v: 1, tenant: 'acme', incarnation: 'i-1', seq, id: `e-${seq}`, at, actor: 'test', command: `k-${seq}`, prev, data: { n: seq }, ...place, ...changes };
}

const stored = (entry: Entry, revision = entry.seq): StoredEntry => ({ revision, id: entry.id, type: entry.type, bytes: encodeEntry(entry) });

/** A book whose hashes fit; `change` is what its writer did otherwise, entry by entry. */
function book(length: number, change: (seq: number) => Partial<Entry> = () => ({})): StoredEntry[] {
  const events: StoredEntry[] = [];
  for (let seq = 0, prev = NO_PREVIOUS; seq < length; seq += 1) {
    events.push(stored(entryAt(seq, prev, change(seq))));
    prev = entryHash(events.at(-1)!.bytes);
  }
  return events;
}

const whole = book(LENGTH);
const renumbered = (events: readonly StoredEntry[]): StoredEntry[] => events.map((event, revision) => ({ ...event, revision }));
const flip = (event: StoredEntry, byte: number, bit: number): StoredEntry => ({ ...event, bytes: event.bytes.map((value, i) => (i === byte ? value ^ (1 << bit) : value)) });
const PLACES = [['first', 0], ['middle', 4], ['last', LENGTH - 1]] as const;

test('a book that nobody touched is consistent, and each entry is shown once in order', async () => {
  const seen: number[] = [];
  const verdict = await verifyChain(whole, 'acme', (entry, hash) => seen.push(entryHash(encodeEntry(entry)) === hash ? entry.seq : -1));
  expect(verdict).toMatchObject({ consistent: true, entries: LENGTH, head: { seq: LENGTH - 1, hash: entryHash(whole.at(-1)!.bytes), incarnation: 'i-1' } });
  expect(seen).toEqual([...Array(LENGTH).keys()]);
  expect(await verifyChain([], 'acme')).toMatchObject({ consistent: true, entries: 0 });
});

describe.each(PLACES)('at the %s entry', (name, place) => {
  const without = whole.filter((_event, i) => i !== place);
  const other = stored(entryAt(place, whole[place - 1] ? entryHash(whole[place - 1]!.bytes) : NO_PREVIOUS, { data: { n: 'forged' } }));

  test('something else in its place shows at the next one, and at the last one in the head', async () => {
    const verdict = await verifyChain(whole.with(place, other), 'acme');
    if (name === 'last') expect(verdict).toMatchObject({ consistent: true, head: { hash: entryHash(other.bytes) } });
    else expect(verdict).toMatchObject({ consistent: false, at: place + 1, code: 'prev_mismatch' });
  });

  test('a deletion shows there, and at the end in the head', async () => {
    for (const events of [without, renumbered(without)]) {
      const verdict = await verifyChain(events, 'acme');
      if (name === 'last') expect(verdict).toMatchObject({ consistent: true, head: { seq: LENGTH - 2 } });
      else expect(verdict).toMatchObject({ consistent: false, at: place, code: expect.stringMatching(/^(seq_gap|prev_mismatch)$/) });
    }
  });

  test('an entry twice shows', async () => {
    const twice = [...whole.slice(0, place + 1), ...whole.slice(place)];
    expect(await verifyChain(renumbered(twice), 'acme')).toMatchObject({ consistent: false, at: place + 1, code: 'seq_gap' });
    expect(await verifyChain(twice, 'acme')).toMatchObject({ consistent: false, at: place + 1, code: 'seq_gap' });
  });

  test('an entry more shows there or at the next one', async () => {
    const more = [...whole.slice(0, place), other, ...whole.slice(place)];
    expect(await verifyChain(renumbered(more), 'acme')).toMatchObject({ consistent: false, at: place + 1 });
  });

  test('two that changed places show', async () => {
    const at = Math.min(place, LENGTH - 2);
    const swapped = whole.with(at, whole[at + 1]!).with(at + 1, whole[at]!);
    expect(await verifyChain(renumbered(swapped), 'acme')).toMatchObject({ consistent: false, at, code: 'seq_gap' });
  });

  test('a row that says another type or id than its bytes shows', async () => {
    for (const lie of [{ type: 'approval.granted' }, { id: 'e-other' }])
      expect(await verifyChain(whole.with(place, { ...whole[place]!, ...lie }), 'acme')).toMatchObject({ consistent: false, at: place, code: 'row_mismatch' });
  });
});

test('an entry that stands at another place of the stream than it says shows', async () => {
  expect(await verifyChain(whole.map((event) => ({ ...event, revision: event.revision + 1 })), 'acme')).toMatchObject({ consistent: false, at: 0, code: 'seq_gap' });
});

test('any flipped bit shows: as a fault at that entry or the next, or in the head', async () => {
  const head = await verifyChain(whole, 'acme');
  await fc.assert(
    fc.asyncProperty(fc.nat(LENGTH - 1), fc.nat(), fc.nat(7), async (place, at, bit) => {
      const event = whole[place]!;
      const verdict = await verifyChain(whole.with(place, flip(event, at % event.bytes.length, bit)), 'acme');
      if (verdict.consistent) expect([place, verdict]).toEqual([LENGTH - 1, expect.not.objectContaining({ head: head.consistent && head.head })]);
      else expect([place, place + 1]).toContain(verdict.at);
    }),
    { numRuns: 300 },
  );
});

describe('a book that its own writer chained otherwise', () => {
  const otherwise = (at: number, changes: Partial<Entry>): StoredEntry[] => book(LENGTH, (seq) => (seq >= at ? changes : {}));

  test.each<[string, StoredEntry[], number, string]>([
    ['for another tenant', otherwise(0, { tenant: 'globex' }), 0, 'tenant_mismatch'],
    ['for another tenant from somewhere on', otherwise(5, { tenant: 'globex' }), 5, 'tenant_mismatch'],
    ['with time running backwards', otherwise(5, { at: '2025-12-31T00:00:00.000Z' }), 5, 'time_backwards'],
    ['with another incarnation that nobody opened', otherwise(5, { incarnation: 'i-2' }), 5, 'incarnation_mismatch'],
    ['without an opening entry', otherwise(0, { type: 'thing.happened' }), 0, 'incarnation_mismatch'],
    ['opened a second time in the middle', book(LENGTH, (seq) => (seq >= 5 ? { incarnation: 'i-2', ...(seq === 5 && { type: 'ledger.opened' }) } : {})), 5, 'incarnation_mismatch'],
    ['reopened before it was opened', otherwise(0, { type: 'ledger.reopened' }), 0, 'incarnation_mismatch'],
  ])('%s is refused', async (_name, events, at, code) => {
    expect(await verifyChain(events, 'acme')).toMatchObject({ consistent: false, at, code });
  });

  test('equal times are fine', async () => {
    expect(await verifyChain(otherwise(0, { at: '2026-01-01T00:00:00.000Z' }), 'acme')).toMatchObject({ consistent: true });
  });

  const known = { entries: 8, hash: null, incarnation: 'i-1', checkpoint: null };
  const restored = { entries: 5, hash: entryHash(whole[4]!.bytes) };
  const reopened = (data: JsonObject, incarnation = 'i-2', type = 'ledger.reopened') => book(LENGTH, (seq) => (seq >= 5 ? { incarnation, ...(seq === 5 && { type, data }) } : {}));

  test('a reopening by an operator starts a new incarnation', async () => {
    expect(await verifyChain(reopened({ restored, known }), 'acme')).toMatchObject({ consistent: true, head: { incarnation: 'i-2' } });
    expect(await verifyChain(reopened({ restored, known }, 'i-2', 'journal.reopened'), 'acme')).toMatchObject({ consistent: true });
  });

  test.each<[string, JsonObject, string]>([
    ['that goes on in the old incarnation', { restored, known }, 'i-1'],
    ['that says nothing', {}, 'i-2'],
    ['of more than it must say', { restored, known, why: 'x' }, 'i-2'],
    ['of other entries than stand before it', { restored: { ...restored, hash: 'f'.repeat(64) }, known }, 'i-2'],
    ['of another number of entries', { restored: { ...restored, entries: 4 }, known }, 'i-2'],
    ['that lost nothing', { restored, known: { ...known, entries: 5 } }, 'i-2'],
  ])('a reopening %s is refused', async (_name, data, incarnation) => {
    expect(await verifyChain(reopened(data, incarnation), 'acme')).toMatchObject({ consistent: false, at: 5, code: incarnation === 'i-1' ? 'incarnation_mismatch' : 'reopening_malformed' });
  });

  test('a rewrite with recomputed hashes is consistent in itself, and has another head', async () => {
    const rewritten = book(LENGTH, (seq) => (seq === 4 ? { data: { n: 'forged' } } : {}));
    const [was, is] = [await verifyChain(whole, 'acme'), await verifyChain(rewritten, 'acme')];
    expect(is).toMatchObject({ consistent: true });
    expect(is).not.toEqual(was);
  });
});

test('an entry that overflows any parser is a finding, not a crash', async () => {
  const bytes = Buffer.from('['.repeat(30_000) + ']'.repeat(30_000));
  expect(await verifyChain([{ ...whole[0]!, bytes }], 'acme')).toMatchObject({ consistent: false, at: 0, code: 'not_canonical' });
});
