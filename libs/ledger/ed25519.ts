import { createPublicKey, type KeyObject, verify } from 'node:crypto';

const SIGNATURE_BYTES = 64;
// DER before the 32 bytes of a public key (RFC 8410, 4)
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 public key from its 32 bytes (RFC 8032, 5.1.5). */
export function ed25519Key(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_DER, publicKey]), format: 'der', type: 'spki' });
}

/** Whether this is the signature over the message (RFC 8032, 5.1.7). Any bytes are taken; of another length than 64 none is one. */
export function verifyEd25519(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && verify(null, message, key, signature);
}
