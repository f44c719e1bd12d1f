import codePb from '@eventstore/db-client/generated/code_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { MAX_APPEND_SIZE } from './append-size.js';
import type { Expected } from './expected-revision.js';
import type { Refusal } from './refusal.js';
import { streamIdentifier } from './wire.js';

const { Code } = codePb;

/** An append that was written (or was there before). `revision` -1: the stream has no events. */
export function batchSuccess(revision: number, position: number | undefined): streamsPb.BatchAppendResp {
  const success = new streamsPb.BatchAppendResp.Success();
  if (revision < 0) success.setNoStream(new emptyPb.Empty());
  else success.setCurrentRevision(String(revision));
  if (position === undefined) {
    success.setNoPosition(new emptyPb.Empty());
  } else {
    const at = new sharedPb.AllStreamPosition();
    at.setCommitPosition(String(position));
    at.setPreparePosition(String(position));
    success.setPosition(at);
  }
  return new streamsPb.BatchAppendResp().setSuccess(success);
}

/** An append that expected another revision than the stream has. */
export function batchWrongVersion(current: number, expected: Expected): streamsPb.BatchAppendResp {
  const wrong = new sharedPb.WrongExpectedVersion();
  if (current < 0) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(current));
  switch (expected.kind) {
    case 'exact': wrong.setExpectedStreamPosition(String(expected.revision)); break;
    case 'no_stream': wrong.setExpectedNoStream(new emptyPb.Empty()); break;
    case 'any': wrong.setExpectedAny(new emptyPb.Empty()); break;
    case 'stream_exists': wrong.setExpectedStreamExists(new emptyPb.Empty()); break;
  }
  return failed(Code.ALREADY_EXISTS, 'the stream is at another revision than expected', wrong.serializeBinary(), 'WrongExpectedVersion');
}

/** An append that was refused. */
export function batchError(refusal: Refusal, stream: string | undefined): streamsPb.BatchAppendResp {
  const { message } = refusal;
  switch (refusal.code) {
    case 'access-denied':
    case 'not-authenticated':
      return failed(Code.PERMISSION_DENIED, message, new sharedPb.AccessDenied().serializeBinary(), 'AccessDenied');
    case 'stream-deleted':
      return failed(Code.FAILED_PRECONDITION, message, new sharedPb.StreamDeleted().setStreamIdentifier(streamIdentifier(stream ?? '')).serializeBinary(), 'StreamDeleted');
    case 'timeout':
      return failed(Code.DEADLINE_EXCEEDED, message, new sharedPb.Timeout().serializeBinary(), 'Timeout');
    case 'maximum-append-size-exceeded':
      return failed(Code.INVALID_ARGUMENT, message, new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE).serializeBinary(), 'MaximumAppendSizeExceeded');
    case 'invalid-argument':
    case 'missing-required-metadata-property':
      return failed(Code.INVALID_ARGUMENT, message, new sharedPb.BadRequest().setMessage(message).serializeBinary(), 'BadRequest');
    default:
      return failed(Code.UNKNOWN, message, new sharedPb.Unknown().serializeBinary(), 'Unknown');
  }
}

function failed(code: codePb.Code, message: string, bytes: Uint8Array, type: string): streamsPb.BatchAppendResp {
  const any = new anyPb.Any();
  any.pack(bytes, `event_store.client.${type}`);
  const error = new statusPb.Status();
  error.setCode(code);
  error.setMessage(message);
  error.setDetails(any);
  return new streamsPb.BatchAppendResp().setError(error);
}
