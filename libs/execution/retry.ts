/** Codes that another try cannot change: the order, the key or the account itself stands against it. */
const final: ReadonlySet<string> = new Set(['effect_not_listed', 'before_unreadable', 'unseal_failed', 'portal_gone', 'portal_state']);

/** Codes of a Vault that is away, which says nothing about the grant: these are waited out, not counted. */
const outage: ReadonlySet<string> = new Set(['vault_unreachable', 'vault_sealed']);

/** True where the same step may succeed later. */
export function mayPass(code: string): boolean {
  return !final.has(code);
}

/** True where Vault was away when a grant should have become a lease. */
export function isOutage(code: string): boolean {
  return outage.has(code);
}
