import { CodedError } from '#decider';

interface TenantTokens {
  readonly id: string;
  readonly tokens: readonly { readonly sha256: string }[];
}

/**
 * Refuses settings in which one token or one id could mean two: whoever came last in the file would silently win.
 * @throws CodedError `configuration` naming the place in the file of GATEHOUSE_TENANTS.
 */
export function assertDistinct(tenants: readonly TenantTokens[]): void {
  const ids = new Set<string>();
  const hashes = new Set<string>();
  for (const [i, { id, tokens }] of tenants.entries()) {
    if (ids.has(id)) throw new CodedError('configuration', `GATEHOUSE_TENANTS[${String(i)}].id: stands in the list already`);
    ids.add(id);
    for (const [j, { sha256 }] of tokens.entries()) {
      if (hashes.has(sha256)) throw new CodedError('configuration', `GATEHOUSE_TENANTS[${String(i)}].tokens.${String(j)}.sha256: is somebody's token already`);
      hashes.add(sha256);
    }
  }
}
