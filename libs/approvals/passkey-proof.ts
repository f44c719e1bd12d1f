import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { CodedError, codeOf, isJsonObject, type JsonObject } from '#decider';
import { sha256Hex } from '#ledger';
import type { Approver } from './approver.js';
import { type Assertion, parseAssertion, refused } from './assertion.js';

/** All that an auditor needs to check, offline, that this key's holder approved these bytes. Bytes are base64url. */
export type PasskeyProof = {
  readonly kind: 'passkey';
  readonly credentialId: string;
  readonly publicKey: string;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
  readonly origin: string;
  readonly rpId: string;
  readonly nonce: string;
  /** SHA-256 of the canonical decision, lower hex. */
  readonly digest: string;
};

const NONCE_BYTES = 32;
const AUTHENTICATOR_DATA_BYTES = 37;

/**
 * The WebAuthn challenge of a decision: base64url(SHA-256(nonce ‖ canonical bytes)).
 * @param nonce - 32 bytes, base64url; the fixed length keeps nonce and text apart.
 * @throws CodedError `nonce_shape`.
 */
export function challengeFor(nonce: string, canonical: string): string {
  const bytes = Buffer.from(nonce, 'base64url');
  if (bytes.byteLength !== NONCE_BYTES || bytes.toString('base64url') !== nonce)
    throw new CodedError('nonce_shape', 'the nonce must be 32 bytes in unpadded base64url');
  return createHash('sha256').update(bytes).update(canonical, 'utf8').digest('base64url');
}

/**
 * Verifies that `approver` signed `canonical` with their own passkey, present and verified, on our page.
 * Single use is the caller's: the same assertion verifies twice.
 * @throws CodedError with an `AssertionFault` as its code.
 */
export async function verifyAssertion(given: {
  readonly assertion: unknown;
  readonly approver: Approver;
  readonly nonce: string;
  readonly canonical: string;
  readonly origin: string;
  readonly rpId: string;
}): Promise<PasskeyProof> {
  const { approver, nonce, canonical, origin, rpId } = given;
  const { id, ...signed } = parseAssertion(given.assertion);
  const { credentialId, publicKey, counter } = approver.passkey;
  if (id !== credentialId) throw refused('assertion_credential', 'the passkey is not the one that this approver enrolled');
  const digest = sha256Hex(Buffer.from(canonical, 'utf8'));
  const proof: PasskeyProof = { kind: 'passkey', credentialId, publicKey, ...signed, origin, rpId, nonce, digest };
  await check(proof, canonical, counter);
  return proof;
}

/**
 * Checks a stored proof against the canonical text that it should approve; nothing but the two is needed.
 * That `publicKey` is the approver's enrolled one, and `origin` and `rpId` are ours, is the caller's to compare.
 */
export async function recheckPasskeyProof(proof: PasskeyProof, canonical: string): Promise<boolean> {
  if (proof.digest !== sha256Hex(Buffer.from(canonical, 'utf8'))) return false;
  try {
    await check(proof, canonical, 0);
    return true;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

/** The signature counter inside a proof (WebAuthn 6.1), to be remembered for the next assertion; 0 where the key has none, or there is no key. */
export function counterOf({ authenticatorData }: JsonObject): number {
  const data = Buffer.from(typeof authenticatorData === 'string' ? authenticatorData : '', 'base64url');
  return data.byteLength < AUTHENTICATOR_DATA_BYTES ? 0 : data.readUInt32BE(33);
}

/** True where a key that counts did not count on since `known` (WebAuthn 6.1.1): there may be a copy of it. */
export function countedBackwards(next: number, known: number): boolean {
  return (next > 0 || known > 0) && next <= known;
}

async function check(proof: PasskeyProof, canonical: string, counter: number): Promise<void> {
  const challenge = challengeFor(proof.nonce, canonical);
  checkClientData(proof, challenge);
  checkAuthenticatorData(proof, counter);
  const { credentialId: id, publicKey } = proof;
  // loaded when somebody votes: it takes 20 MB, and most processes that know of approvals never verify one
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const verdict = await verifyAuthenticationResponse({
    response: responseOf({ ...proof, id }),
    expectedChallenge: challenge,
    expectedOrigin: proof.origin,
    expectedRPID: proof.rpId,
    requireUserVerification: true,
    credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
  }).catch((cause: unknown) => {
    throw refused('assertion_signature', 'the assertion cannot be verified', cause);
  });
  if (!verdict.verified) throw refused('assertion_signature', "the signature is not the enrolled key's");
}

// the library's errors have no codes, so what people must be told apart is looked at before it is asked
function checkClientData(proof: PasskeyProof, challenge: string): void {
  let client: unknown;
  try {
    client = JSON.parse(Buffer.from(proof.clientDataJSON, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refused('assertion_shape', 'clientDataJSON is not JSON', cause);
  }
  if (!isJsonObject(client) || client.type !== 'webauthn.get') throw refused('assertion_shape', 'clientDataJSON is not of an assertion');
  if (client.origin !== proof.origin) throw refused('assertion_origin', 'the assertion was made on another page');
  // the library lets a framed page pass; ours is never framed
  if (client.crossOrigin === true || client.topOrigin !== undefined)
    throw refused('assertion_origin', 'the assertion was made inside a frame');
  if (client.challenge !== challenge) throw refused('assertion_challenge', 'the assertion is for another decision');
}

function checkAuthenticatorData(proof: PasskeyProof, counter: number): void {
  const data = Buffer.from(proof.authenticatorData, 'base64url');
  if (data.byteLength < AUTHENTICATOR_DATA_BYTES) throw refused('assertion_shape', 'authenticatorData is too short');
  const rpIdHash = createHash('sha256').update(proof.rpId).digest();
  if (!timingSafeEqual(data.subarray(0, 32), rpIdHash)) throw refused('assertion_origin', 'the assertion is for another site');
  const userPresentAndVerified = 0x05;
  if ((data.readUInt8(32) & userPresentAndVerified) !== userPresentAndVerified)
    throw refused('assertion_user_verification', 'the passkey did not verify its user');
  if (countedBackwards(counterOf(proof), counter))
    throw refused('assertion_counter', 'the passkey counted backwards: it may have been copied');
}

function responseOf({ id, clientDataJSON, authenticatorData, signature }: Assertion): AuthenticationResponseJSON {
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON, authenticatorData, signature } };
}
