import { CodedError } from '#decider';

const TENANT = /^[a-z][a-z0-9-]{1,30}$/;
const PORTAL = /^[a-z][a-z0-9-]{0,30}$/;
const ID = { case: /^c-[0-9a-f-]{36}$/, person: /^p-[A-Za-z0-9._-]{1,64}$/ };
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

// node-vault puts paths into the URL as they are, so `../../sys/mounts` would reach sys/mounts
function fitting(value: string, shape: RegExp, what: string): string {
  if (!shape.test(value)) throw new CodedError('vault_name', `not a ${what}`);
  return value;
}

const tenantRoot = (tenant: string): string => `tenants/${fitting(tenant, TENANT, 'tenant')}`;

/** A name that may stand in a Vault path as it is. @throws CodedError `vault_name`. */
export const segment = (name: string): string => fitting(name, SEGMENT, 'Vault name');

/** A logical KV path whose every part is a plain name. @throws CodedError `vault_name`. */
export const logicalPath = (path: string): string => path.split('/').map(segment).join('/');

/** Key of the sealed fields of a case or a person: {key: base64url of 32 bytes}. @throws CodedError `vault_name`. */
export function ledgerKeyPath(tenant: string, kind: 'case' | 'person', id: string): string {
  return `${tenantRoot(tenant)}/ledger-keys/${kind}/${fitting(id, ID[kind], `${kind} id`)}`;
}

/** Key of what the doer seals in its journal about one portal of one case. @throws CodedError `vault_name`. */
export function journalKeyPath(tenant: string, caseId: string, portal: string): string {
  return `${tenantRoot(tenant)}/journal-keys/${fitting(caseId, ID.case, 'case id')}/${fitting(portal, PORTAL, 'portal')}`;
}

/** The portal's write credential {token}, which only a lease reads. @throws CodedError `vault_name`. */
export const portalPath = (tenant: string, portal: string): string =>
  `${tenantRoot(tenant)}/portals/${fitting(portal, PORTAL, 'portal')}`;

/** The read-only credential {token, user where it is a password} of a portal, the HRIS or a feed, which the gatekeeper looks things up with. @throws CodedError `vault_name`. */
export const readerPath = (tenant: string, portal: string): string =>
  `${tenantRoot(tenant)}/readers/${fitting(portal, PORTAL, 'portal')}`;

/** The secret {token} that a ticket system signs its requests with. @throws CodedError `vault_name`. */
export const channelPath = (tenant: string, channel: string): string =>
  `${tenantRoot(tenant)}/channels/${fitting(channel, PORTAL, 'channel')}`;

/** What an HRIS's requests are told apart by {key: base64url of 32 bytes}: made once and never changed, or each would be taken again. @throws CodedError `vault_name`. */
export const feedKeyPath = (tenant: string, kind: 'channel' | 'feed', id: string): string =>
  `${tenantRoot(tenant)}/ledger-keys/${kind}/${fitting(id, PORTAL, kind)}`;

/** The tenant's packet HMAC key {id, key: base64url}. @throws CodedError `vault_name`. */
export const packetHmacPath = (tenant: string): string => `${tenantRoot(tenant)}/packet-hmac`;

/** The tenant's Ed25519 packet key in transit. @throws CodedError `vault_name`. */
export const packetKeyName = (tenant: string): string => `packet-${fitting(tenant, TENANT, 'tenant')}`;

/**
 * The AppRole of one tenant's portal. An underscore stands between, because a hyphen may stand in both:
 * `a-b` + `c` and `a` + `b-c` must not share a role.
 * @throws CodedError `vault_name`.
 */
export const roleName = (tenant: string, portal: string): string =>
  `${fitting(tenant, TENANT, 'tenant')}_${fitting(portal, PORTAL, 'portal')}`;
