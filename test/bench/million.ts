import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DoerJournal, doerJournal, JOURNAL_CODEC } from '#execution';
import { Book, type BookMachine, type NewEntry, noteSigner, SnapshotFile, type StateCodec } from '#ledger';
import { TENANT_CODEC, type Tenant, type TenantCommand, tenantLedger } from '#lifecycle';
import { TenantNotary } from '../../apps/notary/tenant-notary.js';
import { TERMS } from '../lifecycle/scenario.js';
import { playCase, type TwoBooks } from './case-story.js';
import { growBooks, SEAL } from './grown-books.js';
import { measureServing } from './serving.js';
import { reach, startStore, type StoreStage } from './store-stage.js';
import { measureVerifying } from './verifying.js';

const BASE_PORT = 9700;
const [LONG, SHORT, SERVED] = ['million', 'thousand', 'served'];
const SIZES = { short: 1_000, served: 50_000 };
const [ROUNDS, CASES] = [8, 6];

/**
 * What a book of a million entries costs: to start on it, to write the next case into it, to verify it, to hand it out.
 * @param args - how many entries, and a folder to keep the grown store in for another run.
 */
export async function measureMillion(write: (line: string) => void, [entries = '1000000', folder]: readonly string[]): Promise<void> {
  const stage = await startStore(BASE_PORT, folder);
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  try {
    const stores = { ledger: stage.open('gatekeeper'), journal: stage.open('doer') };
    for (const [tenant, size] of [[SHORT, SIZES.short], [SERVED, SIZES.served], [LONG, Number(entries)]] as const) await growBooks(stores, tenant, size);
    write(`Books of ${entries} ledger entries, and the journal beside`);
    for await (const line of starts(stage, scratch)) write(line);
    write(await nextCase(stage, scratch, entries));
    for (const line of await measureServing(stage, SERVED)) write(line);
    for (const line of await measureVerifying(stage, LONG, scratch)) write(line);
  } finally {
    await stage.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Opening<State, Command> {
  readonly tenant: string;
  readonly prefix: 'ledger-' | 'doer-';
  readonly machine: BookMachine<State, Command>;
  readonly codec: StateCodec<State>;
}

const ledgerOf = (tenant: string): Opening<Tenant, TenantCommand> => ({ tenant, prefix: 'ledger-', machine: tenantLedger(TERMS), codec: TENANT_CODEC });
/** A doer's fold, which writes what it is told. */
const journalOf = (tenant: string): Opening<DoerJournal, readonly NewEntry[]> => ({
  tenant, prefix: 'doer-', machine: { ...doerJournal({ tenant: TERMS.tenant, windowSeconds: TERMS.windowSeconds, attempts: 3 }), decide: (entries) => entries }, codec: JOURNAL_CODEC,
});

const key = randomBytes(32);
const clock = { now: Date.parse('2026-06-01T00:00:00.000Z') };

function openBook<State, Command>(stage: StoreStage, scratch: string, { tenant, prefix, machine, codec }: Opening<State, Command>): Promise<Book<State, Command>> {
  const stream = `${prefix}${tenant}`;
  const snapshots = new SnapshotFile({ folder: scratch, tenant, stream, code: 'bench', key, codec, heard: (event, code) => console.error(`${event} ${code}`) });
  return Book.open({
    store: stage.open(prefix === 'ledger-' ? 'gatekeeper' : 'doer'), stream, tenant, machine, snapshots,
    opening: { type: 'ledger.opened', case: null, actor: 'bench', data: {} }, clock: () => new Date(clock.now), newId: randomUUID, seal: SEAL, patienceMs: 10_000,
  });
}

async function* starts(stage: StoreStage, scratch: string): AsyncGenerator<string> {
  const line = (who: string, whole: number, again: number): string =>
    reach(`${who} ready with what it kept, to reading all of it`, again / whole, { most: 0.05 }, `${(again / 1_000).toFixed(2)} s and ${(whole / 1_000).toFixed(1)} s`);
  const book = async <State, Command>(who: string, opening: Opening<State, Command>): Promise<string> => {
    const open = async (): Promise<number> => {
      const begun = performance.now();
      const opened = await openBook(stage, scratch, opening);
      const took = performance.now() - begun;
      await opened.close();
      return took;
    };
    return line(who, await open(), await open());
  };
  const notary = async (): Promise<number> => {
    const begun = performance.now();
    let started: TenantNotary | undefined;
    const took = await new Promise<number>((resolve) => {
      const log = (event: string): void => {
        if (event === 'following') resolve(performance.now() - begun);
      };
      started = new TenantNotary({
        store: stage.open('notary'), tenant: LONG, host: 'bench.example', signerOf: (origin) => noteSigner(origin, new Uint8Array(32).fill(7)), folder: join(scratch, 'checkpoints'), signEveryMs: 60_000,
        clock: () => new Date(), newId: randomUUID, log,
      });
    });
    await started?.close();
    return took;
  };
  yield await book('gatekeeper', ledgerOf(LONG));
  yield await book('doer', journalOf(LONG));
  yield line('notary', await notary(), await notary());
}

/** The same case in turns on both books, each of its commands awaited. */
async function nextCase(stage: StoreStage, scratch: string, entries: string): Promise<string> {
  const openBoth = async (tenant: string): Promise<TwoBooks> => ({ ledger: await openBook(stage, scratch, ledgerOf(tenant)), journal: await openBook(stage, scratch, journalOf(tenant)) });
  const [long, short] = [await openBoth(LONG), await openBoth(SHORT)];
  const took = { long: [] as number[], short: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, books] of [['short', short], ['long', long]] as const) {
      for (let i = 0; i < CASES; i += 1) {
        const ms = await playCase(books, `c-${randomUUID()}`, clock);
        // the first round warms up
        if (round > 0) took[name].push(ms);
      }
    }
  }
  await Promise.all([long, short].flatMap(({ ledger, journal }) => [ledger.close(), journal.close()]));
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const [atLong, atShort] = [middle(took.long), middle(took.short)];
  return reach(`the next case at ${entries} entries, to one at 1000`, atLong / atShort, { most: 1.2 }, `p50 ${atLong.toFixed(1)} ms and ${atShort.toFixed(1)} ms, ${took.long.length} cases each`);
}
