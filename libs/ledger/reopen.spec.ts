import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { Clock, closeTallies, entryAfter, headOf, keysOf, newId, openTally, SEAL, STREAM, type TallyBook } from '../../test/ledger/tally.js';
import { CompactRange, decodeEntry, type HeldHead, type Head, KeptHeadFile, leafHash, reopenBook, type SignedTreeHead, type StoredEntry, surveyBook, verifyBooks } from './index.js';

let folder: string;
let store: MemoryStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-heads-'));
  store = new MemoryStore();
});
afterEach(async () => {
  await closeTallies();
  rmSync(folder, { recursive: true });
});

const file = (): string => join(folder, 'heads', 'ledger-acme.json');
const kept = (): KeptHeadFile => new KeptHeadFile(file());
const place = () => ({ store, stream: STREAM, book: 'ledger', tenant: 'acme' }) as const;
const clock = new Clock().read;
const known = () => ({ kept: [kept().load()!], signed: [] });

async function tallied(...keys: readonly string[]): Promise<TallyBook> {
  const book = await openTally(store, { kept: kept() });
  for (const key of keys) await book.commit({ do: 'note', key });
  await book.close();
  return book;
}
async function reopened(from: { readonly kept: readonly Head[]; readonly signed: readonly SignedTreeHead[] } = known()): Promise<number> {
  const survey = await surveyBook(place(), from);
  return reopenBook(place(), { ...survey, loss: survey.loss! }, { clock, newId, seal: SEAL });
}
function signedOver(events: readonly StoredEntry[], size: number): SignedTreeHead {
  const tree = new CompactRange();
  for (const { bytes } of events.slice(0, size)) tree.append(leafHash(bytes));
  return { size, root: tree.root(), note: `a note over ${size}` };
}

describe('a head that is kept', () => {
  test('is the newest one when the book closes, in a file for its owner alone', async () => {
    const { head } = await tallied('a', 'b', 'c');
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(head);
    expect([statSync(file()).mode & 0o777, statSync(join(folder, 'heads')).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('is replaced as the book goes, without its end', async () => {
    const keeping = kept();
    const book = await openTally(store, { kept: keeping });
    await book.commit({ do: 'note', key: 'a' });
    await keeping.settled();
    expect(keeping.load()).toEqual(book.head);
  });

  test.each([['no JSON', 'x'], ['no head', '{"seq":-1}']])('that is %s keeps the book shut', async (_name, content) => {
    await tallied('a');
    writeFileSync(file(), content);
    await expect(openTally(store, { kept: kept() })).rejects.toMatchObject({ code: 'kept_head_unreadable' });
  });

  test('that cannot be kept is said, and tried again', async () => {
    const keeping = kept();
    const book = await openTally(store, { kept: keeping });
    await keeping.settled();
    rmSync(join(folder, 'heads'), { recursive: true });
    await book.commit({ do: 'note', key: 'a' });
    await keeping.settled();
    expect(book.trouble).toBe('head_not_kept');
    keeping.load();
    await book.commit({ do: 'note', key: 'b' });
    await keeping.settled();
    expect([book.trouble, keeping.load()]).toEqual([undefined, book.head]);
  });
});

describe('a store that was rolled back while the process was down', () => {
  test.each([['to an older state', 2, 'store_behind'], ['to nothing', 0, 'store_behind']])('%s: the book stays shut, and nothing is written', async (_name, length, code) => {
    await tallied('a', 'b', 'c');
    const before = kept().load();
    store.rollBack(STREAM, length);
    for (let start = 0; start < 2; start += 1) await expect(openTally(store, { kept: kept() })).rejects.toMatchObject({ code });
    expect([store.all(STREAM).length, kept().load()]).toEqual([length, before]);
  });

  test('and grew past the old head by another hand: shut as well', async () => {
    await tallied('a', 'b');
    store.rollBack(STREAM, 2);
    const other = await openTally(store);
    for (const key of ['x', 'y', 'z']) await other.commit({ do: 'note', key });
    await expect(openTally(store, { kept: kept() })).rejects.toMatchObject({ code: 'prev_mismatch' });
    await expect(surveyBook(place(), known())).rejects.toMatchObject({ code: 'not_a_restore' });
  });

  test('is noticed by a running process too, which a reopening does not start again by itself', async () => {
    const book = await openTally(store, { kept: kept() });
    for (const key of ['a', 'b', 'c']) await book.commit({ do: 'note', key });
    const following = book.follow();
    store.rollBack(STREAM, 2);
    store.cut();
    await following;
    expect([book.trouble, book.stopped]).toEqual(['store_behind', true]);
    await book.close();
    await reopened();
    await expect(book.commit({ do: 'note', key: 'd' })).rejects.toMatchObject({ code: 'tenant_stopped' });
  });
});

describe('a reopening', () => {
  test('states what was lost, begins a new incarnation, and lets the book go on', async () => {
    const { head: lost } = await tallied('a', 'b', 'c');
    store.rollBack(STREAM, 2);
    const restored = await headOf(store);
    expect(await reopened()).toBe(2);
    expect(decodeEntry(store.all(STREAM)[2]!.bytes)).toMatchObject({
      type: 'ledger.reopened', actor: 'operator', case: null, prev: restored.hash,
      data: { restored: { entries: 2, hash: restored.hash }, known: { entries: 4, hash: lost.hash, incarnation: lost.incarnation, checkpoint: null } },
    });
    const book = await tallied('d');
    expect(book.head.incarnation).not.toBe(lost.incarnation);
    expect(keysOf(store)).toEqual(['a', undefined, 'd']);
    expect(await surveyBook(place(), known())).toMatchObject({ loss: undefined, lostSigned: [] });
  });

  test('does not excuse a later rollback, not even to the same numbers', async () => {
    await tallied('a', 'b', 'c', 'd', 'e');
    store.rollBack(STREAM, 2);
    await reopened();
    await tallied('f', 'g');
    store.rollBack(STREAM, 4);
    await expect(openTally(store, { kept: kept() })).rejects.toMatchObject({ code: 'store_behind' });
    expect(await reopened()).toBe(4);
    await tallied('h');
  });

  test('of another loss than the one that was kept opens nothing', async () => {
    const { head } = await tallied('a', 'b', 'c');
    const other = { ...head, hash: 'f'.repeat(64) };
    store.rollBack(STREAM, 2);
    await reopened({ kept: [other], signed: [] });
    await expect(openTally(store, { kept: kept() })).rejects.toMatchObject({ code: 'store_behind' });
  });

  test('is not needed where nothing was lost, and not possible where nothing is left', async () => {
    await tallied('a', 'b');
    const signed = [signedOver(store.all(STREAM), 2), signedOver(store.all(STREAM), 3)];
    expect(await surveyBook(place(), { ...known(), signed })).toMatchObject({ loss: undefined, lostSigned: [] });
    store.rollBack(STREAM, 0);
    await expect(surveyBook(place(), known())).rejects.toMatchObject({ code: 'book_empty' });
  });

  test('rests on the signed heads as well, and names those that are not of the book any more', async () => {
    await tallied('a', 'b', 'c');
    const before = [...store.all(STREAM)];
    const signed = [2, 3, 4].map((size) => signedOver(before, size));
    store.rollBack(STREAM, 2);
    const survey = await surveyBook(place(), { kept: [], signed });
    expect(survey.lostSigned).toEqual(signed.slice(1));
    expect(survey.loss).toMatchObject({ restored: { entries: 2 }, known: { entries: 4, hash: null, checkpoint: 'a note over 4' } });
    await reopened({ kept: [], signed });
    await openTally(store, { kept: kept() });
    expect(await surveyBook(place(), { kept: [], signed })).toMatchObject({ loss: undefined, lostSigned: signed.slice(1) });
    store.tamper(STREAM, store.all(STREAM).slice(0, 1));
    const { head } = await surveyBook(place(), { kept: [], signed: [] });
    const forged = entryAfter(head, 'forged');
    store.tamper(STREAM, [...store.all(STREAM), { ...forged, revision: 1 }]);
    await expect(surveyBook(place(), { kept: [], signed: [signed[0]!] })).rejects.toMatchObject({ code: 'not_a_restore' });
  });
});

describe('the verification of a reopened book', () => {
  const headOver = (events: readonly StoredEntry[], size: number, holder: HeldHead['holder']): HeldHead => ({ book: 'ledger', holder, size, root: signedOver(events, size).root });
  const verify = (...held: readonly HeldHead[]) => verifyBooks({ tenant: 'acme', ledger: store.all(STREAM), held });
  let before: readonly StoredEntry[];
  const losses = [{ book: 'ledger', seq: 2, at: clock().toISOString(), from: 2, to: 3 }];

  beforeEach(async () => {
    await tallied('a', 'b', 'c');
    before = [...store.all(STREAM)];
    store.rollBack(STREAM, 2);
  });

  test('without the reopening finds it cut', async () => {
    expect(await verify(headOver(before, 4, 'auditor'))).toMatchObject({ verdict: 'inconsistent', finding: { seq: 2, code: 'cut' } });
  });

  test('says what was lost, whether or not the book has grown past it', async () => {
    await reopened();
    for (const key of ['', 'd', 'e', 'f']) {
      if (key !== '') await tallied(key);
      expect(await verify(headOver(before, 2, 'auditor'))).toMatchObject({ verdict: 'consistent_with_pinned', losses });
      expect(await verify()).toMatchObject({ verdict: 'consistent', losses });
      for (const size of [3, 4])
        expect(await verify(headOver(before, size, 'auditor'))).toMatchObject({ verdict: 'inconsistent', losses, finding: { seq: 2, code: 'lost_in_restore', message: expect.stringContaining('a restore lost entries 2 to 3') } });
    }
  });

  test('excuses no head of the notary, and no head beyond what is said to be lost', async () => {
    await reopened();
    expect(await verify(headOver(before, 4, 'notary'))).toMatchObject({ finding: { code: 'cut' } });
    await tallied('d', 'e');
    expect(await verify(headOver(before, 4, 'notary'))).toMatchObject({ finding: { code: 'checkpoint_mismatch' } });
    expect(await verify({ ...headOver(before, 4, 'auditor'), size: 5 })).toMatchObject({ finding: { code: 'checkpoint_mismatch' } });
    expect(await verify({ ...headOver(before, 4, 'auditor'), size: 9 })).toMatchObject({ finding: { code: 'cut' } });
  });
});
