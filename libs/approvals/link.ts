import { createHmac, timingSafeEqual } from 'node:crypto';
import { CodedError, type Instant, isJsonObject, plusSeconds } from '#decider';
import { jcs, parseCanonical } from '#ledger';

/** What a one-time link stands for: the `number`-th link that `approver` got for this request of the case. */
export type LinkClaim = {
  readonly tenant: string;
  readonly case: string;
  readonly request: number;
  readonly approver: string;
  readonly number: number;
};

const DOMAIN = 'gatehouse/approval-link/v1/hmac-sha256\0';
const LIFETIME_SECONDS = 15 * 60;
/** The form of a token; whether it means anything, only its key knows. */
export const LINK_TOKEN = /^([A-Za-z0-9_-]{1,600})\.([A-Za-z0-9_-]{43})$/;

/**
 * The token of a claim, URL-safe; the same claim gives the same token, so that it never needs to be stored.
 * It says who is asked what, not for how long: the issue time is in the ledger (see `linkExpired`).
 * @param key - at least 32 bytes.
 */
export function mintLink(key: Uint8Array, claim: LinkClaim): string {
  const { tenant, request, approver, number } = claim;
  const bytes = jcs({ tenant, case: claim.case, request, approver, number });
  return `${Buffer.from(bytes).toString('base64url')}.${macOf(key, bytes).toString('base64url')}`;
}

/** The claim of a token that this key made, compared in constant time; undefined for everything else. */
export function readLink(key: Uint8Array, token: string): LinkClaim | undefined {
  const [, payload, mac] = LINK_TOKEN.exec(token) ?? [];
  if (payload === undefined || mac === undefined) return undefined;
  const bytes = Buffer.from(payload, 'base64url');
  if (!timingSafeEqual(macOf(key, bytes), Buffer.from(mac, 'base64url'))) return undefined;
  // base64url has spare bits: only the one spelling that was minted is the token
  if (bytes.toString('base64url') !== payload || Buffer.from(mac, 'base64url').toString('base64url') !== mac) return undefined;
  return claimOf(bytes);
}

/** True from 15 minutes after issue on, and for times that cannot be read. */
export function linkExpired(issuedAt: Instant, now: Instant): boolean {
  const issued = Date.parse(issuedAt);
  const at = Date.parse(now);
  if (Number.isNaN(issued) || Number.isNaN(at)) return true;
  return at >= Date.parse(plusSeconds(issuedAt, LIFETIME_SECONDS));
}

function macOf(key: Uint8Array, bytes: Uint8Array): Buffer {
  if (key.byteLength < 32) throw new CodedError('link_key', 'the link key must have at least 32 bytes');
  return createHmac('sha256', key).update(DOMAIN).update(bytes).digest();
}

function claimOf(bytes: Uint8Array): LinkClaim | undefined {
  const claim = parseCanonical(bytes);
  if (!isJsonObject(claim)) return undefined;
  const { tenant, request, approver, number } = claim;
  if (typeof tenant !== 'string' || typeof claim.case !== 'string' || typeof approver !== 'string') return undefined;
  if (typeof request !== 'number' || typeof number !== 'number') return undefined;
  return { tenant, case: claim.case, request, approver, number };
}
