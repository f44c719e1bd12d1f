export { type PolicyText, readPolicyText, type RuleText } from './bundle.js';
export { type Answer, type Decision, decisionOf, type Outcome, type Reason } from './decision.js';
export { openPolicy, type PolicyEngine } from './engine.js';
export type { ErasureInput, PolicyInput } from './input.js';
export type { RefusalCode } from './refusal.js';
export { type Fate, move, type RecordedDecision, recordedDecision, replay } from './replay.js';
