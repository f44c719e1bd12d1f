import type { Connector } from './connector.js';
import { directoryConnector } from './directory.js';
import type { PortalAddress } from './portal-calls.js';
import { scimConnector } from './scim.js';

const KINDS: Readonly<Record<Connector['kind'], (portal: string, address: PortalAddress) => Connector>> = {
  directory: directoryConnector,
  scim: scimConnector,
};

/** The kinds of portal that there are connectors for. */
export const PORTAL_KINDS = Object.keys(KINDS) as readonly Connector['kind'][];

/** A connector of `kind` for the portal at `url` (for SCIM its base, such as https://host/scim/v2). What it may do is the token's affair. */
export function openConnector({ portal, kind, ...address }: PortalAddress & { readonly portal: string; readonly kind: Connector['kind'] }): Connector {
  return KINDS[kind](portal, address);
}
