import { afterEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Book, EntrySeal, encodeEntry, type Entry, entryHash, NO_PREVIOUS } from '#ledger';
import { type Tenant, type TenantCommand, tenantLedger } from '#lifecycle';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { TERMS } from '../../test/lifecycle/scenario.js';
import { takeReceipts } from './receipts.js';

const JOURNAL = 'doer-acme';
const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A gatekeeper's ledger that takes up a journal, both in one store in memory. */
class Stage {
  readonly store = new MemoryStore();
  readonly lines: string[] = [];
  #seq = -1;
  #prev = NO_PREVIOUS;

  async write(type: string): Promise<void> {
    const id = randomUUID();
    const entry: Entry = { v: 1, tenant: 'acme', incarnation: 'one', seq: this.#seq + 1, id, type, case: null, caseSeq: null, at: '2026-03-02T09:00:00.000Z', actor: 'doer', command: 'k', prev: this.#prev, data: {} };
    const bytes = encodeEntry(entry);
    await this.store.append(JOURNAL, [{ id, type, bytes }], this.#seq);
    [this.#seq, this.#prev] = [entry.seq, entryHash(bytes)];
  }

  async ledger(): Promise<Book<Tenant, TenantCommand>> {
    const ledger = await Book.open<Tenant, TenantCommand>({
      store: this.store, stream: 'ledger-acme', tenant: 'acme', opening: { type: 'ledger.opened', case: null, actor: 'gatekeeper', data: { by: 'gatekeeper' } },
      machine: tenantLedger(TERMS), clock: () => new Date('2026-03-02T10:00:00.000Z'), newId: randomUUID, seal: new EntrySeal(new Uint8Array(32).fill(9)), patienceMs: 1_000,
    });
    ended.push(() => ledger.close());
    return ledger;
  }

  /** Runs until the receipts end, or until the ledger holds so many. */
  async take(ledger: Book<Tenant, TenantCommand>, receipts = Infinity): Promise<void> {
    const over = new AbortController();
    const enough = (): void => {
      if (ledger.state.receipts.seq + 1 >= receipts) over.abort();
    };
    ledger.onEntry(enough);
    await takeReceipts({ ledger, settings: { id: 'acme' } }, this.store, over.signal, (event, facts) => void this.lines.push(`${event} ${String(facts?.code)}`));
  }
}

describe('receipts', () => {
  test('take up the journal in order, each entry once', async () => {
    const stage = new Stage();
    for (const type of ['journal.opened', 'doer.signature_rejected']) await stage.write(type);
    const ledger = await stage.ledger();
    await stage.take(ledger, 2);
    await stage.write('doer.signature_rejected');
    await stage.take(ledger, 3);
    expect([ledger.state.receipts.seq, ledger.stopped, stage.store.all('ledger-acme').length]).toEqual([2, false, 4]);
  });

  test('of what no doer may say stop the tenant: nothing is ordered from a doer whose journal is not believed', async () => {
    const stage = new Stage();
    for (const type of ['journal.opened', 'approval.granted']) await stage.write(type);
    const ledger = await stage.ledger();
    await stage.take(ledger);
    expect([ledger.stopped, ledger.trouble, stage.lines]).toEqual([true, 'receipt_foreign', ['receipts_interrupted receipt_foreign']]);
    await expect(ledger.commit({ do: 'lose', dependency: 'doer' })).rejects.toMatchObject({ code: 'tenant_stopped' });
  });

  test('of a journal that ends before the last receipt stop the tenant', async () => {
    const stage = new Stage();
    for (const type of ['journal.opened', 'doer.signature_rejected']) await stage.write(type);
    const ledger = await stage.ledger();
    await stage.take(ledger, 2);
    stage.store.rollBack(JOURNAL, 1);
    await stage.take(ledger);
    expect([ledger.stopped, ledger.trouble]).toEqual([true, 'store_behind']);
  });
});
