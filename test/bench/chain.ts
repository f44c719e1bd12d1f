import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { Book, type BookMachine, EntrySeal, openStore } from '#ledger';
import { addressesAt } from '../../apps/console/addresses.js';
import { DIST } from '../../apps/console/gatehouse.js';
import { partsOf } from '../../apps/console/parts.js';
import { foldersOf, prepare } from '../../apps/console/set-up.js';
import { endTogether, Stack } from '../../apps/console/stack.js';
import { perSecond, quantile, underLoad } from './load.js';
import { fixed, table } from './table.js';

const SEAL = new EntrySeal(new Uint8Array(32).fill(9));
const BASE_PORT = 9650;
const TENANT = 'bench';
const SERIES = [
  { inFlight: 1, entries: 1_000 },
  { inFlight: 16, entries: 3_000 },
  { inFlight: 64, entries: 6_000 },
];
const WARM_UP = 500;
/** About what an entry of a case holds. */
const FILL = 'x'.repeat(700);

/** A machine that writes one entry a command and remembers nothing. */
const NOTES: BookMachine<null, string> = {
  initial: null,
  evolve: () => null,
  decide: (note) => [{ type: 'note.taken', case: null, actor: 'bench', data: { note, fill: FILL } }],
  entriesOf: () => 0,
};

/** Chained appends through a `Book` against unchained ones of as many bytes by the same client, to the embedded store over TLS. */
export async function measureChain(write: (line: string) => void): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const addresses = addressesAt(BASE_PORT);
  await prepare({ data, addresses, windowSeconds: 1, approvalSeconds: 1 });
  const { tls, secrets, logs } = foldersOf(data);
  const stack = new Stack(DIST, logs);
  endTogether(stack);
  await stack.start(partsOf(data, addresses, '').store);
  const ca = readFileSync(join(tls, 'ca.pem'));
  const address = addresses.store.replace('127.0.0.1', 'localhost');
  const identity = { user: 'gatekeeper', password: readFileSync(join(secrets, 'store-gatekeeper.password'), 'utf8').trim() };
  const store = openStore({ address, ca, ...identity });
  const client = new EventStoreDBClient({ endpoint: address, defaultDeadline: 5_000, throwOnAppendFailure: true }, { rootCertificate: ca });
  try {
    const opening = { type: 'ledger.opened', case: null, actor: 'bench', data: {} };
    const book = await Book.open({ store, stream: `ledger-${TENANT}`, tenant: TENANT, opening, machine: NOTES, clock: () => new Date(), newId: randomUUID, seal: SEAL, patienceMs: 5_000 });
    const credentials = { username: identity.user, password: identity.password };
    const chained = timed(() => book.commit(randomUUID()));
    await chained();
    const bytes = await lastEntry(store.read(`ledger-${TENANT}`, book.head.seq));
    const unchained = timed(async () => {
      await client.appendToStream('ledger-unchained', binaryEvent({ id: randomUUID(), type: 'note.taken', data: bytes }), { credentials });
    });
    const times = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
    for (const way of [unchained, chained]) await underLoad(times(WARM_UP), 16, way);
    const rows: string[][] = [];
    for (const { inFlight, entries } of SERIES) {
      const plain = await underLoad(times(entries), inFlight, unchained);
      const linked = await underLoad(times(entries), inFlight, chained);
      rows.push([`${fixed(inFlight)} in flight`, fixed(perSecond(linked) / perSecond(plain), 2), fixed(perSecond(linked)), fixed(perSecond(plain)), fixed(quantile(linked, 0.5), 2), fixed(quantile(plain, 0.5), 2)]);
    }
    await book.close();
    for (const line of [`Ledger appends of ${fixed(bytes.length)} bytes, each its own command`, ...table(['', 'ratio', 'chained a second', 'unchained a second', 'chained p50 ms', 'unchained p50 ms'], rows)]) write(line);
  } finally {
    await client.dispose();
    await store.close();
    await stack.endAll();
    rmSync(data, { recursive: true, force: true });
  }
}

function timed(work: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
}

async function lastEntry(entries: AsyncIterable<{ readonly bytes: Uint8Array }>): Promise<Uint8Array> {
  for await (const { bytes } of entries) return bytes;
  return new Uint8Array();
}
