import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What HMAC-SHA256 is taken over: algorithm, version and tenant stand before the bytes, so no tag means anything elsewhere. */
export function hmacInput(tenant: string, bytes: Uint8Array): Uint8Array {
  return domain('hmac-sha256', tenant, bytes);
}

/** What Ed25519 signs: never the same input as the HMAC's. */
export function ed25519Input(tenant: string, bytes: Uint8Array): Uint8Array {
  return domain('ed25519', tenant, bytes);
}

/** The 32 bytes of HMAC-SHA256 over `hmacInput`. */
export function hmacTag(key: Uint8Array | KeyObject, tenant: string, bytes: Uint8Array): Uint8Array {
  return hmacSha256(key, hmacInput(tenant, bytes));
}

/** HMAC-SHA256 (RFC 2104): 32 bytes. */
export function hmacSha256(key: Uint8Array | KeyObject, message: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(message).digest();
}

/** Whether a tag that came is the one that was computed, in constant time over tags of its length. */
export function sameTag(given: Uint8Array, computed: Uint8Array): boolean {
  return given.length === computed.length && timingSafeEqual(given, computed);
}

// a tenant id holds no NUL, so the three parts can be told apart
function domain(algorithm: string, tenant: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`gatehouse/packet/v1/${algorithm}\0${tenant}\0`, 'utf8'), bytes]);
}
