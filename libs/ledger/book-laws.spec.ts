import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AppendFault, MemoryStore } from '../../test/ledger/memory-store.js';
import { openTally, STREAM, type TallyBook, type TallyCommand } from '../../test/ledger/tally.js';
import { decodeEntry, verifyChain } from './index.js';

type Step =
  | { readonly step: 'commit'; readonly writer: 0 | 1; readonly command: 'note' | 'pair' | 'once' | 'refuse' }
  | { readonly step: 'fault'; readonly fault: AppendFault }
  | { readonly step: 'landLate' | 'cut' | 'breathe' };

const commands = fc.record({ step: fc.constant('commit' as const), writer: fc.constantFrom<0 | 1>(0, 1), command: fc.constantFrom('note' as const, 'pair' as const, 'once' as const, 'refuse' as const) });
const faults = fc.record({ step: fc.constant('fault' as const), fault: fc.constantFrom<AppendFault>('lost_before', 'lost_after', 'late', 'refused') });
const others = fc.record({ step: fc.constantFrom('landLate' as const, 'cut' as const, 'breathe' as const) });
const steps = fc.array<Step>(fc.oneof({ weight: 6, arbitrary: commands }, { weight: 2, arbitrary: faults }, { weight: 2, arbitrary: others }), { maxLength: 24 });

const OTHERS = {
  landLate: (store: MemoryStore) => store.landLate(),
  cut: (store: MemoryStore) => store.cut(),
  breathe: async () => {
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
  },
};

interface Asked {
  readonly key: string;
  readonly command: TallyCommand;
  readonly book: TallyBook;
  readonly result: Promise<PromiseSettledResult<{ entries: readonly { seq: number }[] }>>;
}

const settled = async <T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> => (await Promise.allSettled([promise]))[0];

async function play(plan: readonly Step[]): Promise<{ store: MemoryStore; asked: readonly Asked[]; heard: readonly (readonly number[])[]; books: readonly TallyBook[] }> {
  const store = new MemoryStore();
  // patience of nothing: an unknown outcome is given up at once, which is the harder half of the law
  const books = [await openTally(store, { patienceMs: 0 }), await openTally(store, { patienceMs: 0 })];
  const heard = books.map((book) => {
    const seen: number[] = [];
    book.onEntry(({ seq }) => seen.push(seq));
    void book.follow();
    return seen;
  });
  const asked: Asked[] = [];
  for (const [i, step] of plan.entries()) {
    if ('fault' in step) store.fail(step.fault);
    else if (!('command' in step)) await OTHERS[step.step](store);
    else {
      const [key, book] = [`${step.command}${step.command === 'once' ? '' : i}`, books[step.writer]!];
      const command: TallyCommand = step.command === 'refuse' ? { do: 'refuse' } : { do: step.command, key };
      asked.push({ key, command, book, result: settled(book.commit(command)) });
    }
  }
  await Promise.all(asked.map(({ result }) => result));
  store.landLate();
  store.away = true;
  await Promise.all(books.map((book) => book.close()));
  return { store, asked, heard, books };
}

test('whatever fails in whatever order: what was answered is in the stream exactly once, and the chain holds', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { store, asked, heard, books } = await play(plan);
      const entries = store.all(STREAM).map(({ bytes }) => decodeEntry(bytes));
      expect(await verifyChain(store.all(STREAM), 'acme')).toMatchObject({ consistent: true });
      const count = (key: string): number => entries.filter(({ data }) => data.key === key).length;
      for (const { key, command, result } of asked) {
        const end = await result;
        if (end.status === 'fulfilled') {
          expect([key, count(key)]).toEqual([key, 1]);
          if (command.do !== 'once') expect(end.value.entries).toHaveLength(command.do === 'pair' ? 2 : 1);
          for (const { seq } of end.value.entries) expect(JSON.stringify(entries[seq]?.data.key).startsWith(`"${key}`)).toBe(true);
        } else {
          expect(end.reason).toMatchObject({ code: expect.stringMatching(/^(store_unreachable|store_refused|refused_here)$/) });
          expect(count(key)).toBeLessThanOrEqual(1);
        }
      }
      for (const [i, seen] of heard.entries()) expect(seen).toEqual(Array.from({ length: books[i]!.head.seq }, (_, n) => n + 1));
      for (const book of books) expect([book.stopped, book.state.keys]).toEqual([false, entries.slice(1, book.head.seq + 1).map(({ data }) => JSON.stringify(data.key))]);
    }),
    { numRuns: 200 },
  );
});

test('with patience nothing that passes is ever shown to the caller', async () => {
  const store = new MemoryStore();
  const book = await openTally(store);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom<AppendFault>('lost_before', 'lost_after', 'late'), { maxLength: 1 }), fc.uuid(), async (faultsOfOne, key) => {
      store.fail(...faultsOfOne);
      const results = await Promise.all([book.commit({ do: 'pair', key }), book.commit({ do: 'note', key: `${key}!` })]);
      expect(results.map(({ entries }) => entries.length)).toEqual([2, 1]);
      store.landLate();
      expect(store.all(STREAM).filter(({ bytes }) => decodeEntry(bytes).data.key === key)).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});
