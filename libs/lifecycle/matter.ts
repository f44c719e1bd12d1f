import type { Instant, Next } from '#decider';
import { type Erasure, type ErasureTask, nextInErasure } from './erasure.js';
import type { Known } from './erasure-scope.js';
import { next, type Offboard, type OffboardTask } from './offboard.js';
import type { Terms } from './verdict.js';

/** What a ledger tells the story of under one id: a case, or a procedure. */
export type Matter = Offboard | Erasure;
export type MatterTask = OffboardTask | ErasureTask;

export function isErasure(matter: Matter): matter is Erasure {
  return 'procedure' in matter;
}

/** The case or procedure of that id. */
export function matterOf(state: Known, id: string): Matter | undefined {
  return state.cases.get(id) ?? state.erasures.get(id);
}

/** What should happen now in a case or procedure. */
export function nextIn(matter: Matter, terms: Terms, now: Instant): Next<MatterTask> {
  return isErasure(matter) ? nextInErasure(matter, now) : next(matter, terms, now);
}
