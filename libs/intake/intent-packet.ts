import type { Marker } from './marker-class.js';

/** What a request asks for; `unknown` always goes to a human. */
export type Action = 'offboard' | 'reinstate' | 'unknown';

/** Whom the request names: an address, a full name, or an employee number, as written. */
export interface Target {
  readonly kind: 'address' | 'name' | 'employee';
  readonly value: string;
}

/** When it should take effect: an ISO instant in UTC, how exactly it was said, in which zone, and the words that said it. */
export interface EffectiveTime {
  readonly at: string;
  readonly precision: 'day' | 'time' | 'now';
  readonly zone: string;
  readonly text: string | null;
}

/** What a reader of the packet should know; the list is closed. */
export const flags = [
  'prompt_injection_suspected',
  'homograph_address',
  'several_targets',
  'several_actions',
  'negated',
  'question',
  'conditional',
  'reported',
  'several_requests',
  'too_many_requests',
  'language_unclear',
  'no_action',
  'no_target',
  'no_date',
  'date_unclear',
  'date_in_past',
  'truncated',
  'model_disagrees',
  'model_filled',
] as const;
export type Flag = (typeof flags)[number];

/** A named part of the confidence: points add up, a part named `cap.…` bounds the sum. */
export interface ConfidencePart {
  readonly name: string;
  readonly value: number;
  readonly because: string;
}

/** What intake understood of one request. */
export interface IntentPacket {
  readonly action: Action;
  /** Null when it was scrubbed, absent or ambiguous. */
  readonly target: Target | null;
  readonly effective: EffectiveTime | null;
  /** A name in the text is only a claim; the requester is whom the channel authenticated. */
  readonly claimedRequester: string | null;
  readonly reason: string | null;
  readonly source: 'text' | 'json';
  /** 0..1, the stated function of `confidenceParts`. */
  readonly confidence: number;
  readonly confidenceParts: readonly ConfidencePart[];
  readonly flags: readonly Flag[];
  readonly markers: readonly Marker[];
  readonly parser: string;
}

/** What the parser is told beside the text: the time of arrival and the tenant's IANA zone. */
export interface ParseContext {
  readonly now: Date;
  readonly zone: string;
}
