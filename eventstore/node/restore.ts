import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { columns, openDatabase } from './database.js';
import { EventLog } from './event-log.js';
import { flush } from './flush.js';
import { sqliteCode } from './group-commit.js';

const PARTS = ['', '-wal', '-shm', '-journal'] as const;

/** Where the store's former file went, undefined where there was none, and what the new one holds. */
export interface RestoreReport {
  readonly replaced: string | undefined;
  readonly events: number;
}

/**
 * Puts a backup in the place of a store's file while no store runs on it. What was there is kept beside it, named by `now`.
 * @throws Error where the backup is not whole, or a store has the file open; then nothing was changed.
 */
export function restoreBackup(backup: string, file: string, now: Date): RestoreReport {
  const coming = `${file}.coming`;
  try {
    for (const part of PARTS) rmSync(`${coming}${part}`, { force: true });
    copyFileSync(backup, coming);
    chmodSync(coming, 0o600);
    const events = eventsIn(coming, backup);
    assertNotOpen(file);
    const replaced = existsSync(file) ? `${file}.replaced-${now.toISOString().replaceAll(':', '')}` : undefined;
    if (replaced !== undefined) for (const part of PARTS) if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${replaced}${part}`);
    flush(coming);
    renameSync(coming, file);
    flush(dirname(file));
    return { replaced, events };
  } catch (error) {
    for (const part of PARTS) rmSync(`${coming}${part}`, { force: true });
    throw error;
  }
}

/** How many events a store file holds, once SQLite has found all of it whole. */
function eventsIn(file: string, name: string): number {
  let db: Database.Database;
  try {
    db = openDatabase(file);
  } catch (cause) {
    throw new Error(`${name} is no backup of a store: ${sqliteCode(cause)}`, { cause });
  }
  const events = new EventLog(db);
  try {
    const [verdict] = columns(db.prepare('PRAGMA integrity_check(1)').raw(true).get(), 1);
    if (verdict !== 'ok') throw new Error(`${name} is damaged`);
    return events.headPosition();
  } finally {
    events.close();
  }
}

/** A damaged file may be replaced, one that is in use may not. */
function assertNotOpen(file: string): void {
  if (!existsSync(file)) return;
  try {
    // a connection that is only closed holds its lock until its statements are collected
    new EventLog(openDatabase(file)).close();
  } catch (cause) {
    if (sqliteCode(cause) === 'SQLITE_BUSY') throw new Error(`a store runs on ${file}: end it first`, { cause });
  }
}
