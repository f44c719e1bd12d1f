import { CodedError, isJsonObject, type JsonValue } from '#decider';
import { fromBase64url, toBase64url } from './base64url.js';
import type { SignedPacket } from './packet.js';
import { isPortalId } from './packet-shape.js';

/** A packet and the grants that travel beside it: portal to wrapping token. The grants are not signed. */
export interface Delivery {
  readonly signed: SignedPacket;
  readonly grants: ReadonlyMap<string, string>;
}

/** The most bytes that a delivery may have. */
export const maxDeliveryBytes = 32 * 1024;

const token = /^[\x21-\x7e]{8,512}$/;

/**
 * The JSON body on the wire.
 * @throws CodedError `delivery_too_large` over 32 KiB.
 */
export function encodeDelivery({ signed, grants }: Delivery): Uint8Array {
  const body = Buffer.from(
    JSON.stringify({
      packet: toBase64url(signed.bytes),
      hmac: toBase64url(signed.hmac),
      signature: toBase64url(signed.signature),
      grants: Object.fromEntries(grants),
    }),
    'utf8',
  );
  if (body.length > maxDeliveryBytes) {
    throw new CodedError('delivery_too_large', `a delivery of ${body.length} bytes is over ${maxDeliveryBytes}`);
  }
  return body;
}

/** What a body carries, or undefined for anything but the closed form of a delivery. It never throws. */
export function decodeDelivery(body: Uint8Array): Delivery | undefined {
  if (body.length > maxDeliveryBytes) return undefined;
  const value = parse(body);
  if (!isJsonObject(value) || Object.keys(value).length !== 4) return undefined;
  const bytes = binary(value['packet']);
  const hmac = binary(value['hmac']);
  const signature = binary(value['signature']);
  const grants = tokens(value['grants']);
  return bytes && hmac && signature && grants && { signed: { bytes, hmac, signature }, grants };
}

function parse(body: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue;
  } catch {
    return undefined;
  }
}

function binary(value: JsonValue | undefined): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64url(value) : undefined;
}

function tokens(value: JsonValue | undefined): ReadonlyMap<string, string> | undefined {
  if (!isJsonObject(value)) return undefined;
  const grants = new Map<string, string>();
  for (const [portal, grant] of Object.entries(value)) {
    if (!isPortalId(portal) || typeof grant !== 'string' || !token.test(grant)) return undefined;
    grants.set(portal, grant);
  }
  return grants;
}
