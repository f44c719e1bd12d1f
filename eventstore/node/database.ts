import Database from 'libsql';
import type { StreamHead } from './expected-revision.js';

/** A stored event. `created` is in milliseconds since 1970; `position` is its place among all events. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly created: number;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** A stream's row: `key` names it inside the database. */
export interface StreamRow extends StreamHead {
  readonly key: number;
}

/** What the log shows of an event without its bytes. */
export interface EventLabel {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
}

/** An event to write. */
export type NewEvent = Pick<StoredEvent, 'id' | 'type' | 'contentType' | 'metadata' | 'data'>;

const SCHEMA_VERSION = 1;
// `data` stands last, so that a scan of labels never touches its overflow pages.
const SCHEMA = `
  CREATE TABLE streams (
    key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL,
    gone_below INTEGER NOT NULL DEFAULT 0, tombstoned INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES streams(key), revision INTEGER NOT NULL,
    id TEXT NOT NULL, type TEXT NOT NULL, content_type TEXT NOT NULL, created INTEGER NOT NULL,
    metadata BLOB NOT NULL, data BLOB NOT NULL, UNIQUE (stream, revision)
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Opens (or makes) the store's file for this process alone. Throws when it is locked, foreign or not writable. */
export function openDatabase(file: string): Database.Database {
  const db = new Database(file);
  try {
    // A second process on the same file would miss this one's commits.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864; PRAGMA foreign_keys = ON');
    const [version] = columns(db.prepare('PRAGMA user_version').raw(true).get(), 1);
    const [tables] = columns(db.prepare('SELECT count(*) FROM sqlite_schema').raw(true).get(), 1);
    if (version === 0 && tables === 0) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
    else if (version !== SCHEMA_VERSION) throw new Error(`schema version ${String(version)} is not one this store can read`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Reads rows and their parts, refusing a row that is not of the schema (a damaged or foreign file). */
export function columns(row: unknown, count: number): readonly unknown[] {
  if (!Array.isArray(row) || row.length !== count) throw new Error('a row of the store has another shape than its schema');
  return row.map((value: unknown) => value);
}

/** A column that holds a whole number. */
export function wholeNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error('a column of the store is not a whole number');
  return value;
}

/** A column that holds text. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a column of the store is not text');
  return value;
}

/** A column that holds bytes. */
export function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error('a column of the store is not bytes');
  return value;
}
