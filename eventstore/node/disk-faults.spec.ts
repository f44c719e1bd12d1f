import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Database from 'libsql';
import { type NewEvent, openDatabase } from './database.js';
import { EventLog } from './event-log.js';
import type { Refusal } from './refusal.js';
import { CommitSignals } from './signals.js';
import { Writer } from './writer.js';

let folder: string;
let db: Database.Database;
let events: EventLog;
let writer: Writer;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  db = openDatabase(join(folder, 'store.db'));
  events = new EventLog(db);
  logged = [];
  writer = new Writer(events, new CommitSignals(), () => new Date(), (event, fields) => logged.push(`${event} ${String(fields?.['code'])}`));
});
afterEach(() => {
  events.close();
  rmSync(folder, { recursive: true });
});

let ids = 0;
const event = (size: number): NewEvent => ({ id: `00000000-0000-4000-8000-${(ids += 1).toString().padStart(12, '0')}`, type: 't', contentType: 'application/octet-stream', metadata: new Uint8Array(), data: Buffer.alloc(size, 1) });
const append = (size: number, stream = 'ledger-a'): Promise<number> =>
  writer.append({ stream, expected: { kind: 'any' }, events: [event(size)], abandoned: () => undefined }).then((outcome) => (outcome.kind === 'appended' ? outcome.revision : -2));
const refusal = (promise: Promise<unknown>): Promise<Refusal | undefined> => promise.then(() => undefined, (error: unknown) => error as Refusal);
/** What a reader finds, and whether the store's own bookkeeping agrees with it. */
const readable = (stream = 'ledger-a'): number => {
  const row = events.stream(stream);
  const positions = row ? events.forwards(row, 0, Number.MAX_SAFE_INTEGER, 100_000) : [];
  for (const position of positions) expect(events.event(position).data.length).toBeGreaterThan(0);
  expect(row?.last ?? -1).toBe(positions.length - 1);
  return positions.length;
};

describe('a full disk (SQLITE_FULL)', () => {
  test('acknowledges nothing that is not written, says so once a transaction, reads on, and writes again when there is room', async () => {
    db.pragma('max_page_count = 60');
    let acknowledged = 0;
    let failed: Refusal | undefined;
    while (!failed) {
      failed = await refusal(append(9_000));
      if (!failed) acknowledged += 1;
    }
    expect(failed).toMatchObject({ code: 'store-failed', message: 'the store could not write: SQLITE_FULL' });
    expect(acknowledged).toBeGreaterThan(5);
    // all of one transaction are told, and none of them is half there
    const together = await Promise.all([append(9_000), append(9_000, 'ledger-b'), append(200_000)].map(refusal));
    expect(together.map((one) => one?.code)).toEqual(['store-failed', 'store-failed', 'store-failed']);
    expect([readable(), readable('ledger-b')]).toEqual([acknowledged, 0]);
    expect(new Set(logged)).toEqual(new Set(['write_failed SQLITE_FULL']));
    expect(logged).toHaveLength(2);
    db.pragma('max_page_count = 100000');
    expect(await append(9_000)).toBe(acknowledged);
    expect(readable()).toBe(acknowledged + 1);
  });
});

describe('a file that may not be written any more (SQLITE_READONLY)', () => {
  test('acknowledges nothing, reads on, and writes again afterwards', async () => {
    expect([await append(10), await append(10)]).toEqual([0, 1]);
    db.pragma('query_only = 1');
    const failed = await Promise.all([append(10), append(10, 'ledger-b')].map(refusal));
    expect(failed.map((one) => one?.message)).toEqual(['the store could not write: SQLITE_READONLY', 'the store could not write: SQLITE_READONLY']);
    expect([readable(), readable('ledger-b'), logged]).toEqual([2, 0, ['write_failed SQLITE_READONLY']]);
    db.pragma('query_only = 0');
    expect(await append(10)).toBe(2);
  });

  test('an id of an append that was rolled back is not remembered as written', async () => {
    db.pragma('query_only = 1');
    const one = event(10);
    const again = () => writer.append({ stream: 'ledger-a', expected: { kind: 'any' }, events: [one], abandoned: () => undefined });
    await refusal(again());
    db.pragma('query_only = 0');
    expect(await again()).toMatchObject({ kind: 'appended', revision: 0 });
    expect(await again()).toMatchObject({ kind: 'appended', revision: 0 });
    expect(readable()).toBe(1);
  });
});
