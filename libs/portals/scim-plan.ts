import { CodedError } from '#decider';
import type { Effect, Holdings, Phase, PlannedStep, PortalState } from './connector.js';
import { isTexts, listStep, statusStep, textsIn } from './state-fields.js';

const EFFECTS: Readonly<Record<Phase, readonly Effect[]>> = {
  soft: [
    { effect: 'deactivate', reversible: true, says: 'disables the account, which ends its access' },
    { effect: 'remove_groups', reversible: true, says: 'takes it out of every group' },
  ],
  hard: [{ effect: 'delete_account', reversible: false, says: 'deletes the account, which gives its licence back' }],
  reinstate: [
    { effect: 'restore_groups', reversible: true, says: 'puts it into the groups it was in' },
    { effect: 'activate', reversible: true, says: 'enables the account, if it was enabled' },
    { effect: 'deactivate', reversible: true, says: 'disables the account, if it was disabled' },
  ],
};

export const scimEffects = (phase: Phase): readonly Effect[] => EFFECTS[phase];

/** See Connector.plan. */
export function planScim(phase: Phase, before: PortalState, current: PortalState): readonly PlannedStep[] {
  if (!current.exists) {
    if (phase === 'reinstate' && before.exists) throw new CodedError('portal_gone', 'the account has been deleted');
    return [];
  }
  switch (phase) {
    case 'soft':
      return [
        ...(current['active'] === false ? [] : [{ effect: 'deactivate', reversible: true, detail: {} }]),
        ...listStep('remove_groups', true, textsIn(current, 'groups'), []),
      ];
    case 'hard':
      return [{ effect: 'delete_account', reversible: false, detail: {} }];
    case 'reinstate':
      if (!before.exists) return [];
      return [...listStep('restore_groups', true, textsIn(current, 'groups'), textsIn(before, 'groups')), ...statusStep(before, current)];
  }
}

const ORDINARY = new Set(['member', 'user', 'viewer', 'guest']);

/** SCIM knows roles where the portal fills them (RFC 7643, 4.1.2); it says nothing of ownership or escalations. */
export function scimHoldings(state: PortalState): Holdings {
  if (!state.exists || !isTexts(state['roles']) || state['roles'].length === 0) return {};
  const special = state['roles'].map((role) => role.toLowerCase()).filter((role) => !ORDINARY.has(role));
  if (special.some((role) => /admin|owner/.test(role))) return { privilege: 'admin' };
  return { privilege: special.length > 0 ? 'elevated' : 'none' };
}
