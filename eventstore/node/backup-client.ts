import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client, credentials, type ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { BACKUP, type BackupPart } from './backup-service.js';
import { openDatabase } from './database.js';
import { EventLog } from './event-log.js';
import { flush } from './flush.js';

/** The store to take a backup of, and who asks: a user who may read everything. */
export interface BackupSource {
  /** `host:port`. */
  readonly address: string;
  /** PEM of the authority that the store's certificate is trusted by. */
  readonly ca: Buffer;
  readonly user: string;
  readonly password: string;
}

const RECEIVE_LIMIT = 17 * 1024 * 1024;

/** What a backup holds. */
export interface BackupReport {
  readonly streams: number;
  readonly events: number;
}

/**
 * Writes a running store's state as of now into a new file, mode 0600: a whole store file, which a store can be started on.
 * The file has its name only once it is whole and on disk.
 * @throws Error where the file is there already, the store refuses, or the backup was cut short; then no file is left.
 */
export async function takeBackup({ address, ca, user, password }: BackupSource, file: string): Promise<BackupReport> {
  if (existsSync(file)) throw new Error(`${file} is there already`);
  const part = `${file}.part`;
  const discard = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${suffix}`, { force: true });
  };
  const client = new Client(address, credentials.createSsl(ca), { 'grpc.max_receive_message_length': RECEIVE_LIMIT });
  try {
    discard();
    // made before SQLite opens it, so that nobody else ever can
    closeSync(openSync(part, 'wx', 0o600));
    const identity = new Metadata();
    identity.set('authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
    const report = await write(part, client.makeServerStreamRequest(BACKUP.path, BACKUP.requestSerialize, BACKUP.responseDeserialize, {}, identity));
    renameSync(part, file);
    flush(file);
    flush(dirname(file));
    return report;
  } catch (error) {
    discard();
    throw error;
  } finally {
    client.close();
  }
}

async function write(file: string, parts: AsyncIterable<BackupPart> & Pick<ClientReadableStream<BackupPart>, 'cancel'>): Promise<BackupReport> {
  const copy = new EventLog(openDatabase(file));
  let [streams, events, end] = [0, 0, -1];
  try {
    for await (const part of parts) {
      if ('end' in part) end = part.end;
      else if ('streams' in part) copy.transaction(() => part.streams.forEach((stream) => copy.putStream(stream)));
      else copy.transaction(() => part.events.forEach((event) => copy.putEvent(event)));
      streams += 'streams' in part ? part.streams.length : 0;
      events += 'events' in part ? part.events.length : 0;
    }
    if (events !== end) throw new Error(`the backup was cut short after ${events} events`);
    return { streams, events };
  } finally {
    parts.cancel();
    copy.close();
  }
}
