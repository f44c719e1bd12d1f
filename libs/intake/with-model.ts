import { capsOf, confidenceOf } from './confidence.js';
import { saidTime } from './effective-time.js';
import { groundedTarget, groundedWords, groundOf } from './grounding.js';
import type { Action, ConfidencePart, EffectiveTime, Flag, IntentPacket, ParseContext, Target } from './intent-packet.js';
import type { ModelAnswer } from './model-answer.js';
import { reading } from './parse-request.js';
import { scrubbed } from './screened.js';
import { fit, sameTarget } from './target.js';

/** A part of the packet that a model can say something about. */
export type ModelField = 'action' | 'target' | 'effective' | 'reason';

/** What became of a model's answer; with it the packet says what our own parser had read. */
export interface ModelPart {
  /** Flags that the packet has because of the model. */
  readonly raised: readonly Flag[];
  /** What our own parser had left empty and the model's quotation stands for. */
  readonly filled: readonly ModelField[];
  /** What the message does not say in these words, or says of nobody or of no time that our own readers find. */
  readonly dropped: readonly ModelField[];
  /** What the model reads in another way than our own parser, which stands. */
  readonly differs: readonly ModelField[];
}

/** A model's answer as the message bears it out: null where it says that there is none, undefined where it was dropped. */
interface Grounded {
  readonly action: Action | undefined;
  readonly target: Target | null | undefined;
  readonly effective: EffectiveTime | null | undefined;
  readonly reason: string | null | undefined;
}

/** Where our own parser is sure that a person must decide, a model has nothing to fill in. */
const settling: readonly Flag[] = ['prompt_injection_suspected', 'homograph_address', 'several_targets', 'several_actions', 'several_requests', 'too_many_requests', 'negated', 'question', 'conditional', 'reported'];

/**
 * The packet of our own parser for `text`, with what a model may add to it. Whatever the answer: the confidence does not rise, no flag goes,
 * nothing that was read is read otherwise, and nobody becomes the target whom the text does not name. What is filled in is flagged.
 */
export function withModel(packet: IntentPacket, text: string, answer: ModelAnswer, context: ParseContext): { readonly packet: IntentPacket; readonly part: ModelPart } {
  const said = grounded(answer, text, context);
  const differs = differences(packet, said);
  const fills: Partial<Pick<IntentPacket, ModelField>> = [...packet.flags, ...answer.flags].some((flag) => settling.includes(flag)) ? {} : fillings(packet, said);
  const filled = (['action', 'target', 'effective', 'reason'] as const).filter((field) => field in fills);
  const raised = raisedBy(answer, { differs, filled }, fills.effective, context).filter((flag) => !packet.flags.includes(flag));
  const merged: IntentPacket = { ...packet, ...fills, ...bounded(packet, raised, answer.confidence) };
  const suspected = raised.includes('prompt_injection_suspected');
  const dropped = (['action', 'target', 'effective', 'reason'] as const).filter((field) => said[field] === undefined);
  return { packet: suspected ? scrubbed(merged, [], 'a model suspects an attack') : merged, part: { raised, filled, dropped, differs } };
}

function grounded({ action, asks, target, when, reason }: ModelAnswer, text: string, context: ParseContext): Grounded {
  const { part, grammar } = reading(text);
  const ground = groundOf(text, part.sentences);
  const words = when === null ? null : groundedWords(when, ground);
  // the model points at the words, and our own reader reads them
  const time = words == null ? null : saidTime([words], context, grammar);
  const isTime = time?.effective != null && !time.flags.includes('no_date');
  return {
    action: action === 'unknown' || (asks !== null && groundedWords(asks, ground) !== undefined) ? action : undefined,
    target: target === null ? null : groundedTarget(target, ground),
    effective: words === null ? null : isTime ? time.effective : undefined,
    reason: reason === null ? null : groundedWords(reason, ground),
  };
}

function differences(packet: IntentPacket, said: Grounded): readonly ModelField[] {
  const { action, target, effective } = packet;
  const differs: ModelField[] = [];
  if (action !== 'unknown' && said.action !== undefined && said.action !== action) differs.push('action');
  if (target !== null && said.target !== undefined && !isSamePerson(target, said.target)) differs.push('target');
  if (effective !== null && said.effective !== undefined && !isSameTime(effective, said.effective)) differs.push('effective');
  return differs;
}

/** A name and the address that spells it out are one person. */
function isSamePerson(target: Target, other: Target | null): boolean {
  if (other === null) return false;
  const [name, email] = target.kind === 'name' ? [target, other] : [other, target];
  return sameTarget(target, other) || (name.kind === 'name' && email.kind === 'address' && fit(name.value, email.value) === 'both');
}

/** Where no words said a time, a model finds none either. */
function isSameTime({ at, text }: EffectiveTime, other: EffectiveTime | null): boolean {
  return other === null ? text === null : other.at === at;
}

function fillings(packet: IntentPacket, { action, target, effective, reason }: Grounded): Partial<Pick<IntentPacket, ModelField>> {
  return {
    ...(packet.action === 'unknown' && action !== undefined && action !== 'unknown' && { action }),
    ...(packet.target === null && target != null && { target }),
    ...(packet.effective === null && effective != null && { effective }),
    ...(packet.reason === null && reason != null && { reason }),
  };
}

function raisedBy({ flags }: ModelAnswer, { differs, filled }: Pick<ModelPart, 'differs' | 'filled'>, effective: EffectiveTime | null | undefined, { now }: ParseContext): readonly Flag[] {
  return [
    ...flags,
    ...(differs.length > 0 ? (['model_disagrees'] as const) : []),
    // a reason decides nothing
    ...(filled.some((field) => field !== 'reason') ? (['model_filled'] as const) : []),
    ...(effective != null && Date.parse(effective.at) < now.getTime() ? (['date_in_past'] as const) : []),
  ];
}

/** The flags and bounds that come on top: points are never added, so the sum cannot rise. */
function bounded(packet: IntentPacket, raised: readonly Flag[], confidence: number): Pick<IntentPacket, 'confidence' | 'confidenceParts' | 'flags'> {
  const lower: readonly ConfidencePart[] = confidence < packet.confidence ? [{ name: 'cap.model', value: Math.floor(confidence * 100) / 100, because: 'a model is less sure' }] : [];
  const caps = capsOf(raised.filter((flag) => flag !== 'prompt_injection_suspected')).map((part) => ({ ...part, because: `with a model: ${part.because}` }));
  const confidenceParts = [...packet.confidenceParts, ...caps, ...lower];
  return { flags: [...packet.flags, ...raised], confidenceParts, confidence: confidenceOf(confidenceParts) };
}
