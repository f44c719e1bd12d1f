import { isJsonObject } from '#decider';
import { type Answer, type Outcome, OUTCOMES, type Reason } from './decision.js';
import { refusal } from './refusal.js';

const MOST_PEOPLE = 9;

/** The answer in a Wasm result set, `[{"result": answer}]`. An empty set or any other form is a refusal. */
export function answerIn(results: unknown): Answer {
  if (!Array.isArray(results)) return refusal('policy.answer');
  if (results.length === 0) return refusal('policy.undefined');
  const first: unknown = results[0];
  if (results.length > 1 || !isJsonObject(first) || !isJsonObject(first['result'])) return refusal('policy.answer');
  const { outcome, reasons, quorum, ...rest } = first['result'];
  const formed =
    isOutcome(outcome) && isReasons(reasons) && isQuorum(quorum) && Object.keys(rest).length === 0;
  return formed ? { outcome, reasons, quorum } : refusal('policy.answer');
}

function isOutcome(value: unknown): value is Outcome {
  return OUTCOMES.some((outcome) => outcome === value);
}

function isReasons(value: unknown): value is readonly Reason[] {
  return Array.isArray(value) && value.length > 0 && value.every(isReason);
}

function isReason(value: unknown): value is Reason {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return false;
  return typeof value['rule'] === 'string' && typeof value['text'] === 'string';
}

function isQuorum(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_PEOPLE;
}
