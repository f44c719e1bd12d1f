import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { Book, type BookMachine, EntrySeal, type EventStore, type NewEntry } from '#ledger';
import { reach, startStore } from './store-stage.js';

const SEAL = new EntrySeal(new Uint8Array(32).fill(9));
const BASE_PORT = 9680;
const BATCH = 64;
const BATCHES = 150;
const SINGLE = { inFlight: 256, commands: 8_000, unbatched: 1_500 };
/** Each way runs so often, in turn, so that what else the machine does falls on both. */
const ROUNDS = 4;
/** About what an entry of a case holds. */
const FILL = 'x'.repeat(700);

const note = (): NewEntry => ({ type: 'note.taken', case: null, actor: 'bench', data: { note: randomUUID(), fill: FILL } });

/** A machine that writes what it is told and remembers nothing. */
const NOTES: BookMachine<null, readonly NewEntry[]> = { initial: null, evolve: () => null, decide: (notes) => notes, entriesOf: () => 0 };

/** What chaining costs in batches, and what batching wins for single commands, against the embedded store over TLS. */
export async function measureCommitter(write: (line: string) => void): Promise<void> {
  const stage = await startStore(BASE_PORT);
  const { address, ca, user, password } = stage.access('gatekeeper');
  const client = new EventStoreDBClient({ endpoint: address, defaultDeadline: 5_000, throwOnAppendFailure: true }, { rootCertificate: ca });
  try {
    const store = stage.open('gatekeeper');
    const bookOf = (tenant: string) =>
      Book.open({ store, stream: `ledger-${tenant}`, tenant, opening: { type: 'ledger.opened', case: null, actor: 'bench', data: {} }, machine: NOTES, clock: () => new Date(), newId: randomUUID, seal: SEAL, patienceMs: 5_000 });
    const [batched, single, turned] = [await bookOf('batched'), await bookOf('single'), await bookOf('turned')];

    await batched.commit([note()]);
    const bytes = await lastEntry(store, 'ledger-batched', batched.head.seq);
    let revision = -1n;
    const plain = async (): Promise<void> => {
      const events = Array.from({ length: BATCH }, () => binaryEvent({ id: randomUUID(), type: 'note.taken', data: bytes }));
      const expectedRevision = revision < 0n ? ('no_stream' as const) : revision;
      ({ nextExpectedRevision: revision } = await client.appendToStream('ledger-plain', events, { credentials: { username: user, password }, expectedRevision }));
    };
    // so many single commands wait that each of the committer's appends carries a whole batch
    const chained = (): Promise<unknown> => batched.commit([note()]);
    const [plainRate, chainedRate] = await inTurns(
      async () => BATCH * (await rate(BATCHES, 1, plain)),
      () => rate(BATCHES * BATCH, SINGLE.inFlight, chained),
    );

    let turn: Promise<unknown> = Promise.resolve();
    const oneByOne = (): Promise<unknown> => (turn = turn.then(() => turned.commit([note()])));
    const [unbatchedRate, singleRate] = await inTurns(
      () => rate(SINGLE.unbatched, SINGLE.inFlight, oneByOne),
      () => rate(SINGLE.commands, SINGLE.inFlight, () => single.commit([note()])),
    );
    for (const book of [batched, single, turned]) await book.close();
    for (const line of [
      `Commits to the embedded store, entries of ${bytes.length} bytes`,
      reach(`chained, ${BATCH} events a batch, to unchained with one append in flight`, chainedRate / plainRate, { least: 0.9 }, `${chainedRate.toFixed()} and ${plainRate.toFixed()} events/s`),
      reach(`single commands, ${SINGLE.inFlight} in flight, to the same one by one`, singleRate / unbatchedRate, { least: 5 }, `${singleRate.toFixed()} and ${unbatchedRate.toFixed()} events/s`),
    ]) write(line);
  } finally {
    await client.dispose();
    await stage.end();
  }
}

/** The rate of both ways over all rounds, after one that warms up. */
async function inTurns(one: () => Promise<number>, other: () => Promise<number>): Promise<readonly [number, number]> {
  await one();
  await other();
  const rates: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push([await one(), await other()]);
  const harmonic = (values: readonly number[]): number => values.length / values.reduce((sum, value) => sum + 1 / value, 0);
  return [harmonic(rates.map(([first]) => first)), harmonic(rates.map(([, second]) => second))];
}

/** How often a second `work` is done with so many in flight. */
async function rate(count: number, inFlight: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return (count * 1_000) / (performance.now() - begun);
}

async function lastEntry(store: EventStore, stream: string, seq: number): Promise<Uint8Array> {
  for await (const { bytes } of store.read(stream, seq, 1)) return bytes;
  return new Uint8Array();
}
