import { afterEach, describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { Clock, closeTallies, entryAfter, headOf, heard, keysOf, openTally, STREAM, type TallyCommand } from '../../test/ledger/tally.js';

afterEach(closeTallies);

const note = (key: string, bytes = 0): TallyCommand => ({ do: 'note', key, bytes });

describe('a book', () => {
  test('is opened once, and folded from then on', async () => {
    const store = new MemoryStore();
    const first = await openTally(store);
    await first.commit(note('a'));
    const second = await openTally(store);
    expect(second.state).toEqual(first.state);
    expect(second.head).toEqual(first.head);
    expect(store.all(STREAM).map(({ type }) => type)).toEqual(['ledger.opened', 'key.tallied']);
  });

  test('opened twice at the same moment has one opening', async () => {
    const store = new MemoryStore();
    const [one, other] = await Promise.all([openTally(store), openTally(store)]);
    expect([one.head, store.all(STREAM).length]).toEqual([other.head, 1]);
  });

  test('writes what came together in one append, numbered within the book and the case', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const commands: TallyCommand[] = [note('a'), { do: 'pair', key: 'a2' }, note('b')];
    const committed = await Promise.all(commands.map((command) => book.commit(command)));
    expect(store.written).toEqual([1, 4]);
    expect(committed.map(({ entries }) => entries.map(({ data, seq, caseSeq }) => [data.key, seq, caseSeq]))).toEqual([[['a', 1, 0]], [['a2', 2, 1], ["a2'", 3, 2]], [['b', 4, 0]]]);
    expect((await headOf(store)).seq).toBe(store.all(STREAM).length - 1);
  });

  test('decides each command on what those before it led to', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const [first, again] = await Promise.all([book.commit({ do: 'once', key: 'a' }), book.commit({ do: 'once', key: 'a' })]);
    expect([first.entries.length, again.entries.length]).toEqual([1, 0]);
    expect(again.state.keys).toEqual(['"a"']);
  });

  test('rejects a command whose decision throws, and only that one', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const results = await Promise.allSettled([book.commit(note('a')), book.commit({ do: 'refuse' }), book.commit(note('b', 70_000)), book.commit(note('c'))]);
    expect(results.map((result) => (result.status === 'fulfilled' ? 'written' : (result.reason as { code: string }).code))).toEqual(['written', 'refused_here', 'entry_too_large', 'written']);
    expect(keysOf(store)).toEqual(['a', 'c']);
    expect(book.trouble).toBeUndefined();
  });

  test('keeps an append below what a store takes at once', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    await Promise.all(Array.from({ length: 60 }, (_, i) => book.commit(note(`k${i}`, 60_000))));
    expect(keysOf(store)).toEqual(Array.from({ length: 60 }, (_, i) => `k${i}`));
    let from = 1;
    for (const events of store.written.slice(1)) {
      const bytes = store.all(STREAM).slice(from, (from += events)).reduce((sum, event) => sum + event.bytes.length, 0);
      expect(bytes).toBeLessThan(1024 * 1024);
    }
  });

  test('time does not run backwards when the clock does', async () => {
    const store = new MemoryStore();
    const clock = new Clock();
    const book = await openTally(store, { clock: clock.read });
    await book.commit(note('a'));
    clock.now -= 3_600_000;
    await book.commit(note('b'));
    expect((await headOf(store)).seq).toBe(store.all(STREAM).length - 1);
  });

  test('tells its listeners each entry once, in order, with the state after it', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const seen: unknown[] = [];
    book.onEntry(({ seq }, { keys }) => seen.push([seq, keys.length]));
    await Promise.all([book.commit(note('a')), book.commit({ do: 'pair', key: 'b' })]);
    await book.commit(note('c'));
    expect(seen).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]]);
  });

  test('writes out what is queued before it closes', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const late = book.commit(note('a'));
    await book.close();
    expect((await late).entries).toHaveLength(1);
  });
});

describe('another writer', () => {
  test('is folded before a decision at the wrong revision is made again', async () => {
    const store = new MemoryStore();
    const [one, other] = [await openTally(store), await openTally(store)];
    await other.commit({ do: 'once', key: 'a' });
    const [again, fresh] = await Promise.all([one.commit({ do: 'once', key: 'a' }), one.commit(note('b'))]);
    expect([again.entries.length, fresh.entries.map(({ seq }) => seq)]).toEqual([0, [2]]);
    expect(keysOf(store)).toEqual(['a', 'b']);
  });

  test('is outlasted however often it is faster, even past the patience', async () => {
    const store = new MemoryStore();
    const clock = new Clock();
    const one = await openTally(store, { clock: clock.read, patienceMs: 1 });
    const append = store.append.bind(store);
    let rounds = 5;
    store.append = async (stream, events, after) => {
      clock.now += 1_000;
      const head = await headOf(store);
      if (rounds-- > 0) await append(stream, [entryAfter(head, `other${rounds}`)], head.seq);
      await append(stream, events, after);
    };
    await one.commit(note('mine'));
    expect(keysOf(store)).toEqual(['other4', 'other3', 'other2', 'other1', 'other0', 'mine']);
    expect(one.trouble).toBeUndefined();
  });

  test('is heard by those who follow, each entry once', async () => {
    const store = new MemoryStore();
    const [one, other] = [await openTally(store), await openTally(store)];
    const seen: unknown[] = [];
    one.onEntry(({ data }) => seen.push(data.key));
    const last = heard(one, 'c');
    void one.follow();
    await other.commit(note('a'));
    await one.commit(note('b'));
    await other.commit(note('c'));
    await last;
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(one.state).toEqual(other.state);
  });
});

describe('an append that the subscription shows before it is acknowledged', () => {
  test('is folded and told once, whole, and its command is answered', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    const seen: unknown[] = [];
    book.onEntry(({ data }, { keys }) => seen.push([data.key, keys.length]));
    void book.follow();
    await book.commit(note('a'));
    // long enough for a subscription that does not wait to deliver all of it
    store.beforeAck = async () => {
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
    };
    const { entries } = await book.commit({ do: 'pair', key: 'b' });
    expect(entries.map(({ data }) => data.key)).toEqual(['b', "b'"]);
    await book.commit(note('c'));
    expect(seen).toEqual([['a', 1], ['b', 2], ["b'", 3], ['c', 4]]);
    expect(keysOf(store)).toEqual(['a', 'b', "b'", 'c']);
  });

  test('and whose acknowledgement is lost is not written again', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    void book.follow();
    await book.commit(note('a'));
    const append = store.append.bind(store);
    store.append = async (...args) => {
      await append(...args);
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      store.append = append;
      store.fail('lost_before');
      await append(...args);
    };
    const { entries } = await book.commit({ do: 'pair', key: 'b' });
    expect(entries.map(({ data }) => data.key)).toEqual(['b', "b'"]);
    expect(keysOf(store)).toEqual(['a', 'b', "b'"]);
  });
});
