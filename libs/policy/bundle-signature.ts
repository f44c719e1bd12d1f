import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { basename } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { jcs } from '#ledger';
import type { BundleFiles } from './archive.js';

/** The public key that bundles are signed with, and the one JWT algorithm that goes with it (RFC 7518, RFC 8037). */
export interface BundleKey {
  readonly algorithm: 'EdDSA' | 'ES256' | 'RS256';
  readonly key: KeyObject;
}

const SIGNATURES = '.signatures.json';
/** What OPA hashes in canonical form, so that blanks and the order of members do not count; every other file by its bytes. */
const CANONICAL = new Set(['.manifest', 'data.json']);
const HASHES: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
const LEAST_RSA_BITS = 2048;

/** Reads a PEM public key: Ed25519, P-256, or RSA of at least 2048 bits. @throws CodedError `policy_key`. */
export function bundleKey(pem: string): BundleKey {
  const key = publicKeyIn(pem);
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') return { algorithm: 'EdDSA', key };
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return { algorithm: 'ES256', key };
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= LEAST_RSA_BITS) return { algorithm: 'RS256', key };
  throw new CodedError('policy_key', 'the key that bundles are signed with must be Ed25519, P-256, or RSA of at least 2048 bits');
}

function publicKeyIn(pem: string): KeyObject {
  try {
    // Node would take the public half of a private key, which has no business in this process
    if (pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return createPublicKey(pem);
  } catch {
    // said below, and without the cause: it may quote the key
  }
  throw new CodedError('policy_key', 'the key that bundles are signed with must be a PEM public key ("BEGIN PUBLIC KEY")');
}

/**
 * Checks that the one JWT of `.signatures.json` is signed with the key and covers these files, each of them and no other
 * (OPA's bundle signature format, without scope).
 * @throws CodedError `policy.signature` that says what is wrong.
 */
export function checkSignature(files: BundleFiles, { algorithm, key }: BundleKey): void {
  const signed = files.get(SIGNATURES) ?? refuse('it is not signed');
  const { signatures, plugin } = objectIn(signed, SIGNATURES);
  if (plugin !== undefined) refuse('it is signed by a plugin');
  const [jwt, ...others]: readonly JsonValue[] = Array.isArray(signatures) ? (signatures as readonly JsonValue[]) : [];
  const [, header, payload, signature] = (typeof jwt === 'string' && /^([\w-]+)\.([\w-]+)\.([\w-]+)$/u.exec(jwt)) || [];
  if (header === undefined || payload === undefined || signature === undefined || others.length > 0) refuse(`${SIGNATURES} does not hold one JWT`);
  const { alg, crit } = objectIn(Buffer.from(header, 'base64url'), 'the head of its JWT');
  // the key says how it is used; a token that says otherwise is none of ours
  if (alg !== algorithm || crit !== undefined) refuse(`its JWT is not of ${algorithm}`);
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  if (!verify(hash, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))) refuse('it is not signed with the configured key');
  checkFiles(files, objectIn(Buffer.from(payload, 'base64url'), 'what its JWT says'));
}

function checkFiles(files: BundleFiles, { files: listed, scope }: JsonObject): void {
  if (scope !== undefined && scope !== '') refuse('it is signed for another scope');
  const covered = new Set<string>();
  for (const item of Array.isArray(listed) ? (listed as readonly JsonValue[]) : []) {
    const { name, hash, algorithm } = isJsonObject(item) ? item : {};
    const bytes = typeof name === 'string' ? files.get(name) : undefined;
    if (typeof name !== 'string' || bytes === undefined) return refuse(`${JSON.stringify(name)} is signed and not there`);
    if (hash !== digestOf(name, bytes, algorithm)) refuse(`${name} is not what was signed`);
    covered.add(name);
  }
  for (const name of files.keys()) if (name !== SIGNATURES && !covered.has(name)) refuse(`${name} is there and not signed`);
}

function digestOf(name: string, bytes: Uint8Array, algorithm: JsonValue | undefined): string {
  const hash = (typeof algorithm === 'string' ? HASHES[algorithm] : undefined) ?? refuse(`${name} is hashed by ${JSON.stringify(algorithm)}`);
  // where JCS writes a number or a character otherwise than OPA, the digests differ, and the bundle is refused
  const covered = CANONICAL.has(basename(name)) ? jcs(objectIn(bytes, name)) : bytes;
  return createHash(hash).update(covered).digest('hex');
}

function objectIn(bytes: Uint8Array, what: string): JsonObject {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
    if (isJsonObject(value)) return value;
  } catch {
    // said below
  }
  return refuse(`${what} is no JSON object`);
}

function refuse(why: string): never {
  throw new CodedError('policy.signature', `policy bundle: ${why}`);
}
