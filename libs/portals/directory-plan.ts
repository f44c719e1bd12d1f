import { CodedError, type Instant, type JsonObject } from '#decider';
import type { Effect, Holdings, Phase, PlannedStep, PortalState } from './connector.js';
import type { Precondition } from './precondition.js';
import { isTexts, listStep, objectsIn, statusStep, textsIn } from './state-fields.js';

const EFFECTS: Readonly<Record<Phase, readonly Effect[]>> = {
  soft: [
    { effect: 'deactivate', reversible: true, says: 'disables the account' },
    { effect: 'end_sessions', reversible: false, says: 'ends every session' },
    { effect: 'remove_groups', reversible: true, says: 'takes it out of every group' },
    { effect: 'remove_roles', reversible: true, says: 'takes every role from it' },
  ],
  hard: [
    { effect: 'reclaim_licences', reversible: false, says: 'gives its licences back' },
    { effect: 'delete_account', reversible: false, says: 'deletes the account' },
  ],
  reinstate: [
    { effect: 'restore_licences', reversible: true, says: 'gives it the licences it had' },
    { effect: 'restore_groups', reversible: true, says: 'puts it into the groups it was in' },
    { effect: 'restore_roles', reversible: true, says: 'gives it the roles it had' },
    { effect: 'activate', reversible: true, says: 'enables the account, if it was enabled' },
    { effect: 'deactivate', reversible: true, says: 'disables the account, if it was disabled' },
  ],
};

export const directoryEffects = (phase: Phase): readonly Effect[] => EFFECTS[phase];

/** See Connector.plan. */
export function planDirectory(phase: Phase, before: PortalState, current: PortalState): readonly PlannedStep[] {
  if (!current.exists) {
    if (phase === 'reinstate' && before.exists) throw new CodedError('portal_gone', 'the account has been deleted');
    return [];
  }
  const have = (field: string): readonly string[] => textsIn(current, field);
  switch (phase) {
    case 'soft':
      return [
        ...(current['active'] === false ? [] : [{ effect: 'deactivate', reversible: true, detail: {} }]),
        ...(current['sessions'] === 0 ? [] : [{ effect: 'end_sessions', reversible: false, detail: {} }]),
        ...listStep('remove_groups', true, have('groups'), []),
        ...listStep('remove_roles', true, have('roles'), []),
      ];
    case 'hard':
      return [...listStep('reclaim_licences', false, have('licences'), []), { effect: 'delete_account', reversible: false, detail: {} }];
    case 'reinstate': {
      if (!before.exists) return [];
      // enabled last, so that nobody works in an account that is half restored
      return [
        ...listStep('restore_licences', true, have('licences'), textsIn(before, 'licences')),
        ...listStep('restore_groups', true, have('groups'), textsIn(before, 'groups')),
        ...listStep('restore_roles', true, have('roles'), textsIn(before, 'roles')),
        ...statusStep(before, current),
      ];
    }
  }
}

const ADMINISTRATORS = new Set(['admin', 'administrator', 'global-admin', 'super-admin', 'owner', 'root']);
const RECENT_DAYS = 30;

/** What the account holds by roles, ownership and escalations; `at` is the instant that "recent" is counted back from. */
export function directoryHoldings(state: PortalState, at: Instant): Holdings {
  if (!state.exists) return {};
  const since = Date.parse(at) - RECENT_DAYS * 86_400_000;
  const roles = state['roles'];
  return {
    // a role that we do not know is a role
    ...(isTexts(roles) && { privilege: roles.some((role) => ADMINISTRATORS.has(role)) ? 'admin' : roles.length > 0 ? 'elevated' : 'none' }),
    ...(Array.isArray(state['ownerOf']) && { production_owner: objectsIn(state, 'ownerOf').some((owned) => owned['production'] !== false) }),
    ...(Array.isArray(state['escalations']) && {
      recent_escalation: objectsIn(state, 'escalations').some(({ at: when }) => !(typeof when === 'string' && Date.parse(when) < since)),
    }),
    ...preconditionsIn(state),
  };
}

/** What is handed over by people and by no connector; nothing where the directory keeps none of it. */
function preconditionsIn(state: PortalState & JsonObject): Pick<Holdings, 'preconditions'> {
  const { ownerOf, onCall, filesOwned, sharedMailboxes } = state;
  if ([ownerOf, onCall, filesOwned, sharedMailboxes].every((field) => field === undefined)) return {};
  const open: readonly (readonly [Precondition, boolean])[] = [
    ['hand_over_mailboxes', Array.isArray(sharedMailboxes) && sharedMailboxes.length > 0],
    ['hand_over_on_call', onCall === true],
    ['transfer_files', typeof filesOwned === 'number' && filesOwned > 0],
    ['transfer_ownership', Array.isArray(ownerOf) && ownerOf.length > 0],
  ];
  return { preconditions: open.flatMap(([code, is]) => (is ? [code] : [])) };
}
