import { CodedError } from '#decider';
import { ed25519Input, hmacTag, type SignedPacket } from '#packet';

export interface PacketSigner {
  sign(bytes: Uint8Array): Promise<SignedPacket>;
}

/**
 * Puts both proofs on packet bytes: HMAC-SHA256 here, Ed25519 in Vault's transit engine, which never gives its key away.
 * `sign` rejects with CodedError `packet_signature` when Vault's answer is no Ed25519 signature, and with Vault's own errors.
 */
export function packetSigner(options: {
  vault: { signEd25519(keyName: string, message: Uint8Array): Promise<Uint8Array> };
  tenant: string;
  transitKey: string;
  hmacKey: Uint8Array;
}): PacketSigner {
  const { vault, tenant, transitKey, hmacKey } = options;
  if (hmacKey.length < 32) throw new CodedError('packet_key', 'the HMAC key has fewer than 32 bytes');
  return {
    async sign(bytes) {
      const signature = await vault.signEd25519(transitKey, ed25519Input(tenant, bytes));
      if (signature.length !== 64) throw new CodedError('packet_signature', 'Vault answered no Ed25519 signature');
      return { bytes, hmac: hmacTag(hmacKey, tenant, bytes), signature };
    },
  };
}
