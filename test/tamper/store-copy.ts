import { copyFileSync } from 'node:fs';
import Database from 'libsql';
import type { StoredEntry } from '#ledger';

/** Copies the file of a store that has ended, and edits its rows until each stream holds exactly these events: what one with the file in their hands could do. */
export function tamperedCopy(from: string, to: string, streams: Readonly<Record<string, readonly StoredEntry[]>>): void {
  copyFileSync(from, to);
  const db = new Database(to);
  try {
    for (const [stream, events] of Object.entries(streams)) edit(db, stream, events);
  } finally {
    db.close();
  }
}

function edit(db: Database.Database, stream: string, events: readonly StoredEntry[]): void {
  const [key] = db.prepare('SELECT key FROM streams WHERE name = ?').raw(true).get([stream]) as [number];
  const rows = db.prepare('SELECT revision FROM events WHERE stream = ?').raw(true).all([key]) as [number][];
  const kept = new Set(events.map(({ revision }) => revision));
  const remove = db.prepare('DELETE FROM events WHERE stream = ? AND revision = ?');
  for (const [revision] of rows) if (!kept.has(revision)) remove.run([key, revision]);
  const found = new Set(rows.map(([revision]) => revision));
  const update = db.prepare('UPDATE events SET id = ?, type = ?, data = ? WHERE stream = ? AND revision = ?');
  const insert = db.prepare("INSERT INTO events (id, type, data, stream, revision, content_type, created, metadata) VALUES (?, ?, ?, ?, ?, 'application/octet-stream', 0, x'')");
  for (const { id, type, bytes, revision } of events) (found.has(revision) ? update : insert).run([id, type, bytes, key, revision]);
  db.prepare('UPDATE streams SET last = ? WHERE key = ?').run([events.at(-1)?.revision ?? -1, key]);
}
