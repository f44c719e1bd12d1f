import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Session } from './authentication.js';
import type { BackupPart } from './backup-service.js';
import type { StoredEvent } from './database.js';
import { Outlet } from './outlet.js';
import { accessDenied, Refusal } from './refusal.js';
import { mayReadAll } from './rights.js';
import type { StoreParts } from './store-parts.js';

const STREAMS_A_PART = 1_000;
const EVENTS_A_PART = 128;
const BYTES_A_PART = 1024 * 1024;

/**
 * Sends the whole store as of now, at the reader's pace, while appends go on. Events are never changed or taken away, and all that can
 * change of a stream is in its row: so the rows of this moment and the events up to this position are one consistent state.
 * SQLite's own VACUUM INTO would hold up every append until it is done, since the store's connection is the file's only one.
 */
export async function serveBackup(call: ServerWritableStream<object, BackupPart>, session: Session, { events, stopping, log }: StoreParts): Promise<void> {
  const allowed = (): void => {
    if (!mayReadAll(session.grant())) throw accessDenied();
    if (stopping.aborted) throw new Refusal('stopping', 'the store stops');
  };
  allowed();
  const outlet = new Outlet(call, () => undefined);
  const send = async (part: BackupPart, size: number): Promise<void> => {
    if (outlet.send(part, size)) await outlet.room();
    allowed();
  };
  const streams = events.streams();
  const head = events.headPosition();
  log('backup_begun', { events: head });
  for (let from = 0; from < streams.length; from += STREAMS_A_PART) await send({ streams: streams.slice(from, from + STREAMS_A_PART) }, BYTES_A_PART);
  for (let after = 0; after < head; ) {
    const labels = events.allForwards(after, head, EVENTS_A_PART);
    if (labels.length === 0) throw new Error('events are missing below the head');
    for (let part: StoredEvent[] = [], bytes = 0, i = 0; i < labels.length; i += 1) {
      const event = events.event(labels[i]?.position ?? 0);
      part.push(event);
      bytes += event.data.length + event.metadata.length;
      after = event.position;
      if (bytes < BYTES_A_PART && i < labels.length - 1) continue;
      await send({ events: part }, bytes);
      [part, bytes] = [[], 0];
    }
  }
  await send({ end: head }, 0);
  log('backup_sent', { events: head });
  call.end();
}
