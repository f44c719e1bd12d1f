import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A passkey as its phone keeps it: PKCS #8 in base64url. */
export interface Passkey {
  readonly person: string;
  readonly credentialId: string;
  readonly privateKey: string;
}

/** What a relying party is given at enrolment; the key is COSE (RFC 9053) in base64url. */
export interface EnrolledPasskey {
  readonly person: string;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: 0;
  readonly transports: readonly ['internal'];
}

/** WebAuthn Level 3, 5.5: the part of the request options that decides what is signed. */
export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly id: string }[];
}

export function makePasskey(person: string): Passkey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
  return { person, credentialId: randomBytes(16).toString('base64url'), privateKey: pkcs8 };
}

export function enrolled({ person, credentialId, privateKey }: Passkey): EnrolledPasskey {
  const { x = '', y = '' } = createPublicKey(keyOf(privateKey)).export({ format: 'jwk' });
  // CBOR map of five: kty EC2, alg ES256, crv P-256, then x and y as byte strings of 32
  const cose = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url')]);
  return { person, credentialId, publicKey: cose.toString('base64url'), counter: 0, transports: ['internal'] };
}

export type Refusal = 'wrong_site' | 'no_passkey';

/**
 * Signs the challenge with user presence and verification, as a phone does after a fingerprint (WebAuthn Level 3, 6.3.3).
 * Like a browser it refuses a relying party that is not the page's own site. Its counter stays 0, as synced passkeys' do.
 */
export function assertion(passkey: Passkey, options: RequestOptions, origin: string): Refusal | Record<string, unknown> {
  const { hostname } = new URL(origin);
  if (hostname !== options.rpId && !hostname.endsWith(`.${options.rpId}`)) return 'wrong_site';
  if (options.allowCredentials.length > 0 && !options.allowCredentials.some(({ id }) => id === passkey.credentialId)) return 'no_passkey';
  const userPresentAndVerified = 0b101;
  const authenticatorData = Buffer.concat([sha256(options.rpId), Buffer.from([userPresentAndVerified, 0, 0, 0, 0])]);
  const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge: options.challenge, origin, crossOrigin: false }));
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), keyOf(passkey.privateKey));
  return {
    id: passkey.credentialId,
    rawId: passkey.credentialId,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: {
      authenticatorData: authenticatorData.toString('base64url'),
      clientDataJSON: clientData.toString('base64url'),
      signature: signature.toString('base64url'),
    },
  };
}

function keyOf(privateKey: string) {
  return createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
