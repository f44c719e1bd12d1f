import type { Instant, JsonObject } from '#decider';
import type { Place } from '#views';
import type { OpenedCase } from './queries.js';
import { inWords } from './words.js';

/** One event of a case, as an auditor reads it. */
export interface StoryEntry {
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
  readonly words: string;
  readonly data: JsonObject;
}

/** Events in a row that belong to one stage. */
export interface StoryStage extends Place {
  readonly entries: readonly StoryEntry[];
}

/** One decision: the policy's answer, or a human's vote. */
export interface StoryDecision {
  readonly seq: number;
  readonly at: Instant;
  /** `policy`, or the approver's opaque id. */
  readonly by: string;
  readonly words: string;
}

/** The story stage by stage; a stage that is gone through again, for a later phase or by fresh evidence, stands again. */
export function stagesOf({ entries }: OpenedCase): readonly StoryStage[] {
  const stages: (Place & { entries: StoryEntry[] })[] = [];
  for (const { stage, phase, seq, type, at, actor, data } of entries) {
    const told = { seq, type, at, actor, words: inWords({ type, data }), data };
    const last = stages.at(-1);
    if (last?.stage === stage && last.phase === phase) last.entries.push(told);
    else stages.push({ stage, phase, entries: [told] });
  }
  return stages;
}

/** Who decided what. */
export function decisionsOf({ entries }: OpenedCase): readonly StoryDecision[] {
  return entries.flatMap(({ seq, at, type, data }) => {
    if (type === 'gate.decided' || type === 'erasure.decided') return [{ seq, at, by: 'policy', words: inWords({ type, data }) }];
    if (type === 'approval.voted') return [{ seq, at, by: typeof data.approver === 'string' ? data.approver : 'unknown', words: inWords({ type, data }) }];
    return [];
  });
}
