import { afterEach, describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { Clock, closeTallies, entryAfter, headOf, heard, keysOf, openTally, STREAM, type TallyBook, type TallyCommand } from '../../test/ledger/tally.js';

afterEach(closeTallies);

const note = (key: string): TallyCommand => ({ do: 'note', key });

describe('an append whose outcome is unknown', () => {
  const commands: readonly TallyCommand[] = [note('a'), { do: 'pair', key: 'b' }, { do: 'once', key: 'c' }];
  const keys = ['a', 'b', "b'", 'c'];

  test.each([['was not written', 'lost_before'], ['was written', 'lost_after']] as const)('and %s ends written once, each command answered with its entries', async (_name, fault) => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.fail(fault);
    const committed = await Promise.all(commands.map((command) => book.commit(command)));
    expect(committed.flatMap(({ entries }) => entries.map(({ data }) => data.key))).toEqual(keys);
    expect(keysOf(store)).toEqual(keys);
    expect(book.trouble).toBeUndefined();
  });

  test('and lands while it is tried again is written once', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.fail('late');
    const append = store.append.bind(store);
    store.append = (...args) => {
      store.landLate();
      return append(...args);
    };
    const committed = await Promise.all(commands.map((command) => book.commit(command)));
    expect(committed.map(({ entries }) => entries.length)).toEqual([1, 2, 1]);
    expect(keysOf(store)).toEqual(keys);
  });

  test('and lands after it was written again finds no room', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.fail('late');
    await Promise.all(commands.map((command) => book.commit(command)));
    store.landLate();
    expect(keysOf(store)).toEqual(keys);
    expect((await headOf(store)).seq).toBe(store.all(STREAM).length - 1);
  });
});

describe('a store that stays away', () => {
  test('longer than the patience rejects what waits, and the book recovers by itself', async () => {
    const store = new MemoryStore();
    const book = await openTally(store, { patienceMs: 0 });
    store.away = true;
    const results = await Promise.allSettled([book.commit(note('a')), book.commit(note('b'))]);
    expect(results).toMatchObject([{ reason: { code: 'store_unreachable' } }, { reason: { code: 'store_unreachable' } }]);
    expect(book.trouble).toBe('store_unreachable');
    store.away = false;
    await book.commit(note('c'));
    expect(book.trouble).toBeUndefined();
    expect(keysOf(store)).toEqual(['c']);
  });

  test('and wrote the last append after all: what was given up late is seen, not fatal', async () => {
    const store = new MemoryStore();
    const clock = new Clock();
    const book = await openTally(store, { clock: clock.read, patienceMs: 1_000 });
    const append = store.append.bind(store);
    store.fail('late');
    store.append = async (...args) => {
      clock.now += 600;
      if (store.tries > 1) store.landLate();
      await append(...args);
    };
    const { entries } = await book.commit(note('a'));
    expect([entries.length, keysOf(store), book.trouble]).toEqual([1, ['a'], undefined]);
  });

  test('within the patience is only waited for', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.fail('lost_before', 'lost_before');
    expect((await book.commit(note('a'))).entries).toHaveLength(1);
  });

  test('ends a subscription, which goes on where it was', async () => {
    const store = new MemoryStore();
    const [one, other] = [await openTally(store), await openTally(store)];
    const seen: unknown[] = [];
    one.onEntry(({ data }) => seen.push(data.key));
    void one.follow();
    const [first, second] = ['a', 'b'].map((key) => heard(one, key));
    await other.commit(note('a'));
    await first;
    store.cut();
    await other.commit(note('b'));
    await second;
    expect(seen).toEqual(['a', 'b']);
  });

  test('because it refuses this writer answers at once, and takes it back when the right is given', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.fail('refused');
    await expect(book.commit(note('a'))).rejects.toMatchObject({ code: 'store_refused' });
    expect(book.trouble).toBe('store_refused');
    await book.commit(note('b'));
    expect([keysOf(store), book.trouble]).toEqual([['b'], undefined]);
  });
});

describe('a store that lost or changed what was there stops the tenant', () => {
  const forged = (book: TallyBook, store: MemoryStore): void => {
    const event = entryAfter(book.head, 'forged', { prev: 'f'.repeat(64) });
    store.tamper(STREAM, [...store.all(STREAM), { ...event, revision: book.head.seq + 1 }]);
  };
  const stopped = async (book: TallyBook, code: string): Promise<void> => {
    await expect(book.commit(note('next'))).rejects.toMatchObject({ code: 'tenant_stopped' });
    expect([book.trouble, book.stopped]).toEqual([code, true]);
  };

  test.each([
    ['was rolled back', 'store_behind', (store: MemoryStore) => store.rollBack(STREAM, 2)],
    ['is empty', 'store_behind', (store: MemoryStore) => store.rollBack(STREAM, 0)],
    ['went on otherwise after a roll-back', 'prev_mismatch', (store: MemoryStore) => store.tamper(STREAM, store.all(STREAM).with(-1, { ...store.all(STREAM).at(-1)!, bytes: Buffer.from('{}') }))],
  ])('at the next write, when it %s', async (_name, code, harm) => {
    const store = new MemoryStore();
    const book = await openTally(store);
    for (const key of ['a', 'b', 'c']) await book.commit(note(key));
    harm(store);
    store.fail('lost_before');
    await expect(book.commit(note('d'))).rejects.toMatchObject({ code: 'tenant_stopped', cause: { code } });
    await stopped(book, code);
  });

  test('at the next write, when somebody appended what does not fit', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    forged(book, store);
    await Promise.all([1, 2].map(() => expect(book.commit(note('a'))).rejects.toMatchObject({ code: 'tenant_stopped' })));
    await stopped(book, 'prev_mismatch');
    expect(keysOf(store)).toEqual(['forged']);
  });

  test('when a follower sees it, and what is queued then is not written', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    forged(book, store);
    await book.follow();
    await stopped(book, 'prev_mismatch');
    expect(store.tries).toBe(1);
  });

  test('and what was queued behind an append is not even tried', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    store.beforeAck = async () => {
      store.rollBack(STREAM, 1);
      forged(book, store);
      await book.follow();
    };
    const results = await Promise.allSettled(Array.from({ length: 65 }, (_, i) => book.commit(note(`k${i}`))));
    expect(results.at(-1)).toMatchObject({ reason: { code: 'tenant_stopped' } });
    expect(store.tries).toBe(2);
  });

  test('when the connection comes back to an older store', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    await book.commit(note('a'));
    store.rollBack(STREAM, 1);
    await book.follow();
    await stopped(book, 'store_behind');
  });
});
