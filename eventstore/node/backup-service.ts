import type { MethodDefinition } from '@grpc/grpc-js';
import type { StoredEvent, StreamRow } from './database.js';

/** A stream's row with its name. */
export interface NamedStream extends StreamRow {
  readonly name: string;
}

/** One part of a backup, in this order: all streams as of its beginning, then all events up to it, then its end. */
export type BackupPart =
  | { readonly streams: readonly NamedStream[] }
  | { readonly events: readonly StoredEvent[] }
  /** How many events there were. */
  | { readonly end: number };

/** Gatehouse's own method beside EventStoreDB's protocol: JSON in gRPC's framing, so that no definition has to be compiled. */
export const BACKUP: MethodDefinition<object, BackupPart> = {
  path: '/gatehouse.store.Backup/Read',
  requestStream: false,
  responseStream: true,
  requestSerialize: () => Buffer.alloc(0),
  requestDeserialize: () => ({}),
  responseSerialize: encodePart,
  responseDeserialize: decodePart,
};

function encodePart(part: BackupPart): Buffer {
  return Buffer.from(JSON.stringify('events' in part ? { events: part.events.map(({ metadata, data, ...labels }) => ({ ...labels, metadata: base64(metadata), data: base64(data) })) } : part));
}

/** @throws Error where the bytes are no part of a backup: they may come from another server. */
function decodePart(bytes: Buffer): BackupPart {
  const part: unknown = JSON.parse(bytes.toString('utf8'));
  const { streams, events, end } = fieldsOf(part);
  if (Array.isArray(streams)) return { streams: streams.map((row: unknown) => streamIn(fieldsOf(row))) };
  if (Array.isArray(events)) return { events: events.map((row: unknown) => eventIn(fieldsOf(row))) };
  return { end: count(end, 0) };
}

function streamIn({ key, name, last, goneBelow, tombstoned }: Record<string, unknown>): NamedStream {
  return { key: count(key, 1), name: text(name), last: count(last, -1), goneBelow: count(goneBelow, 0), tombstoned: tombstoned === true };
}

function eventIn({ position, stream, revision, id, type, contentType, created, metadata, data }: Record<string, unknown>): StoredEvent {
  const bytes = (value: unknown): Uint8Array => Buffer.from(text(value), 'base64');
  return {
    position: count(position, 1), stream: text(stream), revision: count(revision, 0), id: text(id), type: text(type), contentType: text(contentType),
    created: count(created, 0), metadata: bytes(metadata), data: bytes(data),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('not a part of a backup');
  return Object.fromEntries(Object.entries(value));
}

function count(value: unknown, least: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) throw new Error('a number of the backup is not one');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a text of the backup is not one');
  return value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
