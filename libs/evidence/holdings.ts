import type { PortalState } from '#portals';

/** How many of each an account holds; what its portal does not keep is absent. Classes and numbers only. */
export type HoldingCounts = Readonly<Record<string, number>>;

const COUNTED: Readonly<Record<string, string>> = {
  groups: 'groups',
  roles: 'roles',
  licences: 'licences',
  entitlements: 'licences',
  sessions: 'sessions',
  tokens: 'tokens',
  ownerOf: 'systems_owned',
  filesOwned: 'files_owned',
  sharedMailboxes: 'mailboxes_owned',
  escalations: 'escalations',
};

/** What an account holds, counted: lists by their length. */
export function countsOf(state: PortalState): HoldingCounts {
  if (!state.exists) return {};
  const counts = Object.entries(COUNTED).flatMap(([field, name]): [string, number][] => {
    const held = state[field];
    if (Array.isArray(held)) return [[name, held.length]];
    return typeof held === 'number' && Number.isSafeInteger(held) && held >= 0 ? [[name, held]] : [];
  });
  return Object.fromEntries(counts);
}
