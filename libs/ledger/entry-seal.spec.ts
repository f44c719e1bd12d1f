import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { closeTallies, entryAfter, headOf, openTally, SEAL, STREAM } from '../../test/ledger/tally.js';
import { decodeEntry, encodeEntry, type Entry, EntrySeal, follow, type Head, type NewEvent } from './index.js';

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const other = new EntrySeal(new Uint8Array(32).fill(8));
const { entry, bytes } = SEAL.sealed({ v: 1, tenant: 'acme', incarnation: 'i-1', seq: 3, type: 'key.tallied', case: 'c-1', caseSeq: 0, at: '2026-01-01T00:00:00.000Z', actor: 'test', command: 'k-1', prev: 'a'.repeat(64), data: { key: 'a' } });

describe('an id', () => {
  it('is a UUID of version 8, the same for the same entry, and another under another key', () => {
    const { id, ...rest } = entry;
    expect(id).toMatch(UUID_V8);
    expect(SEAL.sealed(rest).entry.id).toBe(id);
    expect(other.sealed(rest).entry.id).not.toBe(id);
    expect(bytes).toEqual(encodeEntry(entry));
    expect(SEAL.proven(entry, bytes)).toBe(entry);
  });

  it('is of no entry that differs in anything', () => {
    const text = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' });
    const change: fc.Arbitrary<Partial<Entry>> = fc.oneof(
      fc.record({ type: text }), fc.record({ actor: text }), fc.record({ command: text }), fc.record({ tenant: text }), fc.record({ incarnation: text }),
      fc.record({ seq: fc.nat() }), fc.record({ caseSeq: fc.nat() }), fc.record({ id: fc.oneof(fc.uuid(), fc.string()) }), fc.record({ data: fc.dictionary(text, text) }),
    );
    fc.assert(
      fc.property(change, (changed) => {
        fc.pre(JSON.stringify({ ...entry, ...changed }) !== JSON.stringify(entry));
        const other = { ...entry, ...changed };
        expect(() => SEAL.proven(other, encodeEntry(other))).toThrow(expect.objectContaining({ code: 'entry_forged' }));
      }),
    );
  });

  it('is made under no short key', () => {
    expect(() => new EntrySeal(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'entry_key' }));
  });
});

describe('an entry that somebody puts into the store, well formed and in its place in the chain', () => {
  afterEach(closeTallies);

  /** What a thief of the store's disk can write: all of it fits, and nothing but the id tells. */
  function forged(head: Head): NewEvent {
    const { bytes } = entryAfter(head, 'forged');
    const { id: _, ...rest } = decodeEntry(bytes);
    const sealed = other.sealed(rest);
    const event = { id: sealed.entry.id, type: sealed.entry.type, bytes: sealed.bytes };
    follow(head, { revision: sealed.entry.seq, ...event }, 'acme');
    return event;
  }

  it('lets no process start on it', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    await book.commit({ do: 'note', key: 'a' });
    await book.close();
    await store.append(STREAM, [forged(await headOf(store))], 1);
    await expect(openTally(store)).rejects.toMatchObject({ code: 'entry_forged' });
  });

  it('stops the tenant of a process that runs, before it is folded', async () => {
    const store = new MemoryStore();
    const book = await openTally(store);
    await book.commit({ do: 'note', key: 'a' });
    await store.append(STREAM, [forged(book.head)], 1);
    await expect(book.commit({ do: 'note', key: 'b' })).rejects.toMatchObject({ code: 'tenant_stopped' });
    expect([book.trouble, book.state.keys]).toEqual(['entry_forged', ['"a"']]);
  });
});
