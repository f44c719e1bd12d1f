import { CodedError } from '#decider';

interface Reading {
  readonly portals: readonly { readonly id: string }[];
  readonly feeds: readonly { readonly id: string }[];
}

/** The HRIS's own name at `tenants/{tenant}/readers`. */
export const HRIS_READER = 'hris';

/**
 * Refuses settings in which two systems would be read with one credential, since Vault holds it by the system's id: one would learn the other's.
 * @throws CodedError `configuration` naming the place in the file of GATEHOUSE_TENANTS.
 */
export function assertDistinctReaders(tenants: readonly Reading[]): void {
  for (const [i, { portals, feeds }] of tenants.entries()) {
    const places = new Map([[HRIS_READER, 'hris']]);
    for (const [list, systems] of [['portals', portals], ['feeds', feeds]] as const) {
      for (const [j, { id }] of systems.entries()) {
        const place = `${list}.${String(j)}.id`;
        const other = places.get(id);
        if (other !== undefined) throw new CodedError('configuration', `GATEHOUSE_TENANTS[${String(i)}].${place}: is the id of ${other} already, whose credential it would be read with; it must be its own`);
        places.set(id, place);
      }
    }
  }
}
