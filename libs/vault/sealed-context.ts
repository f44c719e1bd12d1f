/** What a sealed field of the ledger is bound to: whoever reads the book rebuilds it from the entry. */
export function ledgerFieldContext(tenant: string, caseId: string, field: string): string {
  return `${tenant}/${caseId}/${field}`;
}

/** What a piece of an account's before-state in the journal is bound to: its owner, and its place among the pieces (from 1). */
export function journalStateContext(
  owner: { readonly tenant: string; readonly case: string; readonly portal: string; readonly account: unknown },
  part: unknown,
  parts: unknown,
): string {
  return JSON.stringify(['state.recorded', owner.tenant, owner.case, owner.portal, owner.account, part, parts]);
}
