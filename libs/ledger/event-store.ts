import {
  binaryEvent,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  type ResolvedEvent,
  StreamNotFoundError,
  WrongExpectedVersionError,
  AccessDeniedError,
} from '@eventstore/db-client';
import { CodedError } from '#decider';
import type { StoredEntry } from './chain.js';

/** One event to be appended. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The door to the store: streams of bytes, appended at an exact revision. */
export interface EventStore {
  /**
   * Appends all events after revision `after` (-1: the stream must not exist), or none.
   * @throws CodedError `wrong_revision` (nothing was written), `store_refused` (no right), `store_unreachable` (the outcome is unknown).
   */
  append(stream: string, events: readonly NewEvent[], after: number): Promise<void>;
  /** Events from revision `from` on; none where the stream does not exist. @throws CodedError `store_unreachable`, `store_refused`. */
  read(stream: string, from: number, limit?: number): AsyncIterable<StoredEntry>;
  /** Events after revision `after`, for ever, until the signal. @throws CodedError `store_unreachable`, `store_refused`. */
  subscribe(stream: string, after: number, signal: AbortSignal): AsyncIterable<StoredEntry>;
  close(): Promise<void>;
}

/** How a process reaches the store: `host:port`, the authority's certificate (PEM), and its own identity there. */
export interface StoreAccess {
  readonly address: string;
  readonly ca: Buffer;
  readonly user: string;
  readonly password: string;
}

const DEADLINE_MS = 5_000;

/** Opens EventStoreDB's protocol over TLS. */
export function openStore(access: StoreAccess): EventStore {
  const credentials = { username: access.user, password: access.password };
  const client = new EventStoreDBClient(
    { endpoint: access.address, defaultDeadline: DEADLINE_MS, throwOnAppendFailure: true },
    { rootCertificate: access.ca },
  );
  return {
    async append(stream, events, after) {
      const data = events.map(({ id, type, bytes }) => binaryEvent({ id, type, data: bytes }));
      // credentials on the call force the unary path: it has a deadline of its own, batch appends have none
      const options = { expectedRevision: after < 0 ? NO_STREAM : BigInt(after), credentials, deadline: DEADLINE_MS } as const;
      await client.appendToStream(stream, data, options).catch(rethrow);
    },
    async *read(stream, from, limit) {
      const found = client.readStream(stream, { direction: FORWARDS, fromRevision: BigInt(from), credentials, ...(limit !== undefined && { maxCount: limit }) });
      try {
        const resolved: AsyncIterable<ResolvedEvent> = found.iterator({ destroyOnReturn: false });
        for await (const one of resolved) yield storedOf(one);
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) rethrow(error);
      } finally {
        // what a reader leaves unread would hold up closing for ever
        void found.cancel();
        found.resume();
      }
    },
    async *subscribe(stream, after, signal) {
      // an abort that came before the call would never be heard
      const { aborted } = signal;
      if (aborted) return;
      const live = client.subscribeToStream(stream, { fromRevision: after < 0 ? START : BigInt(after), credentials });
      const stop = (): void => void live.unsubscribe();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const resolved of live) yield storedOf(resolved);
      } catch (error) {
        if (!signal.aborted) rethrow(error);
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
    close: () => client.dispose(),
  };
}

function storedOf({ event }: ResolvedEvent): StoredEntry {
  if (!event || event.isJson) throw new CodedError('entry_shape', 'an event of a book must be binary');
  return { revision: Number(event.revision), id: event.id, type: event.type, bytes: event.data };
}

/** A fault of the client as a coded error. */
export function rethrow(error: unknown): never {
  if (error instanceof WrongExpectedVersionError) throw new CodedError('wrong_revision', 'the stream has moved on', { cause: error });
  if (error instanceof AccessDeniedError) throw new CodedError('store_refused', 'the store does not grant this', { cause: error });
  if (error instanceof CodedError) throw error;
  throw new CodedError('store_unreachable', 'the store did not answer', { cause: error });
}
