import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#decider';
import { CompactRange, type HeldHead, jcs, leafHash, type StoredEntry, signCheckpoint, type Verification, verifyBooks } from '#ledger';
import { signerOf } from '../ledger/following-notary.js';
import { type Harm, honest, LOCAL_HARMS, WHOLE_HARMS } from './harms.js';
import { type Stores, verifyOffline } from './offline.js';

const books = honest();
const LENGTH = books.ledger.length;

function headOf(entries: readonly StoredEntry[], size = entries.length): { size: number; root: Uint8Array } {
  const range = new CompactRange();
  for (const { bytes } of entries.slice(0, size)) range.append(leafHash(bytes));
  return { size, root: range.root() };
}
const kept: HeldHead = { ...headOf(books.ledger), book: 'ledger', holder: 'auditor' };
const keptNote = signCheckpoint(kept, signerOf('ledger'));
/** What the verification end point answers with; the offline program calls it too, over exports. */
const verdictOn = (stores: Stores, held: readonly HeldHead[] = []): Promise<Verification> => verifyBooks({ tenant: 'acme', ...stores, held });

async function expectFound(harm: Harm, at: number): Promise<void> {
  const stores = harm.harm(books, at);
  const where = [harm.book ?? 'ledger', harm.named(at)] as const;
  if (harm.pinnedOnly) {
    expect(await verdictOn(stores)).toMatchObject({ verdict: 'consistent' });
    expect(await verifyOffline(stores)).toMatchObject({ code: 0, words: expect.stringMatching(/^consistent: /) });
  }
  const { verdict, finding } = await verdictOn(stores, harm.pinnedOnly ? [kept] : []);
  expect([verdict, finding?.book, finding?.seq]).toEqual(['inconsistent', ...where]);
  if (harm.storeOnly) return;
  expect(await verifyOffline(stores, harm.pinnedOnly ? keptNote : undefined)).toMatchObject({ code: 1, words: expect.stringContaining(`tampered: ${where.join(' entry ')}: `) });
}

it('the books that are harmed below fit, alone and with what was kept of them', async () => {
  expect(await verdictOn(books)).toMatchObject({ verdict: 'consistent', receipts: { matched: books.journal.length } });
  expect(await verdictOn(books, [kept])).toMatchObject({ verdict: 'consistent_with_pinned' });
  expect(await verifyOffline(books, keptNote)).toMatchObject({ code: 0, words: expect.stringContaining('consistent_with_pinned: ledger of acme, 81 entries') });
});

describe.each(LOCAL_HARMS.map((harm) => [harm.name, harm] as const))('an entry %s', (_, harm) => {
  const places = [...(harm.notAt === 'first' ? [2] : [0]), 40, LENGTH - 2, ...(harm.notAt === 'last' ? [] : [LENGTH - 1])];
  it.each(places)('is found at %i, in the store and in the export', async (at) => {
    await expectFound(harm, at);
  });
});

describe('what holds the books together', () => {
  it.each(WHOLE_HARMS.map((harm) => [harm.name, harm] as const))('is found broken by %s', async (_, harm) => {
    await expectFound(harm, 0);
  });
});

it('a bit flipped anywhere in any entry is found, at that entry or the one after it; in the last one, by what was kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(LENGTH - 1), fc.nat(), fc.nat(7), async (at, place, bit) => {
      const stored = books.ledger[at]!;
      const bytes = stored.bytes.map((byte, i) => (i === place % stored.bytes.length ? byte ^ (1 << bit) : byte));
      const { verdict, finding } = await verdictOn({ ...books, ledger: books.ledger.with(at, { ...stored, bytes }) }, [kept]);
      expect(verdict).toBe('inconsistent');
      if (finding?.code !== 'checkpoint_mismatch') expect([at, at + 1]).toContain(finding?.seq);
    }),
    { numRuns: 300 },
  );
});

it('a fork shown to two auditors: each half fits its own checkpoint, and fails that of the other', async () => {
  const fork = LOCAL_HARMS.find(({ name }) => name.startsWith('changed, and'))!.harm(books, 40);
  const other: HeldHead = { ...headOf(fork.ledger), book: 'ledger', holder: 'auditor' };
  expect([(await verdictOn(books, [kept])).verdict, (await verdictOn(fork, [other])).verdict]).toEqual(['consistent_with_pinned', 'consistent_with_pinned']);
  expect([(await verdictOn(books, [other])).verdict, (await verdictOn(fork, [kept])).verdict]).toEqual(['inconsistent', 'inconsistent']);
});

it('a thousand untouched stores of random content raise no alarm, odd texts, keys and numbers included', async () => {
  const odd = ['\u2028', '\u2029', '\r', '\u0000', '\u{10ffff}', '"', '\\', '__proto__', '10', '9', ''];
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...odd));
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-0, 1e21, 1e-7, 0.1, 2 ** 53), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true })),
  })).value;
  let alarms = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(text, json, { maxKeys: 4, noNullPrototype: true }), async (data) => {
      const stores = honest('acme', (n) => (n < 2 ? JSON.parse(Buffer.from(jcs(data as JsonObject)).toString()) : { n }) as JsonObject);
      const { verdict } = await verdictOn(stores, [{ ...headOf(stores.ledger, 50), book: 'ledger', holder: 'auditor' }]);
      if (verdict !== 'consistent_with_pinned') alarms += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(alarms).toBe(0);
}, 180_000);

it('the table in docs/ledger.md is this matrix', () => {
  const row = ({ name, book, pinnedOnly, storeOnly, named }: Harm): string => {
    const which = named(40) === 40 ? 'that entry' : named(40) === 41 ? 'the one after it' : pinnedOnly ? 'the first that no checkpoint proves' : `entry ${named(40)} of the ${book ?? 'ledger'}`;
    return `| ${name} | ${pinnedOnly ? 'only with a checkpoint that was kept' : 'yes'} | ${storeOnly ? 'not in an export' : pinnedOnly ? 'only with `--pin`' : 'yes'} | ${which} |`;
  };
  const rows = [...LOCAL_HARMS, ...WHOLE_HARMS].map(row);
  const page = readFileSync('docs/ledger.md', 'utf8').split('\n').filter((line) => /^\| .* \| (yes|only with)/.test(line));
  expect(page).toEqual(rows);
});
