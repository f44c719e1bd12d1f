import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { ANYONE, BasicAuthentication } from './authentication.js';
import type { Authentication } from './authentication.js';
import { BACKUP } from './backup-service.js';
import { openDatabase } from './database.js';
import { clusterInfo, supportedMethods } from './discovery.js';
import { EventLog } from './event-log.js';
import { sqliteCode } from './group-commit.js';
import type { Log } from './log.js';
import { RecentEvents } from './recent-events.js';
import { grpcError, refusalOf } from './refusal.js';
import { CommitSignals } from './signals.js';
import type { StoreParts } from './store-parts.js';
import { streamsService } from './streams-service.js';
import { UsersFile } from './users-file.js';
import { Writer } from './writer.js';

/** How a store is started. */
export interface StoreOptions {
  /** Path of the SQLite file; made when absent. */
  readonly file: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  /** PEM texts. Without them the channel is plain, and the client sends no credentials over it. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Path of the users file, or `anyone`: no credentials asked, for tests on loopback. */
  readonly users: { readonly file: string } | 'anyone';
  readonly clock: () => Date;
  readonly log: Log;
}

/** A store that is running. */
export interface RunningStore {
  /** `host:port` as bound. */
  readonly address: string;
  /** Takes no more calls, finishes what is in flight, ends subscriptions and closes the file. */
  stop(): Promise<void>;
}

/** The file or the address cannot be used. */
export class StartError extends Error {
  constructor(readonly part: 'file' | 'listen', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}

const STOP_PATIENCE_MS = 5_000;
// EventStoreDB's own limit, above grpc-js's default of 4 MiB.
const RECEIVE_LIMIT = 17 * 1024 * 1024;

/** Starts the embedded event store. Rejects when the file, the users file, the certificate or the address is not usable. */
export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const { clock, log } = options;
  const authentication = authenticationOf(options);
  const events = openLog(options.file);
  const server = new Server({ 'grpc.max_receive_message_length': RECEIVE_LIMIT, 'grpc.max_send_message_length': RECEIVE_LIMIT });
  try {
    const stopping = new AbortController();
    setMaxListeners(0, stopping.signal);
    const signals = new CommitSignals();
    const writer = new Writer(events, signals, clock, log);
    serve(server, { events, recent: new RecentEvents(events), writer, signals, authentication, stopping: stopping.signal, clock, newId: randomUUID, log });
    const port = await bind(server, options);
    const host = options.listen.slice(0, options.listen.lastIndexOf(':'));
    return { address: `${host}:${port}`, stop: once(() => stop(server, stopping, writer).finally(() => close(events, log))) };
  } catch (error) {
    server.forceShutdown();
    close(events, log);
    throw error;
  }
}

function openLog(file: string): EventLog {
  try {
    return new EventLog(openDatabase(file));
  } catch (error) {
    throw new StartError('file', `the store's file cannot be opened: ${sqliteCode(error)}`, { cause: error });
  }
}

function authenticationOf({ users, log }: StoreOptions): Authentication {
  if (users === 'anyone') return ANYONE;
  return new BasicAuthentication(new UsersFile(users.file, (reason) => log('users_rejected', { reason })), log);
}

function serve(server: Server, parts: StoreParts): void {
  const { backup, ...streams } = streamsService(parts);
  server.addService(streamsGrpc.StreamsService, streams);
  server.addService({ read: BACKUP }, { read: backup });
  // The client asks both of these before it has sent any credentials.
  server.addService(featuresGrpc.ServerFeaturesService, { getSupportedMethods: anonymous(() => supportedMethods()) });
  server.addService(gossipGrpc.GossipService, { read: anonymous((call) => clusterInfo(call.getHost(), parts.clock())) });
}

type AnyCall = ServerUnaryCall<unknown, unknown>;

function anonymous<Response>(handle: (call: AnyCall) => Response): (call: AnyCall, answer: sendUnaryData<Response>) => void {
  return (call, answer) => {
    try {
      answer(null, handle(call));
    } catch (error) {
      answer(grpcError(refusalOf(error)));
    }
  };
}

function bind(server: Server, { listen, tls }: StoreOptions): Promise<number> {
  const credentials = tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]);
  return new Promise((resolve, reject) => server.bindAsync(listen, credentials, (error, port) => {
    if (error === null) resolve(port);
    else reject(new StartError('listen', `cannot listen on ${listen}`, { cause: error }));
  }));
}

async function stop(server: Server, stopping: AbortController, writer: Writer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  writer.flush();
  stopping.abort();
  // A reader that takes nothing would keep the store from ending.
  const patience = setTimeout(() => server.forceShutdown(), STOP_PATIENCE_MS);
  await closed;
  clearTimeout(patience);
  writer.flush();
}

/** A file that cannot be tidied is none the less whole: its log is read at the next start. */
function close(events: EventLog, log: Log): void {
  try {
    events.close();
  } catch (error) {
    log('close_failed', { code: sqliteCode(error) });
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}
