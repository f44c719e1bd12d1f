import type { handleServerStreamingCall, sendUnaryData, ServerDuplexStream, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { serveAppend } from './append-call.js';
import type { Session } from './authentication.js';
import { serveBackup } from './backup-call.js';
import type { BackupPart } from './backup-service.js';
import { BatchAppendCall } from './batch-append-call.js';
import { sqliteCode } from './group-commit.js';
import { ReaderGone } from './outlet.js';
import { serveRead } from './read-call.js';
import { grpcError, refusalOf } from './refusal.js';
import type { Refusal } from './refusal.js';
import { serveDelete, serveTombstone } from './remove-call.js';
import type { StoreParts } from './store-parts.js';

/** Anything that carries call metadata. */
type Call = Pick<ServerUnaryCall<unknown, unknown>, 'metadata'>;

/** The one method that is not EventStoreDB's. */
export interface BackupServer {
  readonly backup: handleServerStreamingCall<object, BackupPart>;
}

/** The Streams service and the backup: each call is authenticated first, and each fault becomes the status that the client knows. */
export function streamsService(parts: StoreParts): UntypedServiceImplementation & IStreamsServer & BackupServer {
  const session = (call: Call): Promise<Session> => parts.authentication.authenticate(call.metadata.get('authorization')[0]?.toString());
  const refused = (error: unknown): Refusal => {
    const refusal = refusalOf(error);
    if (refusal.code === 'store-failed') parts.log('call_failed', { code: sqliteCode(refusal.cause) });
    return refusal;
  };
  const fail = (call: Pick<ServerDuplexStream<unknown, unknown>, 'emit'>, error: unknown): void => {
    if (!(error instanceof ReaderGone)) call.emit('error', grpcError(refused(error)));
  };
  const unary = <Request, Response>(handle: (request: Request, caller: Session, parts: StoreParts) => Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
      session(call).then((caller) => handle(call.request, caller, parts)).then((response) => answer(null, response), (error: unknown) => answer(grpcError(refused(error))));
    };
  return {
    append: (call, answer) => {
      session(call).then((caller) => serveAppend(call, answer, caller, parts)).catch((error: unknown) => answer(grpcError(refused(error))));
    },
    batchAppend: (call) => {
      session(call).then((caller) => new BatchAppendCall(call, caller, parts).serve()).catch((error: unknown) => fail(call, error));
    },
    read: (call) => {
      session(call).then((caller) => serveRead(call, caller, parts)).catch((error: unknown) => fail(call, error));
    },
    backup: (call) => {
      session(call).then((caller) => serveBackup(call, caller, parts)).catch((error: unknown) => fail(call, error));
    },
    delete: unary(serveDelete),
    tombstone: unary(serveTombstone),
  };
}
