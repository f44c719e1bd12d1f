import type { ServerDuplexStream } from '@grpc/grpc-js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { AppendSize } from './append-size.js';
import type { Session } from './authentication.js';
import { batchError, batchSuccess, batchWrongVersion } from './batch-append-answer.js';
import type { NewEvent } from './database.js';
import type { Expected } from './expected-revision.js';
import { accessDenied, grpcError, Refusal, refusalOf } from './refusal.js';
import { mayAppend } from './rights.js';
import type { StoreParts } from './store-parts.js';
import { expectedPosition, proposedEvent, streamName, uuidText } from './wire.js';

type BatchCall = ServerDuplexStream<streamsPb.BatchAppendReq, streamsPb.BatchAppendResp>;

const MOST_OPEN = 64;

/** One append that arrives in parts, until its last part is here. */
interface OpenAppend {
  readonly options: streamsPb.BatchAppendReq.Options | undefined;
  readonly size: AppendSize;
  readonly events: NewEvent[];
  target: { readonly stream: string; readonly expected: Expected } | undefined;
  refusal: Refusal | undefined;
}

/** Serves BatchAppend: many appends over one call, each answered exactly once under its correlation id. */
export class BatchAppendCall {
  readonly #open = new Map<string, OpenAppend>();
  #unanswered = 0;
  #ended = false;

  constructor(
    private readonly call: BatchCall,
    private readonly session: Session,
    private readonly parts: StoreParts,
  ) {}

  /** Takes requests until the caller ends or the store stops. */
  serve(): void {
    const { call, parts } = this;
    // An error, not an end: appends still on their way here must not wait for ever at the caller.
    const stop = (): void => this.#end(new Refusal('stopping', 'the store is stopping'));
    const forget = (): void => parts.stopping.removeEventListener('abort', stop);
    parts.stopping.addEventListener('abort', stop);
    call.on('data', (request: streamsPb.BatchAppendReq) => {
      try {
        this.#take(request);
      } catch (error) {
        this.#end(refusalOf(error));
      }
    });
    call.on('drain', () => call.resume());
    call.on('end', () => {
      this.#ended = true;
      this.#finish();
    });
    call.on('cancelled', forget).on('close', forget).on('error', forget);
  }

  #take(request: streamsPb.BatchAppendReq): void {
    if (this.#ended) return;
    const correlation = uuidText(request.getCorrelationId());
    const append = this.#open.get(correlation) ?? this.#begin(correlation, request.getOptions());
    if (append.refusal === undefined) {
      try {
        for (const message of request.getProposedMessagesList()) {
          const event = proposedEvent(message);
          append.size.add(event);
          append.events.push(event);
        }
      } catch (error) {
        append.refusal = refusalOf(error);
        append.events.length = 0;
      }
    }
    if (!request.getIsFinal()) return;
    this.#open.delete(correlation);
    this.#unanswered += 1;
    void this.#append(append).then((response) => this.#answer(response, request.getCorrelationId(), append.options));
  }

  #begin(correlation: string, options: streamsPb.BatchAppendReq.Options | undefined): OpenAppend {
    if (this.#open.size >= MOST_OPEN) throw new Refusal('too-many', `at most ${MOST_OPEN} appends may be unfinished on one call`);
    const append: OpenAppend = { options, size: new AppendSize(), events: [], target: undefined, refusal: undefined };
    this.#open.set(correlation, append);
    try {
      if (options === undefined) throw new Refusal('invalid-argument', 'an append begins with its options');
      const stream = streamName(options.getStreamIdentifier());
      if (!mayAppend(this.session.grant(), stream)) throw accessDenied();
      append.target = { stream, expected: expectedPosition(options) };
    } catch (error) {
      append.refusal = refusalOf(error);
    }
    return append;
  }

  async #append({ options, target, events, refusal }: OpenAppend): Promise<streamsPb.BatchAppendResp> {
    if (refusal !== undefined || target === undefined) return batchError(refusal ?? new Refusal('invalid-argument', 'an append begins with its options'), target?.stream);
    const deadline = options?.getDeadline()?.toDate();
    try {
      const outcome = await this.parts.writer.append({
        ...target, events,
        abandoned: () => {
          if (this.call.cancelled) return new Refusal('stopping', 'the caller has gone');
          return deadline !== undefined && this.parts.clock() > deadline ? new Refusal('timeout', 'the deadline has passed') : undefined;
        },
      });
      return outcome.kind === 'appended' ? batchSuccess(outcome.revision, outcome.position) : batchWrongVersion(outcome.current, target.expected);
    } catch (error) {
      return batchError(refusalOf(error), target.stream);
    }
  }

  #answer(response: streamsPb.BatchAppendResp, correlation: sharedPb.UUID | undefined, options: streamsPb.BatchAppendReq.Options | undefined): void {
    this.#unanswered -= 1;
    if (this.call.cancelled) return;
    response.setCorrelationId(correlation).setStreamIdentifier(options?.getStreamIdentifier());
    if (options !== undefined) echoExpectation(response, options);
    // Who does not read the answers is not read either, so that they do not pile up here.
    if (!this.call.write(response)) this.call.pause();
    this.#finish();
  }

  #finish(): void {
    if (this.#ended && this.#unanswered === 0) this.call.end();
  }

  /** Ends the call once what is in flight is committed and answered. */
  #end(refusal: Refusal): void {
    if (this.#ended) return;
    this.#ended = true;
    this.parts.writer.flush();
    setImmediate(() => this.call.emit('error', grpcError(refusal)));
  }
}

function echoExpectation(response: streamsPb.BatchAppendResp, options: streamsPb.BatchAppendReq.Options): void {
  if (options.hasStreamPosition()) response.setStreamPosition(options.getStreamPosition());
  else if (options.hasNoStream()) response.setNoStream(options.getNoStream());
  else if (options.hasAny()) response.setAny(options.getAny());
  else if (options.hasStreamExists()) response.setStreamExists(options.getStreamExists());
}
