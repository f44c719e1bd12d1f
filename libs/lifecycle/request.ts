import type { Instant } from '#decider';
import type { Circumstances } from '#risk';
import type { Sealed } from '#vault';

// Events

/** A request was accepted; what it said is sealed under the case's key. */
export type RequestReceived = {
  readonly pipeline: 'offboard';
  readonly requester: string;
  readonly channel: string;
  readonly format: 'text' | 'json';
  readonly text: Sealed;
  /** SHA-256 over requester and idempotency key: a random key cannot be guessed from it. */
  readonly idempotency: string | null;
  /** The case that this request was filed in place of. */
  readonly follows: string | null;
  /** Of a message that asks for several things: which of them this case is about, from 1, and all its cases in order. */
  readonly part?: { readonly number: number; readonly cases: readonly string[] };
};

/** What intake understood; personal parts are sealed. */
export type IntentParsed = {
  readonly action: string;
  readonly source: 'text' | 'json';
  readonly parser: string;
  readonly confidence: number;
  readonly confidenceParts: readonly { readonly name: string; readonly value: number; readonly because: string }[];
  readonly flags: readonly string[];
  readonly markers: readonly { readonly class: string; readonly version: number; readonly start: number; readonly end: number; readonly view: string; readonly field?: string }[];
  readonly effective: { readonly at: Instant; readonly precision: string; readonly zone: string } | null;
  readonly target: Sealed | null;
  readonly claimedRequester: Sealed | null;
  readonly reason: Sealed | null;
  /** What a model had to do with it; absent where none is configured, and for a structured request. */
  readonly model?: ModelSaid;
};

/** What a model said of a message beside our own parser, and what was made of it. */
export type ModelSaid = {
  readonly name: string;
  /** SHA-256 of what the model is told beside the message; the message itself may be short enough to guess. */
  readonly prompt: string;
  /** `answered`, or why there is no answer that counts. */
  readonly outcome: string;
  /** Flags that the model has brought about. */
  readonly raised: readonly string[];
  /** Fields that stand as the model quoted them, since our own parser had found nothing. */
  readonly filled: readonly string[];
  /** Fields whose quotation the message does not bear out. */
  readonly dropped: readonly string[];
  /** Fields that the model reads in another way than our own parser, whose reading stands. */
  readonly differs: readonly string[];
  readonly answer: Sealed | null;
};

export type RequestEvent =
  | { readonly type: 'request.received'; readonly data: RequestReceived }
  | { readonly type: 'intent.parsed'; readonly data: IntentParsed }
  | { readonly type: 'requester.added'; readonly data: { readonly requester: string; readonly from: string } };

// State

/** Who asked for what, and when it should happen. */
export interface RequestState {
  readonly received: RequestReceived & { readonly at: Instant };
  /** Everyone who asked for this, the first one first. */
  readonly requesters: readonly string[];
  readonly intent: IntentParsed | null;
  readonly effectiveAt: Instant;
  /** The tenant's requests before this one, as they stood when it came. */
  readonly before: Circumstances['requests'];
}

const NO_REQUESTS: Circumstances['requests'] = { all: 0, by_requester: 0, around_hour: 0 };

/** The stage after one of its events; `state` is null before the first, which `before` is about. */
export function evolveRequest(state: RequestState | null, event: RequestEvent, at: Instant, before = NO_REQUESTS): RequestState | null {
  if (event.type === 'request.received')
    return { received: { ...event.data, at }, requesters: [event.data.requester], intent: null, effectiveAt: at, before };
  if (!state) return null;
  if (event.type === 'intent.parsed') return { ...state, intent: event.data, effectiveAt: event.data.effective?.at ?? state.received.at };
  if (state.requesters.includes(event.data.requester)) return state;
  return { ...state, requesters: [...state.requesters, event.data.requester] };
}

// Commands and decide

/** Records what intake understood. */
export type RecordIntent = { readonly do: 'recordIntent'; readonly intent: IntentParsed };

/** An intent is recorded once: a repeated one decides nothing. */
export function decideIntent(command: RecordIntent, state: RequestState): readonly RequestEvent[] {
  return state.intent ? [] : [{ type: 'intent.parsed', data: command.intent }];
}

