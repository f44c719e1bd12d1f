import type { Entry } from '#ledger';
import type { Client } from '../../dist/apps/console/client.js';

/** A line of the sandbox Vault's audit log. */
type AuditLine = {
  readonly at: string;
  readonly path: string;
  readonly status: number;
  readonly accessor?: string;
  readonly issued?: { readonly accessor: string; readonly meta: Readonly<Record<string, string>> };
};

/** One lease, from Vault's own log. */
export interface Lease {
  readonly at: string;
  readonly accessor: string;
  /** `case/order/portal`. */
  readonly what: string;
  readonly revokedAt: string | undefined;
}

/** Every lease that Vault ever gave. */
export async function leasesOf(client: Client): Promise<readonly Lease[]> {
  const { entries } = await client.control('/control/vault-log');
  const lines = entries as readonly AuditLine[];
  const revoked = new Map(lines.filter(({ path, status }) => path === 'auth/token/revoke-self' && status < 300).map(({ accessor, at }) => [accessor, at]));
  return lines.flatMap(({ at, path, issued }) => {
    if (path !== 'auth/approle/login' || !issued) return [];
    const { tenant = '', case: id = '', order = '', role_name = '' } = issued.meta;
    return [{ at, accessor: issued.accessor, what: `${id}/${order}/${role_name.slice(tenant.length + 1)}`, revokedAt: revoked.get(issued.accessor) }];
  });
}

/** What is wrong with leases, held against the journal: the n-th lease of a step needs its n-th request before it, and its end before the order's. */
export function leaseFaults(leases: readonly Lease[], journal: readonly Entry[], mayOutlive: (lease: Lease) => boolean = () => false): readonly string[] {
  const order = ({ case: id, data }: Entry): string => `${id ?? ''}/${typeof data.order === 'number' ? data.order : 0}`;
  const key = (entry: Entry): string => `${order(entry)}/${typeof entry.data.portal === 'string' ? entry.data.portal : ''}`;
  const requests = new Map<string, string[]>();
  for (const entry of journal) if (entry.type === 'lease.requested') requests.set(key(entry), [...(requests.get(key(entry)) ?? []), entry.at]);
  const finished = new Map(journal.filter(({ type }) => type === 'order.finished').map((entry) => [order(entry), entry.at]));
  const returned = new Set(journal.filter(({ type, data }) => type === 'lease.returned' && data.confirmed === true).map(({ data }) => data.accessor));
  const seen = new Map<string, number>();
  return leases.flatMap((lease) => {
    const { what, at, accessor, revokedAt } = lease;
    const n = seen.get(what) ?? 0;
    seen.set(what, n + 1);
    const asked = requests.get(what)?.[n];
    const end = finished.get(what.split('/').slice(0, 2).join('/')) ?? '';
    const held = revokedAt !== undefined && revokedAt <= end && returned.has(accessor);
    return [
      ...(asked !== undefined && asked <= at ? [] : [`${what}: a lease of ${at} without a request before it`]),
      ...(held || mayOutlive(lease) ? [] : [`${what}: the lease of ${at} was not given back within its step (revoked ${revokedAt ?? 'never'}, order finished ${end})`]),
    ];
  });
}
