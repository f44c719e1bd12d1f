import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { AppendSize } from './append-size.js';
import type { Session } from './authentication.js';
import type { NewEvent } from './database.js';
import type { Expected } from './expected-revision.js';
import { accessDenied, Refusal, refusalOf } from './refusal.js';
import { mayAppend } from './rights.js';
import type { StoreParts } from './store-parts.js';
import { expectedRevision, proposedEvent, streamName } from './wire.js';
import type { AppendOutcome } from './writer.js';

type AppendCall = ServerReadableStream<streamsPb.AppendReq, streamsPb.AppendResp>;

/** Serves the unary Append: options first, then one message an event, one answer after the commit. */
export async function serveAppend(call: AppendCall, answer: sendUnaryData<streamsPb.AppendResp>, session: Session, parts: StoreParts): Promise<void> {
  const { stream, expected, events } = await receive(call, session);
  const outcome = await parts.writer.append({
    stream, expected, events,
    // Who stopped waiting must not find the event later.
    abandoned: () => (call.cancelled ? new Refusal('stopping', 'the caller has gone') : undefined),
  });
  answer(null, response(outcome, expected));
}

interface Received {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
}

/** Reads the request to its end, or refuses at its first fault. */
function receive(call: AppendCall, session: Session): Promise<Received> {
  return new Promise((resolve, reject) => {
    let target: Pick<Received, 'stream' | 'expected'> | undefined;
    const events: NewEvent[] = [];
    const size = new AppendSize();
    const take = (request: streamsPb.AppendReq): void => {
      const options = request.getOptions();
      if (options !== undefined) {
        if (target !== undefined) throw new Refusal('invalid-argument', 'append options came twice');
        target = { stream: streamName(options.getStreamIdentifier()), expected: expectedRevision(options) };
        if (!mayAppend(session.grant(), target.stream)) throw accessDenied();
        return;
      }
      const message = request.getProposedMessage();
      if (target === undefined || message === undefined) throw new Refusal('invalid-argument', 'an append begins with its options, and events follow');
      const event = proposedEvent(message);
      size.add(event);
      events.push(event);
    };
    const onData = (request: streamsPb.AppendReq): void => {
      try {
        take(request);
      } catch (error) {
        call.off('data', onData);
        call.resume();
        reject(refusalOf(error));
      }
    };
    call.on('data', onData);
    call.on('end', () => {
      if (target === undefined) reject(new Refusal('invalid-argument', 'append options are required'));
      else resolve({ ...target, events });
    });
    call.on('error', () => reject(new Refusal('stopping', 'the caller has gone')));
    call.on('cancelled', () => reject(new Refusal('stopping', 'the caller has gone')));
  });
}

function response(outcome: AppendOutcome, expected: Expected): streamsPb.AppendResp {
  if (outcome.kind === 'wrong_revision') return new streamsPb.AppendResp().setWrongExpectedVersion(wrongVersion(outcome.current, expected));
  const success = new streamsPb.AppendResp.Success();
  if (outcome.revision < 0) success.setNoStream(new sharedPb.Empty());
  else success.setCurrentRevision(String(outcome.revision));
  if (outcome.position === undefined) {
    success.setNoPosition(new sharedPb.Empty());
  } else {
    const position = new streamsPb.AppendResp.Position();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    success.setPosition(position);
  }
  return new streamsPb.AppendResp().setSuccess(success);
}

/** Both forms of the answer: fields 6 to 11 for clients of our time, 1 to 5 for those of server 20.6. */
function wrongVersion(current: number, expected: Expected): streamsPb.AppendResp.WrongExpectedVersion {
  const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
  const empty = new sharedPb.Empty();
  if (current < 0) wrong.setCurrentNoStream(empty).setNoStream2060(empty);
  else wrong.setCurrentRevision(String(current)).setCurrentRevision2060(current);
  switch (expected.kind) {
    case 'exact': return wrong.setExpectedRevision(String(expected.revision)).setExpectedRevision2060(expected.revision);
    case 'no_stream': return wrong.setExpectedNoStream(empty);
    case 'any': return wrong.setExpectedAny(empty).setAny2060(empty);
    case 'stream_exists': return wrong.setExpectedStreamExists(empty).setStreamExists2060(empty);
  }
}
