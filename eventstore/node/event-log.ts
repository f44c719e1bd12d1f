import type Database from 'libsql';
import { bytes, columns, text, wholeNumber } from './database.js';
import type { NamedStream } from './backup-service.js';
import type { EventLabel, NewEvent, StoredEvent, StreamRow } from './database.js';

const EVENT = 'e.position, s.name, e.revision, e.id, e.type, e.content_type, e.created, e.metadata, e.data FROM events e JOIN streams s ON s.key = e.stream';

/** The prepared statements over one open database; each is used by one call at a time, since libsql is synchronous. */
export class EventLog {
  readonly #statements;

  constructor(private readonly db: Database.Database) {
    const query = (sql: string): Database.Statement => db.prepare(sql).raw(true);
    this.#statements = {
      stream: query('SELECT key, last, gone_below, tombstoned FROM streams WHERE name = ?'),
      streams: query('SELECT key, last, gone_below, tombstoned, name FROM streams ORDER BY key'),
      putStream: db.prepare('INSERT INTO streams (key, last, gone_below, tombstoned, name) VALUES (?, ?, ?, ?, ?)'),
      putEvent: db.prepare('INSERT INTO events (position, stream, revision, id, type, content_type, created, metadata, data) VALUES (?, (SELECT key FROM streams WHERE name = ?), ?, ?, ?, ?, ?, ?, ?)'),
      addStream: db.prepare('INSERT INTO streams (name, last) VALUES (?, -1)'),
      setLast: db.prepare('UPDATE streams SET last = ? WHERE key = ?'),
      setGone: db.prepare('UPDATE streams SET gone_below = ? WHERE key = ?'),
      setTombstoned: db.prepare('UPDATE streams SET tombstoned = 1 WHERE key = ?'),
      addEvent: db.prepare('INSERT INTO events (stream, revision, id, type, content_type, created, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      idAt: query('SELECT id FROM events WHERE stream = ? AND revision = ?'),
      positionAt: query('SELECT position FROM events WHERE stream = ? AND revision = ?'),
      event: query(`SELECT ${EVENT} WHERE e.position = ?`),
      head: query('SELECT coalesce(max(position), 0) FROM events'),
      forwards: query('SELECT position FROM events WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision LIMIT ?'),
      backwards: query('SELECT position FROM events WHERE stream = ? AND revision <= ? AND revision >= ? ORDER BY revision DESC LIMIT ?'),
      createdSince: query('SELECT revision FROM events WHERE stream = ? AND revision >= ? AND created >= ? ORDER BY revision LIMIT 1'),
      allForwards: query('SELECT e.position, s.name, e.type FROM events e JOIN streams s ON s.key = e.stream WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?'),
      allBackwards: query('SELECT position FROM events WHERE position < ? ORDER BY position DESC LIMIT ?'),
      latest: query('SELECT stream, id, revision FROM (SELECT position, stream, id, revision FROM events ORDER BY position DESC LIMIT ?) ORDER BY position'),
    };
  }

  /** The stream's row, or undefined when nothing was ever written to it. */
  stream(name: string): StreamRow | undefined {
    const row: unknown = this.#statements.stream.get([name]);
    return row === undefined ? undefined : streamRow(columns(row, 4));
  }

  /** The stream's row, made when absent. Inside a transaction only. */
  openStream(name: string): StreamRow {
    const present = this.stream(name);
    if (present !== undefined) return present;
    const key = Number(this.#statements.addStream.run([name]).lastInsertRowid);
    return { key, last: -1, goneBelow: 0, tombstoned: false };
  }

  /** Writes events after `last` and returns the position of the last of them. Inside a transaction only. */
  append(stream: StreamRow, events: readonly NewEvent[], created: number): number {
    let position = 0;
    events.forEach((event, offset) => {
      const { lastInsertRowid } = this.#statements.addEvent.run([
        stream.key, stream.last + 1 + offset, event.id, event.type, event.contentType, created, event.metadata, event.data,
      ]);
      position = Number(lastInsertRowid);
    });
    this.#statements.setLast.run([stream.last + events.length, stream.key]);
    return position;
  }

  /** All streams with their names, for a backup. */
  streams(): NamedStream[] {
    return this.#statements.streams.all([]).map((row) => {
      const values = columns(row, 5);
      return { ...streamRow(values), name: text(values[4]) };
    });
  }

  /** Writes a stream's row as it was elsewhere. Inside a transaction only. */
  putStream({ key, last, goneBelow, tombstoned, name }: NamedStream): void {
    this.#statements.putStream.run([key, last, goneBelow, tombstoned ? 1 : 0, name]);
  }

  /** Writes an event as it was elsewhere, position and time included. Inside a transaction only. */
  putEvent({ position, stream, revision, id, type, contentType, created, metadata, data }: StoredEvent): void {
    this.#statements.putEvent.run([position, stream, revision, id, type, contentType, created, metadata, data]);
  }

  /** Hides all events of a stream; the next append goes on with its numbering. */
  softDelete(stream: StreamRow): void {
    this.#statements.setGone.run([stream.last + 1, stream.key]);
  }

  tombstone(stream: StreamRow): void {
    this.#statements.setTombstoned.run([stream.key]);
  }

  idAt(stream: StreamRow, revision: number): string | undefined {
    const row: unknown = this.#statements.idAt.get([stream.key, revision]);
    return row === undefined ? undefined : text(columns(row, 1)[0]);
  }

  positionAt(stream: StreamRow, revision: number): number | undefined {
    return optionalNumber(this.#statements.positionAt.get([stream.key, revision]));
  }

  /** The whole event at a position. */
  event(position: number): StoredEvent {
    const row = columns(this.#statements.event.get([position]), 9);
    return {
      position: wholeNumber(row[0]), stream: text(row[1]), revision: wholeNumber(row[2]), id: text(row[3]), type: text(row[4]),
      contentType: text(row[5]), created: wholeNumber(row[6]), metadata: bytes(row[7]), data: bytes(row[8]),
    };
  }

  /** The position of the last event of all; 0 when there is none. */
  headPosition(): number {
    return onlyNumber(this.#statements.head.get([]));
  }

  /** Positions of a stream's events from revision `from` up to `to`, both included. */
  forwards(stream: StreamRow, from: number, to: number, limit: number): number[] {
    return this.#statements.forwards.all([stream.key, from, to, limit]).map(onlyNumber);
  }

  /** Positions of a stream's events from revision `from` down to `to`, both included. */
  backwards(stream: StreamRow, from: number, to: number, limit: number): number[] {
    return this.#statements.backwards.all([stream.key, from, to, limit]).map(onlyNumber);
  }

  /** The first revision at or above `from` written at or after a time; undefined when there is none. */
  firstCreatedSince(stream: StreamRow, from: number, since: number): number | undefined {
    return optionalNumber(this.#statements.createdSince.get([stream.key, from, since]));
  }

  /** Labels of events of all streams after a position, up to and including `to`. */
  allForwards(after: number, to: number, limit: number): EventLabel[] {
    return this.#statements.allForwards.all([after, to, limit]).map((row) => {
      const [position, stream, type] = columns(row, 3);
      return { position: wholeNumber(position), stream: text(stream), type: text(type) };
    });
  }

  /** Positions of events of all streams before a position, last first. */
  allBackwards(before: number, limit: number): number[] {
    return this.#statements.allBackwards.all([before, limit]).map(onlyNumber);
  }

  /** Stream, id and revision of the last events written, oldest first. */
  latestIds(limit: number): { streamKey: number; id: string; revision: number }[] {
    return this.#statements.latest.all([limit]).map((row) => {
      const [streamKey, id, revision] = columns(row, 3);
      return { streamKey: wholeNumber(streamKey), id: text(id), revision: wholeNumber(revision) };
    });
  }

  /** Runs the work in one transaction: all of it is on disk when this returns, none of it when it throws. */
  transaction(work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Moves all into the one file and gives it free: the connection itself lives until its statements are collected. */
  close(): void {
    this.db.pragma('journal_mode = DELETE');
    this.db.exec('PRAGMA locking_mode = NORMAL; SELECT count(*) FROM streams');
    this.db.close();
  }
}

function streamRow([key, last, goneBelow, tombstoned]: readonly unknown[]): StreamRow {
  return { key: wholeNumber(key), last: wholeNumber(last), goneBelow: wholeNumber(goneBelow), tombstoned: tombstoned === 1 };
}

function onlyNumber(row: unknown): number {
  return wholeNumber(columns(row, 1)[0]);
}

function optionalNumber(row: unknown): number | undefined {
  return row === undefined ? undefined : onlyNumber(row);
}
