import type { ApprovalView, ViewComponent, ViewStep } from '#approvals';

/** What a phase means to an approver. */
export const PHASE_SAYS: Readonly<Record<ViewStep['phase'], string>> = {
  soft: 'Soft phase: at once',
  hard: 'Hard phase: after the waiting time',
  reinstate: 'Reinstate: back to how it was',
  erase: 'Erasure: as soon as it is approved',
};

/** The plan by phase, in the order in which it will be done. */
export function byPhase(plan: ApprovalView['plan']): readonly (readonly [ViewStep['phase'], readonly ViewStep[]])[] {
  const phases = [...new Set(plan.map(({ phase }) => phase))];
  return phases.map((phase) => [phase, plan.filter((step) => step.phase === phase)]);
}

/** What nobody can take back, each once, in words. */
export function irreversible(plan: ApprovalView['plan']): readonly string[] {
  return [...new Set(plan.flatMap(({ portal, effects }) => effects.filter(({ reversible }) => !reversible).map(({ says }) => `${portal}: ${says}`)))];
}

/** The risk components, worst first: what adds most to the score stands on top. */
export function worstFirst(components: readonly ViewComponent[]): readonly ViewComponent[] {
  return [...components].sort((a, b) => b.value * b.weight - a.value * a.weight);
}

/** How many of the needed people have approved. */
export function approvals(view: ApprovalView): number {
  return new Set(view.votes.filter(({ vote }) => vote === 'approve').map(({ person }) => person)).size;
}

/** An instant for people: date and minute in UTC. */
export function inWords(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
