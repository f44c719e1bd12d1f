import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';

/** What a client can be told, in EventStoreDB's own words (the `exception` trailer). */
export type RefusalCode =
  | 'access-denied'
  | 'invalid-argument'
  | 'maximum-append-size-exceeded'
  | 'missing-required-metadata-property'
  | 'not-authenticated'
  | 'stopping'
  | 'store-failed'
  | 'stream-deleted'
  | 'timeout'
  | 'too-many'
  | 'wrong-expected-version';

const STATUS: Record<RefusalCode, status> = {
  'access-denied': status.PERMISSION_DENIED,
  'invalid-argument': status.INVALID_ARGUMENT,
  'maximum-append-size-exceeded': status.INVALID_ARGUMENT,
  'missing-required-metadata-property': status.INVALID_ARGUMENT,
  'not-authenticated': status.UNAUTHENTICATED,
  'stopping': status.UNAVAILABLE,
  'store-failed': status.INTERNAL,
  'stream-deleted': status.FAILED_PRECONDITION,
  'timeout': status.DEADLINE_EXCEEDED,
  'too-many': status.RESOURCE_EXHAUSTED,
  'wrong-expected-version': status.FAILED_PRECONDITION,
};

/** Codes that the client knows by their trailer; the others it tells apart by their status. */
const NAMED: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'access-denied',
  'maximum-append-size-exceeded',
  'missing-required-metadata-property',
  'stream-deleted',
  'wrong-expected-version',
]);

/** A request that is not done, with the code and trailers that the client reads. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly trailers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Refusal';
  }
}

/** The refusal inside any thrown value; what we did not foresee says nothing of our inside. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('store-failed', 'the store failed', {}, { cause: error });
}

/** A refusal as a gRPC status with trailers. */
export function grpcError(refusal: Refusal): ServiceError {
  const metadata = new Metadata();
  if (NAMED.has(refusal.code)) metadata.set('exception', refusal.code);
  // Header values are latin-1 at most: a stream name outside it goes percent-encoded.
  for (const [key, value] of Object.entries(refusal.trailers)) metadata.set(key, /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value));
  return Object.assign(new Error(refusal.message), { code: STATUS[refusal.code], details: refusal.message, metadata });
}

/** The stream was tombstoned: it can never be read or written again. */
export function streamDeleted(stream: string): Refusal {
  return new Refusal('stream-deleted', `stream '${stream}' is deleted`, { 'stream-name': stream });
}

/** The identity may not do this to this stream. */
export function accessDenied(): Refusal {
  return new Refusal('access-denied', 'access denied');
}
