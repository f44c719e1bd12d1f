import { closeSync, openSync } from 'node:fs';
import Database from 'libsql';

const SCHEMA_VERSION = 1;

/** Every table; each has a column `tenant`. */
export const TABLES = ['position', 'cases', 'case_entries'] as const;

const SCHEMA = `
  CREATE TABLE position (
    tenant TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, incarnation TEXT, at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE cases (
    tenant TEXT NOT NULL, id TEXT NOT NULL, pipeline TEXT NOT NULL, stage TEXT NOT NULL, phase TEXT NOT NULL, waiting TEXT,
    outcome TEXT, requester TEXT NOT NULL, person TEXT, score REAL, opened TEXT NOT NULL, updated TEXT NOT NULL,
    first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE INDEX cases_newest ON cases (tenant, first_seq);
  CREATE TABLE case_entries (
    tenant TEXT NOT NULL, seq INTEGER NOT NULL, case_id TEXT NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (tenant, seq)
  ) STRICT;
  CREATE INDEX case_entries_of ON case_entries (tenant, case_id, seq);
  PRAGMA user_version = ${String(SCHEMA_VERSION)};`;

/** Opens (or makes) a views file. One of another schema is emptied: everything in it can be built again from the ledger. */
export function openDatabase(file: string): Database.Database {
  closeSync(openSync(file, 'a', 0o600));
  const db = new Database(file);
  // what a crash loses is replayed from the ledger, so no commit waits for the disk
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const empty = TABLES.map((table) => `DROP TABLE IF EXISTS ${table};`).join(' ');
  if (version !== SCHEMA_VERSION) db.exec(`BEGIN IMMEDIATE; ${empty} ${SCHEMA} COMMIT`);
  return db;
}

/** Runs `work` as one transaction: all of it is there afterwards, or none. */
export function atOnce(db: Database.Database, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
