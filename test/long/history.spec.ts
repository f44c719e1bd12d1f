import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { companyOf } from '../../dist/apps/console/history/company.js';
import { readEvents } from '../../dist/apps/console/history/events.js';
import { replay } from '../../dist/apps/console/history/replay.js';
import { linesOf, summarise, type Summary } from '../../dist/apps/console/history/summary.js';
import { type Books, bookFaults, byCase, readBooks, verification } from './books.js';
import { leaseFaults, type Lease, leasesOf } from './leases.js';
import { setStage, type Stage } from './stage.js';

const FILE = join(process.env['GATEHOUSE_SHARED'] ?? join(process.cwd(), '..', 'shared'), 'data', 'jml', 'rust-team.jsonl');
const there = existsSync(FILE);
if (!there) console.warn(`SKIPPED: the history of real leavers is not at ${FILE}; set GATEHOUSE_SHARED to the folder that holds data/jml/rust-team.jsonl`);

(there ? describe : describe.skip)('the leave events of a real history', () => {
  let stage: Stage, leavers: ReadonlySet<string>, summary: Summary, books: Books, leases: readonly Lease[];
  let verified: Awaited<ReturnType<typeof verification>>;

  beforeAll(async () => {
    const { people, leaves } = companyOf(readEvents(FILE));
    leavers = new Set(leaves.filter(({ renamed }) => !renamed).map(({ employee }) => employee));
    stage = await setStage({ basePort: 21_400, windowSeconds: 1, people });
    const begun = Date.now();
    const filed = await replay(stage.client, leaves, 24, () => undefined);
    summary = await summarise(stage.client, filed, (Date.now() - begun) / 1000);
    console.log(linesOf(summary).join('\n'));
    verified = await verification(stage.client);
    books = await readBooks(stage.client);
    leases = await leasesOf(stage.client);
  }, 240_000);
  afterAll(() => stage.strike());

  it('are executed where somebody left, every one', () => {
    expect(summary.genuine).toEqual({ requests: 323, done: 323, held: 0, executed: 323 });
  });

  it('are held for a human where somebody only took another handle, every one', () => {
    expect(summary.renamed).toEqual({ requests: 35, done: 0, held: 35, executed: 0 });
  });

  it('leave no account of a leaver, and every account of who took another handle as it was', async () => {
    const { actions } = await stage.client.control('/control/actions');
    const calls = actions as { employeeNumber: string; what: string; changed: boolean }[];
    expect(new Set(calls.map(({ employeeNumber }) => employeeNumber))).toEqual(leavers);
    const deleted = calls.filter(({ what, changed }) => what === 'delete' && changed).map(({ employeeNumber }) => employeeNumber);
    expect(deleted.sort()).toEqual([...leavers, ...leavers].sort());
  });

  it('stand in books that fit, each journal entry with its receipt', () => {
    expect(bookFaults(verified)).toEqual([]);
    expect(books.journal.length).toBeGreaterThan(323);
  });

  it('took a lease for each portal and phase, each asked for in the journal first and given back within its step', () => {
    // two portals, soft and hard
    expect(leases).toHaveLength(323 * 4);
    expect(leaseFaults(leases, books.journal)).toEqual([]);
    // the check itself: without its request a lease is found
    const unasked = books.journal.find(({ type }) => type === 'lease.requested');
    expect(leaseFaults(leases, books.journal.filter((entry) => entry !== unasked))).toHaveLength(1);
  });

  it('had every order preceded by a gate that allowed it', () => {
    const ungated = [...byCase(books.ledger)].filter(([, entries]) =>
      entries.some(({ type }, i) => /^(?:soft|hard)\.ordered$/.test(type) && !entries.slice(0, i).some((earlier) => earlier.type === 'gate.decided' && earlier.data.phase === type.split('.')[0] && earlier.data.outcome === 'allow')),
    );
    expect(ungated).toEqual([]);
  });
});
