/** Codes of faults of the outside: the case waits and is tried again, and the ledger names what is away or lets nobody in. */
export const DEPENDENCIES: Readonly<Record<string, string>> = {
  store_unreachable: 'store',
  source_unreachable: 'sources',
  portal_unreachable: 'sources',
  portal_throttled: 'sources',
  vault_unreachable: 'vault',
  vault_sealed: 'vault',
  // a policy that is being changed, a token that is not known yet: what is refused today may be granted tomorrow
  vault_refused: 'vault',
  transport_unreachable: 'doer',
  approvals_unreachable: 'approvals',
  policy_unavailable: 'policy',
};
