import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verifyBooks, type Verification } from '#ledger';
import { type Books, headOver } from './books.js';
import { EndPoint } from './end-point.js';
import { ENTRY_HARMS } from './entry-harms.js';
import { historyRows } from './histories.js';
import { BOOKS, KEY, noteOver } from './kept.js';
import { tamperMatrix } from './matrix.js';
import { verifyOffline } from './offline.js';
import { type Row, tableOf } from './row.js';

const LENGTH = BOOKS.ledger.length;
let endPoint: EndPoint;
beforeAll(async () => {
  endPoint = await EndPoint.open({ acme: BOOKS });
});
afterAll(() => endPoint.close());

it('the books that are harmed below fit, alone and with what was kept of them', async () => {
  expect(await endPoint.over(BOOKS)).toMatchObject({ words: 'consistent', body: { receipts: { matched: BOOKS.journal.length } } });
  expect(await endPoint.over(BOOKS, { checkpoint: noteOver(LENGTH), signed: 40 })).toMatchObject({ words: 'consistent_with_pinned' });
  expect(await verifyOffline(BOOKS, [noteOver(40), noteOver(LENGTH)], [KEY])).toMatchObject({ code: 0, words: expect.stringContaining('consistent_with_pinned: ledger of acme, 81 entries') });
});

describe('each harm to a copy of the store', () => {
  const rows: Row[] = [];
  it('is found by the end point and offline, with the right entry named', async () => {
    rows.push(...(await tamperMatrix(endPoint)), ...(await historyRows(endPoint)));
    expect(rows.flatMap(({ missed }) => missed)).toEqual([]);
  }, 600_000);

  it('stands in docs/ledger.md with the words that it was found with, and the README counts them', () => {
    const table = tableOf(rows);
    const page = readFileSync('docs/ledger.md', 'utf8').split('\n');
    const from = page.indexOf(table[0]!);
    expect(page.slice(from, page.indexOf('', from))).toEqual(table);
    // every code by which something was found is one that the page explains
    const explained = new Set(page.flatMap((line) => /^\| `([a-z_]+)` \|/.exec(line)?.[1] ?? []));
    expect(rows.map(({ endPoint: words }) => words.split(': ')[1]).filter((code) => code !== undefined && !explained.has(code))).toEqual([]);
    expect(readFileSync('README.md', 'utf8')).toContain(`[${rows.filter(({ name }) => !name.endsWith(', at random')).length} ways to tamper](docs/ledger.md#what-must-fail)`);
  });
});

describe('at random', () => {
  const verdictOn = (books: Books): Promise<Verification> => verifyBooks({ tenant: 'acme', ledger: books.ledger, journal: books.journal, held: [headOver(BOOKS.ledger)], now: '2026-11-23T10:00:00.000Z' });

  it('a bit flipped anywhere is found, at that entry or the one after it; in the last one, by what was kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(LENGTH - 1), fc.nat(), fc.nat(7), async (at, place, bit) => {
        const stored = BOOKS.ledger[at]!;
        const bytes = stored.bytes.map((byte, i) => (i === place % stored.bytes.length ? byte ^ (1 << bit) : byte));
        const { verdict, finding } = await verdictOn({ ...BOOKS, ledger: BOOKS.ledger.with(at, { ...stored, bytes }) });
        expect(verdict).toBe('inconsistent');
        if (finding?.code !== 'checkpoint_mismatch') expect([at, at + 1]).toContain(finding?.seq);
      }),
      { numRuns: 300 },
    );
  });

  it('each harm to one entry is found, at the entry that it names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ENTRY_HARMS), fc.integer({ min: 1, max: LENGTH - 2 }), async ({ harm, named, pinned }, at) => {
        const { verdict, finding } = await verdictOn(harm(BOOKS, at));
        expect([verdict, finding?.seq]).toEqual(['inconsistent', pinned === 'always' && finding?.code === 'checkpoint_mismatch' ? 0 : named(at)]);
      }),
      { numRuns: 300 },
    );
  });
});
