import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Database from 'libsql';
import { EMPTY_HEAD, follow, type Head } from '#ledger';
import { type Said, sampleBook } from '../../eventstore/events/sample-book.js';
import { type Followed, openViews, type Views } from './index.js';

const said = (type: string, about: string | null, data: Said['data']): Said => ({ type, case: about, data });
/** A case that is approved, carried out, and waits in its window. */
const soft = (id: string): Said[] => [
  said('request.received', id, { pipeline: 'offboard', requester: 'p-1', text: { alg: 'A256GCM-HKDF-commit', ct: 'sealed' } }),
  said('intent.parsed', id, { action: 'offboard', confidence: 0.9 }),
  said('evidence.taken', id, { phase: 'soft', person: 'p-2' }),
  said('risk.scored', id, { phase: 'soft', score: 0.8 }),
  said('gate.decided', id, { phase: 'soft', outcome: 'require_hitl' }),
  said('approval.requested', id, { number: 1 }),
  said('approval.granted', id, { number: 1 }),
  said('soft.ordered', id, { order: 1 }),
  said('receipt.taken', id, { seq: 1, hash: 'a', entry: { type: 'order.finished', data: { phase: 'soft' } } }),
];

function followed(tenant: string, all: readonly Said[]): Followed[] {
  let head: Head = EMPTY_HEAD;
  return sampleBook(tenant, all).map((stored) => {
    const next = follow(head, stored, tenant);
    head = next.head;
    return next;
  });
}

let file: string;
let views: Views;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'views-')), 'views.db');
  views = openViews({ file, tenant: 'acme' });
});
afterEach(() => views.close());

const OPENED = said('ledger.opened', null, { by: 'gatekeeper' });
const dump = (): unknown => {
  const db = new Database(file);
  const tables = ['position', 'cases', 'case_entries'].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
  db.close();
  return tables;
};
/** The row of case `c-1` after the first `count` entries of its story. */
const rowAfter = (count: number, more: Said[] = []) => {
  views.apply(followed('acme', [OPENED, ...soft('c-1').slice(0, count), ...more]));
  return views.case('c-1')?.row;
};

describe('the view of a case', () => {
  it.each([
    [1, { stage: 'parse', waiting: null, person: null, requester: 'p-1' }],
    [2, { stage: 'verify' }],
    [4, { stage: 'gate', person: 'p-2', score: 0.8 }],
    [6, { stage: 'approve', waiting: 'people' }],
    [8, { stage: 'execute', phase: 'soft', waiting: null }],
    [9, { stage: 'execute', phase: 'soft', waiting: 'window', outcome: null }],
  ])('stands after %d entries where the ledger says', (count, expected) => {
    expect(rowAfter(count)).toMatchObject(expected);
  });

  it('waits for its date when it may go and no order stands, and for a person when one is needed', () => {
    expect(rowAfter(4, [said('gate.decided', 'c-1', { phase: 'soft', outcome: 'allow' })])).toMatchObject({ stage: 'gate', waiting: 'date' });
    views.drop();
    expect(rowAfter(9, [said('person.needed', 'c-1', { code: 'portal_broken' })])?.waiting).toBe('person');
  });

  it('ends with how it ended', () => {
    expect(rowAfter(9, [said('case.ended', 'c-1', { as: 'done', into: null })])).toMatchObject({ outcome: 'done', waiting: null });
  });

  it('tells the whole story in order, with sealed fields still sealed', () => {
    rowAfter(9);
    const entries = views.case('c-1')?.entries ?? [];
    expect(entries.map(({ seq, type }) => [seq, type])).toEqual(soft('c-1').map(({ type }, i) => [i + 1, type]));
    expect(entries[0]?.data.text).toEqual({ alg: 'A256GCM-HKDF-commit', ct: 'sealed' });
    expect(entries.map(({ stage }) => stage)).toEqual(['parse', 'parse', 'verify', 'score', 'gate', 'approve', 'approve', 'execute', 'execute']);
    expect(views.case('c-2')).toBeUndefined();
  });
});

describe('the view of an erasure', () => {
  const erasure = [
    said('erasure.requested', 'c-1', { person: 'p-2', requester: 'p-1', cases: [], reason: null }),
    said('erasure.decided', 'c-1', { outcome: 'require_hitl' }),
    said('approval.requested', 'c-1', { number: 1 }),
    said('approval.granted', 'c-1', { number: 1 }),
    said('erasure.ordered', 'c-1', { person: 'p-2', cases: ['c-1'] }),
  ];
  it.each([
    [1, [], { pipeline: 'erasure', stage: 'gate', phase: 'erase', person: 'p-2', requester: 'p-1', waiting: null }],
    [3, [], { stage: 'approve', waiting: 'people', outcome: null }],
    [5, [], { stage: 'execute', waiting: null }],
    [5, [said('case.parked', 'c-1', { code: 'key_still_there' })], { waiting: 'parked' }],
    [5, [said('erasure.finished', 'c-1', { person: 'p-2', cases: ['c-1'], left: 0 })], { outcome: 'erased', waiting: null }],
    [1, [said('erasure.refused', 'c-1', { code: 'open_case', cases: ['c-9'] })], { outcome: 'refused', waiting: null }],
  ])('stands after %d entries where the ledger says', (count, more, expected) => {
    views.apply(followed('acme', [OPENED, ...erasure.slice(0, count), ...more]));
    expect(views.case('c-1')?.row).toMatchObject(expected);
    expect(new Set(views.case('c-1')?.entries.map(({ phase }) => phase))).toEqual(new Set(['erase']));
  });
});

describe('the list of cases', () => {
  const all = [OPENED, ...Array.from({ length: 5 }, (_, i) => soft(`c-${i}`).slice(0, i === 3 ? 6 : 9)).flat(), said('case.ended', 'c-0', { as: 'done', into: null })];
  beforeEach(() => views.apply(followed('acme', all)));

  it('comes newest first, page by page', () => {
    const first = views.cases({}, { limit: 2 });
    expect(first.cases.map((row) => row.case)).toEqual(['c-4', 'c-3']);
    const second = views.cases({}, { limit: 3, before: first.next ?? -1 });
    expect(second).toMatchObject({ cases: [{ case: 'c-2' }, { case: 'c-1' }, { case: 'c-0' }], next: null });
  });

  it('is narrowed by stage and outcome, where open is an outcome too', () => {
    const ids = (filter: Parameters<Views['cases']>[0]) => views.cases(filter, { limit: 9 }).cases.map((row) => row.case);
    expect(ids({ stage: 'approve' })).toEqual(['c-3']);
    expect(ids({ outcome: 'done' })).toEqual(['c-0']);
    expect(ids({ outcome: 'open' })).toEqual(['c-4', 'c-3', 'c-2', 'c-1']);
    expect(ids({ stage: 'approve', outcome: 'done' })).toEqual([]);
  });

  it("never shows another tenant's, though the file is the same", () => {
    const others = openViews({ file, tenant: 'globex' });
    expect(others.cases({}, { limit: 9 }).cases).toEqual([]);
    expect(others.case('c-1')).toBeUndefined();
    others.drop();
    others.close();
    expect(views.cases({}, { limit: 9 }).cases).toHaveLength(5);
  });
});

describe('projections', () => {
  const all = followed('acme', [OPENED, ...soft('c-1'), ...soft('c-2')]);

  it('are the same however the ledger is cut, repeated, dropped and replayed', () => {
    views.apply(all);
    const once = dump();
    const cuts = fc.array(fc.tuple(fc.nat(all.length), fc.nat(3)), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, (parts) => {
        views.drop();
        expect(views.position()).toEqual(EMPTY_HEAD);
        let taken = 0;
        for (const [cut, again] of [...parts, [all.length, 0]] as const) {
          if (cut < taken) continue;
          views.apply(all.slice(Math.max(0, taken - again), cut));
          taken = cut;
        }
        expect(dump()).toEqual(once);
      }),
      { numRuns: 30 },
    );
  });

  it('go on after a restart, from the position in the file', () => {
    views.apply(all.slice(0, 5));
    views.close();
    views = openViews({ file, tenant: 'acme' });
    expect(views.position()).toEqual(all[4]?.head);
    views.apply(all);
    expect(views.position()).toEqual(all.at(-1)?.head);
  });

  it('refuse a gap or an entry that does not follow, and then take nothing of the batch', () => {
    views.apply(all.slice(0, 3));
    const before = dump();
    expect(() => views.apply([...all.slice(3, 5), ...all.slice(6)])).toThrow(expect.objectContaining({ code: 'seq_gap' }));
    const other = followed('acme', [OPENED, ...soft('c-9')]);
    expect(() => views.apply(other.slice(3))).toThrow(expect.objectContaining({ code: 'prev_mismatch' }));
    expect(dump()).toEqual(before);
  });

  it('are begun anew when their schema is another, and are readable by their owner alone', () => {
    views.apply(all);
    views.close();
    const db = new Database(file);
    db.exec('PRAGMA user_version = 77; ALTER TABLE cases RENAME COLUMN score TO points');
    db.close();
    views = openViews({ file, tenant: 'acme' });
    expect(views.position()).toEqual(EMPTY_HEAD);
    views.apply(all);
    expect(views.case('c-2')?.row.waiting).toBe('window');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
