import { createSecretKey, type KeyObject } from 'node:crypto';
import { CodedError, type JsonValue } from '#decider';
import { ed25519Key, parseCanonical, verifyEd25519 } from '#ledger';
import { maxPacketBytes, type Packet, packetDigest, type SignedPacket } from './packet.js';
import { isPacket } from './packet-shape.js';
import { ed25519Input, hmacTag, sameTag } from './proof-inputs.js';

/** The keys that configuration fixes for a tenant; a packet can only name them, never choose. */
export interface PacketKeys {
  readonly tenant: string;
  readonly hmac: { readonly id: string; readonly key: KeyObject };
  readonly ed25519: { readonly id: string; readonly publicKey: KeyObject };
}

export type Verdict =
  | { readonly accepted: Packet; readonly digest: string }
  | { readonly rejected: PacketRejection; readonly digest: string };
export type PacketRejection = 'hmac' | 'ed25519' | 'not_canonical' | 'shape' | 'tenant' | 'key_id';

/**
 * Keys made ready once: an HMAC key of at least 32 bytes, a raw Ed25519 public key of 32 bytes (RFC 8032).
 * @throws CodedError `packet_key` for a key of another length.
 */
export function packetKeys(raw: {
  tenant: string;
  hmac: { id: string; key: Uint8Array };
  ed25519: { id: string; publicKey: Uint8Array };
}): PacketKeys {
  if (raw.hmac.key.length < 32) throw new CodedError('packet_key', 'the HMAC key has fewer than 32 bytes');
  if (raw.ed25519.publicKey.length !== 32) throw new CodedError('packet_key', 'an Ed25519 public key has 32 bytes');
  return {
    tenant: raw.tenant,
    hmac: { id: raw.hmac.id, key: createSecretKey(raw.hmac.key) },
    ed25519: { id: raw.ed25519.id, publicKey: ed25519Key(raw.ed25519.publicKey) },
  };
}

/** Both proofs over the bytes as received, then canonical form, closed shape, tenant and key ids. It never throws. */
export function verifyPacket(signed: SignedPacket, keys: PacketKeys): Verdict {
  const digest = packetDigest(signed.bytes);
  const byHmac = sameTag(signed.hmac, hmacTag(keys.hmac.key, keys.tenant, signed.bytes));
  const byEd25519 = verifyEd25519(keys.ed25519.publicKey, ed25519Input(keys.tenant, signed.bytes), signed.signature);
  if (!byHmac) return { rejected: 'hmac', digest };
  if (!byEd25519) return { rejected: 'ed25519', digest };

  const value = signed.bytes.length <= maxPacketBytes ? canonicalValue(signed.bytes) : undefined;
  if (value === undefined) return { rejected: 'not_canonical', digest };
  if (!isPacket(value)) return { rejected: 'shape', digest };
  if (value.tenant !== keys.tenant) return { rejected: 'tenant', digest };
  if (value.keys.hmac !== keys.hmac.id || value.keys.ed25519 !== keys.ed25519.id) return { rejected: 'key_id', digest };
  return { accepted: value, digest };
}

function canonicalValue(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseCanonical(bytes);
  } catch {
    return undefined;
  }
}
