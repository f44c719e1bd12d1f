import { createHmac, type KeyObject } from 'node:crypto';

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
  return createHmac('sha256', key).update(hmacInput(tenant, bytes)).digest();
}

// a tenant id holds no NUL, so the three parts can be told apart
function domain(algorithm: string, tenant: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`gatehouse/packet/v1/${algorithm}\0${tenant}\0`, 'utf8'), bytes]);
}
