import { isJsonObject, type JsonValue } from '#decider';
import type { Action, Flag } from './intent-packet.js';

/** What a model may raise: how a message is meant. The other flags tell of what our own reading establishes. */
export const modelFlags = ['prompt_injection_suspected', 'several_targets', 'several_actions', 'negated', 'question', 'conditional', 'reported', 'date_unclear'] as const satisfies readonly Flag[];
type ModelFlag = (typeof modelFlags)[number];

/** What a model answers about one message. Its texts are quotations, for our own readers to read. */
export type ModelAnswer = {
  readonly action: Action;
  /** The words that ask for the action. */
  readonly asks: string | null;
  /** The address, employee number or full name of whom it is about. */
  readonly target: string | null;
  /** The words that say when. */
  readonly when: string | null;
  readonly reason: string | null;
  /** 0..1 */
  readonly confidence: number;
  readonly flags: readonly ModelFlag[];
};

const actions = ['offboard', 'reinstate', 'unknown'] as const satisfies readonly Action[];
/** The longest quotation of each kind, in UTF-16 units. */
const longest = { asks: 200, target: 320, when: 200, reason: 200 };
const quotation = { type: ['string', 'null'] };

/** The JSON Schema of an answer, of what every endpoint that takes schemas understands; lengths and ranges are checked here alone. */
export const modelAnswerSchema = {
  type: 'object',
  properties: {
    action: { type: 'string', enum: actions },
    asks: quotation,
    target: quotation,
    when: quotation,
    reason: quotation,
    confidence: { type: 'number' },
    flags: { type: 'array', items: { type: 'string', enum: modelFlags } },
  },
  required: ['action', 'asks', 'target', 'when', 'reason', 'confidence', 'flags'],
  additionalProperties: false,
} as const;

/** The answer in `content`; undefined for anything that is not exactly of its shape, one member more or less among it. */
export function readModelAnswer(content: string): ModelAnswer | undefined {
  const value = parsed(content);
  if (!isJsonObject(value) || Object.keys(value).toSorted().join(' ') !== modelAnswerSchema.required.toSorted().join(' ')) return undefined;
  const action = actions.find((one) => one === value['action']);
  const { asks, target, when, reason, confidence } = value;
  const flags = flagsIn(value['flags']);
  if (action === undefined || flags === undefined || typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) return undefined;
  if (!isQuotation(asks, longest.asks) || !isQuotation(target, longest.target) || !isQuotation(when, longest.when) || !isQuotation(reason, longest.reason)) return undefined;
  return { action, asks, target, when, reason, confidence, flags };
}

function parsed(content: string): JsonValue | undefined {
  try {
    return JSON.parse(content) as JsonValue;
  } catch {
    return undefined;
  }
}

function isQuotation(value: JsonValue | undefined, most: number): value is string | null {
  return value === null || (typeof value === 'string' && value.length <= most && value.isWellFormed());
}

function flagsIn(value: JsonValue | undefined): readonly ModelFlag[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = modelFlags.filter((flag) => value.includes(flag));
  // a flag that is none, or one twice
  return known.length === value.length ? known : undefined;
}
