import { CodedError, type Instant } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import { isPacket } from './packet-shape.js';

/** `soft` can be undone, `hard` cannot, `reinstate` undoes `soft`. */
export type Phase = 'soft' | 'hard' | 'reinstate';

/** What the doer may do to one account: the effects are the connector's closed names, and nothing else may happen. */
export type PacketStep = { readonly portal: string; readonly account: string; readonly effects: readonly string[] };

/** The order to the doer. Digests are 64 lower-case hex digits of SHA-256. */
export type Packet = {
  readonly v: 1;
  readonly tenant: string;
  readonly case: string;
  readonly order: number;
  readonly phase: Phase;
  readonly steps: readonly PacketStep[];
  readonly decision: string;
  readonly approvals: string | null;
  /** Digest of the packet bytes of the order before this one in the case. */
  readonly previous: string | null;
  readonly notBefore: Instant;
  readonly acceptBy: Instant;
  readonly keys: { readonly hmac: string; readonly ed25519: string };
};

/** Packet bytes with both proofs, as they travel. */
export interface SignedPacket {
  readonly bytes: Uint8Array;
  readonly hmac: Uint8Array;
  readonly signature: Uint8Array;
}

/** The journal keeps packet and steps in one entry of 32 KiB, which bounds the packet. */
export const maxPacketBytes = 12 * 1024;

/**
 * The RFC 8785 bytes that are signed.
 * @throws CodedError `packet_shape` for anything that a doer would refuse by its shape or size.
 */
export function encodePacket(packet: Packet): Uint8Array {
  if (!isPacket(packet)) throw new CodedError('packet_shape', 'this packet has not the closed shape of version 1');
  const bytes = jcs(packet);
  if (bytes.length > maxPacketBytes) {
    throw new CodedError('packet_shape', `a packet of ${bytes.length} bytes is over ${maxPacketBytes}`);
  }
  return bytes;
}

/** What the doer keys on and the next order names as `previous`. */
export function packetDigest(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}
