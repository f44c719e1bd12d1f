import type Database from 'libsql';
import { CodedError, type Instant, type JsonObject } from '#decider';
import { EMPTY_HEAD, type Entry, type Head } from '#ledger';
import { type CaseRow, evolveRow, type Place, placeOf, type Stage, START } from './case-row.js';
import { atOnce, openDatabase, TABLES } from './database.js';

/** One event in a case's story; `data` is as it stands in the ledger, so sealed fields are still sealed. */
export interface CaseEntry extends Place {
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
  readonly data: JsonObject;
}

/** Which cases: at one stage, and open or ended in one way. */
export interface CaseFilter {
  readonly stage?: Stage;
  readonly outcome?: string;
}

/** An entry that was proven to follow the one before it, and the head that it makes. */
export interface Followed {
  readonly entry: Entry;
  readonly head: Head;
}

/** The read models of one tenant. */
export interface Views {
  /**
   * Takes entries in, all in one transaction with the new position. What was taken before changes nothing.
   * @throws CodedError `seq_gap` or `prev_mismatch` where an entry does not follow the position; then nothing is taken.
   */
  apply(entries: readonly Followed[]): void;
  /** The last entry that was taken in. */
  position(): Head;
  /** Cases, newest first; `before` is the `next` of the page before. */
  cases(filter: CaseFilter, page: { readonly limit: number; readonly before?: number }): { readonly cases: readonly CaseRow[]; readonly next: number | null };
  /** A case and all of its entries in order; undefined where there is none. */
  case(id: string): { readonly row: CaseRow; readonly entries: readonly CaseEntry[] } | undefined;
  /** Forgets this tenant, so that it can be built again. */
  drop(): void;
  close(): void;
}

const CASE_COLUMNS = `id AS "case", pipeline, stage, phase, waiting, outcome, requester, person, score, opened, updated, first_seq AS firstSeq, last_seq AS lastSeq`;

/** Opens the read models of one tenant; a file may hold those of several. */
export function openViews({ file, tenant }: { readonly file: string; readonly tenant: string }): Views {
  const db = openDatabase(file);
  const one = db.prepare(`SELECT ${CASE_COLUMNS} FROM cases WHERE tenant = ? AND id = ?`);
  const list = db.prepare(`SELECT ${CASE_COLUMNS} FROM cases WHERE tenant = ? AND first_seq < ?
    AND (? IS NULL OR stage = ?) AND (? IS NULL OR ifnull(outcome, 'open') = ?) ORDER BY first_seq DESC LIMIT ?`);
  const story = db.prepare('SELECT seq, type, at, actor, data FROM case_entries WHERE tenant = ? AND case_id = ? ORDER BY seq');
  const place = db.prepare('SELECT seq, hash, incarnation, at FROM position WHERE tenant = ?');
  const write = writes(db, tenant);

  // `all`, because `get` puts a member of its own into the row
  const rowAt = (id: string) => (one.all(tenant, id) as CaseRow[])[0];
  const position = () => (place.all(tenant) as Head[])[0] ?? EMPTY_HEAD;
  return {
    position,
    apply(entries) {
      atOnce(db, () => {
        let head = position();
        for (const { entry, head: after } of entries) {
          if (entry.seq <= head.seq) continue;
          if (entry.seq !== head.seq + 1) throw new CodedError('seq_gap', `views: entry ${entry.seq} after ${head.seq}`);
          if (entry.prev !== head.hash) throw new CodedError('prev_mismatch', `views: entry ${entry.seq} does not follow what was taken in`);
          const row = entry.case === null ? undefined : evolveRow(rowAt(entry.case), entry);
          if (row) {
            write.row(row);
            write.entry(entry);
          }
          head = after;
        }
        if (head.seq >= 0) write.position(head);
      });
    },
    cases({ stage, outcome }, { limit, before }) {
      const [at, as] = [stage ?? null, outcome ?? null];
      const found = list.all(tenant, before ?? Number.MAX_SAFE_INTEGER, at, at, as, as, limit + 1) as CaseRow[];
      const cases = found.slice(0, limit);
      return { cases, next: found.length > limit ? (cases.at(-1)?.firstSeq ?? null) : null };
    },
    case(id) {
      const row = rowAt(id);
      return row && { row, entries: storyOf(story.all(tenant, id) as StoredCaseEntry[]) };
    },
    drop: () => atOnce(db, () => TABLES.forEach((table) => db.prepare(`DELETE FROM ${table} WHERE tenant = ?`).run(tenant))),
    close: () => void db.close(),
  };
}

type StoredCaseEntry = Omit<CaseEntry, 'data' | keyof Place> & { readonly data: string };

function storyOf(stored: readonly StoredCaseEntry[]): readonly CaseEntry[] {
  let place = START;
  return stored.map((entry) => {
    const data = JSON.parse(entry.data) as JsonObject;
    place = placeOf({ type: entry.type, data }, place);
    return { ...entry, ...place, data };
  });
}

function writes(db: Database.Database, tenant: string) {
  const row = db.prepare('INSERT OR REPLACE INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const entry = db.prepare('INSERT INTO case_entries VALUES (?, ?, ?, ?, ?, ?, ?)');
  const position = db.prepare('INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?, ?)');
  return {
    row: (c: CaseRow) =>
      row.run(tenant, c.case, c.pipeline, c.stage, c.phase, c.waiting, c.outcome, c.requester, c.person, c.score, c.opened, c.updated, c.firstSeq, c.lastSeq),
    entry: (e: Entry) => entry.run(tenant, e.seq, e.case, e.type, e.at, e.actor, JSON.stringify(e.data)),
    position: (head: Head) => position.run(tenant, head.seq, head.hash, head.incarnation, head.at),
  };
}
