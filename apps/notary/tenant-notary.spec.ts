import 'reflect-metadata';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompactRange, leafHash, noteSigner, openCheckpoint, parseCanonical, parseVerifierKey, signCheckpoint, type StoredEntry } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../../test/ledger/following-notary.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import type { TenantNotary } from './tenant-notary.js';

const opened: Said = { type: 'ledger.opened', case: null, data: {} };
const said = (n: number): Said => ({ type: 'note.taken', case: 'c-1', data: { n } });
const ended: Said = { type: 'case.ended', case: 'c-1', data: { as: 'done' } };
const story = [opened, said(1), said(2), said(3), ended, said(5), said(6), said(7)];
const book = sampleBook('acme', story);
/** The same book until `place`, and other entries from there on. */
const forked = (place: number) => sampleBook('acme', story.map((one, i) => (i >= place ? { ...one, actor: 'thief' } : one)));
const rootOf = (entries: readonly StoredEntry[], size: number): Uint8Array => {
  const tree = new CompactRange();
  for (const { bytes } of entries.slice(0, size)) tree.append(leafHash(bytes));
  return tree.root();
};

let folder: string;
let store: MemoryStore;
let running: TenantNotary[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notary-'));
  store = new MemoryStore();
  running = [];
});
afterEach(async () => {
  for (const notary of running) await notary.close();
  rmSync(folder, { recursive: true });
});

function start(options: { readonly signEveryMs?: number } = {}) {
  const started = notaryUnderTest({ store, folder, ...options });
  running.push(started.notary);
  return started;
}
const append = async (from: number, to: number): Promise<void> => store.append('ledger-acme', book.slice(from, to), from - 1);
const outside = (): { size: number; root: Uint8Array } => openCheckpoint(readFileSync(join(folder, 'acme/ledger/checkpoint'), 'utf8'), signerOf('ledger'));
const inside = () => store.all('checkpoints-acme').map(({ type, bytes }) => ({ type, ...(parseCanonical(bytes) as { book: string; note: string; at: string }) }));

describe('a notary', () => {
  it('signs what is there, then at the end of a case, then when it was long enough, each outside the store and inside', async () => {
    await append(0, 2);
    const { notary, logged } = start({ signEveryMs: 20 });
    expect(await logged('checkpoint_signed')).toMatchObject({ book: 'ledger', size: 2 });
    await append(2, 5);
    await logged('checkpoint_signed', 2);
    expect(outside()).toMatchObject({ size: 5, root: rootOf(book, 5) });
    await append(5, 7);
    expect(await logged('checkpoint_signed', 3)).toMatchObject({ size: 7 });
    await notary.close();
    expect(inside().map(({ type, book: of, note, at }) => [type, of, openCheckpoint(note, signerOf('ledger')).size, at])).toEqual([2, 5, 7].map((size) => ['checkpoint.signed', 'ledger', size, '2026-11-23T10:00:00.000Z']));
    expect(notary.books.ledger.signed.map(({ size }) => size)).toEqual([2, 5, 7]);
    const key = parseVerifierKey(readFileSync(join(folder, 'acme/ledger/key'), 'utf8').trim());
    expect(openCheckpoint(inside()[2]!.note, key).size).toBe(7);
  });

  it('signs no entry before its minute is over, but what is left when it ends', async () => {
    await append(0, 2);
    const { notary, logged, events } = start();
    await logged('checkpoint_signed');
    const taken = new Promise<void>((resolve) => void setImmediate(function look() {
      if (notary.books.ledger.tree.size === 4) resolve();
      else setImmediate(look);
    }));
    await append(2, 4);
    await taken;
    expect(events.filter(({ event }) => event === 'checkpoint_signed')).toHaveLength(1);
    await notary.close();
    expect(outside().size).toBe(4);
  });

  it('signs the journal as a log of its own', async () => {
    await append(0, 1);
    await store.append('doer-acme', sampleBook('acme', [{ type: 'journal.opened', case: null, data: {} }]), -1);
    const { logged } = start();
    expect(await logged('checkpoint_signed', 2)).toMatchObject({ book: 'journal', size: 1 });
    expect(openCheckpoint(readFileSync(join(folder, 'acme/journal/checkpoint'), 'utf8'), signerOf('journal')).origin).toBe('log.example/journal/acme');
  });

  it('goes on from what it signed before it was started again, and signs the same head once', async () => {
    await append(0, 3);
    const before = start();
    await before.logged('checkpoint_signed');
    await before.notary.close();
    appendFileSync(join(folder, 'acme/ledger/history.ndjson'), '\n{"at":"2026-11-23T10:0');
    const again = start();
    expect(await again.logged('following')).toMatchObject({ ledger: 3 });
    await append(3, 5);
    expect(await again.logged('checkpoint_signed')).toMatchObject({ size: 5 });
    await again.notary.close();
    const last = start();
    await last.logged('following');
    expect(last.notary.books.ledger.signed.map(({ size }) => size)).toEqual([3, 5]);
    expect(last.notary.missing).toBeUndefined();
  });

  it('keeps a head outside before it shows it to the store', async () => {
    await append(0, 2);
    const seen: boolean[] = [];
    store.beforeAck = () => {
      seen.push(existsSync(join(folder, 'acme/ledger/checkpoint')));
      return Promise.resolve();
    };
    const { notary, logged } = start();
    await logged('checkpoint_signed');
    await notary.close();
    expect(seen).toEqual([true]);
  });

  it('says so where the store does not take a checkpoint, and writes the next one', async () => {
    await append(0, 2);
    store.fail('refused');
    const { notary, logged } = start();
    expect(await logged('checkpoint_not_stored')).toMatchObject({ code: 'store_refused', size: 2 });
    expect(outside().size).toBe(2);
    await append(2, 5);
    await logged('checkpoint_signed', 2);
    await notary.close();
    expect(inside().map(({ note }) => openCheckpoint(note, signerOf('ledger')).size)).toEqual([5]);
  });

  it('waits for a store that is away, and says what is missing', async () => {
    await append(0, 2);
    store.away = true;
    const { notary, logged } = start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(notary.missing).toBe('store_unreachable');
    store.away = false;
    await logged('checkpoint_signed');
    expect(notary.missing).toBeUndefined();
  });
});

describe('a notary never signs', () => {
  /** The state after an honest notary has signed five entries and ended. */
  async function signedFive(): Promise<string> {
    await append(0, 5);
    const { notary, logged } = start();
    await logged('checkpoint_signed');
    await notary.close();
    return readFileSync(join(folder, 'acme/ledger/checkpoint'), 'utf8');
  }
  async function expectStopped(code: string): Promise<void> {
    const note = existsSync(join(folder, 'acme/ledger/checkpoint')) ? readFileSync(join(folder, 'acme/ledger/checkpoint'), 'utf8') : '';
    const stopped = start();
    expect(await stopped.logged('tenant_stopped')).toMatchObject({ tenant: 'acme', code });
    expect(stopped.notary.missing).toBe(`stopped: ${code}`);
    expect(stopped.events.filter(({ event }) => event === 'checkpoint_signed')).toEqual([]);
    await stopped.notary.close();
    if (note !== '') expect(readFileSync(join(folder, 'acme/ledger/checkpoint'), 'utf8')).toBe(note);
  }

  it('below its last head: a store that was rolled back, its checkpoints too', async () => {
    await signedFive();
    store.rollBack('ledger-acme', 4);
    store.rollBack('checkpoints-acme', 0);
    await expectStopped('cut');
  });

  it.each([0, 2, 4])('beside it: a store that was rewritten from entry %i on, and has grown', async (place) => {
    await signedFive();
    store.tamper('ledger-acme', forked(place));
    await expectStopped('checkpoint_mismatch');
  });

  it('where its folder is gone and the store still holds what it signed', async () => {
    await signedFive();
    rmSync(join(folder, 'acme'), { recursive: true });
    store.tamper('ledger-acme', forked(3));
    await expectStopped('checkpoint_mismatch');
  });

  it('over a chain that does not hold', async () => {
    store.tamper('ledger-acme', book.with(2, forked(2)[2]!));
    await expectStopped('prev_mismatch');
  });

  it('with another key or under another name than before', async () => {
    await signedFive();
    const other = noteSigner(signerOf('ledger').name, new Uint8Array(32).fill(8));
    for (const [signer, code] of [[other, 'note_unknown_signer'], [signerOf('journal'), 'checkpoint_origin']] as const) {
      writeFileSync(join(folder, 'acme/ledger/checkpoint'), signCheckpoint({ size: 5, root: rootOf(book, 5) }, signer));
      await expectStopped(code);
    }
  });

  it('beside a head that another instance has signed in the meantime', async () => {
    await append(0, 2);
    const { notary, logged } = start();
    await logged('checkpoint_signed');
    writeFileSync(join(folder, 'acme/ledger/checkpoint'), signCheckpoint({ size: 4, root: rootOf(forked(2), 4) }, signerOf('ledger')));
    await append(2, 5);
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'checkpoint_mismatch' });
    expect(outside().size).toBe(4);
    expect(notary.missing).toBe('stopped: checkpoint_mismatch');
  });

  it('a store that loses entries while it runs', async () => {
    await append(0, 5);
    const { logged, notary } = start();
    await logged('checkpoint_signed');
    // a write of the notary's own would hide the cut from those who follow
    await new Promise((resolve) => setImmediate(resolve));
    store.rollBack('ledger-acme', 3);
    store.cut();
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'store_behind' });
    expect(notary.missing).toBe('stopped: store_behind');
  });

  it('a note that somebody else wrote into the store stops nobody', async () => {
    await append(0, 2);
    const foreign = signCheckpoint({ size: 9, root: rootOf(book, 5) }, { ...signerOf('ledger'), sign: () => new Uint8Array(64) });
    for (const note of [foreign, 'nonsense']) {
      const bytes = Buffer.from(JSON.stringify({ at: 'x', book: 'ledger', note, v: 1 }));
      await store.append('checkpoints-acme', [{ id: `e-${note.length}`, type: 'checkpoint.signed', bytes }], store.all('checkpoints-acme').length - 1);
    }
    const { logged } = start();
    expect(await logged('checkpoint_signed')).toMatchObject({ size: 2 });
  });
});
