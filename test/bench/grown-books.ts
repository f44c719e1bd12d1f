import { randomBytes, randomUUID } from 'node:crypto';
import { Book, type BookMachine, type Committed, decodeEntry, encodeEntry, type Entry, entryHash, EntrySeal, type EventStore, type NewEntry } from '#ledger';
import { stamped, wholeCase } from './case-story.js';

/** A case as a ledger grows by it: what the gatekeeper writes, and, in its place among that, what it takes up from the journal. */
type Written = readonly { readonly entry: Entry; readonly receipt: Entry['data'] | undefined }[];

interface Place {
  readonly case: string | null;
  readonly entries: number;
}

/** Writes what it is told; a case comes in one command, so only that one has to be counted. */
/** One for all books here. */
export const SEAL = new EntrySeal(new Uint8Array(32).fill(9));
const SCRIBE: BookMachine<Place, readonly NewEntry[]> = {
  initial: { case: null, entries: 0 },
  evolve: (state, { case: id }) => ({ case: id, entries: id === state.case ? state.entries + 1 : 1 }),
  decide: (entries) => entries,
  entriesOf: (state, id) => (state.case === id ? state.entries : 0),
};

const TOGETHER = 48;
const START = Date.parse('2026-03-02T09:00:00.000Z');

/** Grows both books of a tenant by whole cases, chained and appended as ever, until the ledger has `entries` entries or a few more. */
export async function growBooks(stores: { readonly ledger: EventStore; readonly journal: EventStore }, tenant: string, entries: number): Promise<void> {
  if (await entryAt(stores.ledger, `ledger-${tenant}`, entries - 1)) return;
  const template: Written = wholeCase().flat().map((entry) => ({ entry, receipt: entry.type === 'receipt.taken' ? (entry.data.entry as Entry['data']) : undefined }));
  let now = START;
  const open = (store: EventStore, stream: string, type: string) =>
    Book.open({ store, stream, tenant, opening: { type, case: null, actor: 'bench', data: {} }, machine: SCRIBE, clock: () => new Date(now), newId: randomUUID, seal: SEAL, patienceMs: 10_000 });
  const ledger = await open(stores.ledger, `ledger-${tenant}`, 'ledger.opened');
  const journal = await open(stores.journal, `doer-${tenant}`, 'journal.opened');
  const opened = await entryAt(stores.journal, `doer-${tenant}`, 0);
  if (opened && ledger.head.seq === 0) await ledger.commit([receiptOf(opened, null)]);
  while (ledger.head.seq + 1 < entries) {
    const ids = Array.from({ length: TOGETHER }, () => `c-${randomUUID()}`);
    now += TOGETHER * 1_000;
    const told = await Promise.all(ids.map((id) => journal.commit(template.flatMap(({ receipt }) => (receipt ? [{ ...stamped(receipt as unknown as Entry, id, random), actor: 'doer' }] : [])))));
    await Promise.all(ids.map((id, i) => ledger.commit(withReceipts(template, id, told[i]))));
  }
  await Promise.all([ledger.close(), journal.close()]);
}

function withReceipts(template: Written, id: string, told: Committed<Place> | undefined): readonly NewEntry[] {
  let next = 0;
  return template.map(({ entry, receipt }) => {
    const taken = receipt && told?.entries[next++];
    return taken ? receiptOf(taken, id) : stamped(entry, id, random);
  });
}

function receiptOf(taken: Entry, id: string | null): NewEntry {
  return { type: 'receipt.taken', case: id, actor: 'gatekeeper', data: { seq: taken.seq, hash: entryHash(encodeEntry(taken)), entry: { ...taken } } };
}

async function entryAt(store: EventStore, stream: string, seq: number): Promise<Entry | undefined> {
  for await (const { bytes } of store.read(stream, seq, 1)) return decodeEntry(bytes);
  return undefined;
}

function random(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length);
}
