import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { CodedError, isJsonObject, type JsonValue } from '#decider';

const ALG = 'A256GCM-HKDF-commit';
const INFO = 'gatehouse/sealed/v1';
const BYTES = { salt: 32, iv: 12, tag: 16, commit: 32 } as const;

/** A sealed field as it stands in an entry; every member but `alg` is base64url without padding. */
// a type, not an interface, so that it is a JsonObject as well
export type Sealed = Readonly<{ alg: typeof ALG; salt: string; iv: string; ct: string; tag: string; commit: string }>;

/**
 * Encrypts `plain` with AES-256-GCM (SP 800-38D) under a key derived by HKDF-SHA512 (RFC 5869) from the 32-byte `key` and a fresh salt.
 * The derivation also yields a commitment, because GCM alone lets one ciphertext open under two keys.
 * `context` (which field of which entry) is authenticated, not stored.
 * @throws CodedError `seal_key` when the key is not 32 bytes.
 */
export function seal(plain: JsonValue, key: Uint8Array, context: string): Sealed {
  const salt = randomBytes(BYTES.salt);
  const iv = randomBytes(BYTES.iv);
  const derived = derive(key, salt);
  const cipher = createCipheriv('aes-256-gcm', derived.encryption, iv, { authTagLength: BYTES.tag });
  cipher.setAAD(bound(context));
  const ct = Buffer.concat([cipher.update(JSON.stringify(plain), 'utf8'), cipher.final()]);
  return { alg: ALG, salt: text(salt), iv: text(iv), ct: text(ct), tag: text(cipher.getAuthTag()), commit: text(derived.commitment) };
}

/**
 * The value inside, if `key` and `context` are those it was sealed with and no bit has changed.
 * @throws CodedError `unseal_failed` otherwise (the message names shape, key or content), `seal_key` when the key is not 32 bytes.
 */
export function unseal(sealed: JsonValue, key: Uint8Array, context: string): JsonValue {
  if (!isJsonObject(sealed) || sealed['alg'] !== ALG || Object.keys(sealed).length !== 6) throw failed('shape');
  const salt = bytes(sealed['salt'], BYTES.salt);
  const iv = bytes(sealed['iv'], BYTES.iv);
  const ct = bytes(sealed['ct']);
  const tag = bytes(sealed['tag'], BYTES.tag);
  const derived = derive(key, salt);
  if (!timingSafeEqual(derived.commitment, bytes(sealed['commit'], BYTES.commit))) throw failed('key');
  const decipher = createDecipheriv('aes-256-gcm', derived.encryption, iv, { authTagLength: BYTES.tag });
  decipher.setAAD(bound(context));
  decipher.setAuthTag(tag);
  try {
    return JSON.parse(Buffer.concat([decipher.update(ct), decipher.final()]).toString('utf8')) as JsonValue;
  } catch {
    throw failed('content');
  }
}

function derive(key: Uint8Array, salt: Uint8Array): { encryption: Uint8Array; commitment: Uint8Array } {
  if (key.length !== 32) throw new CodedError('seal_key', 'a sealing key has 32 bytes');
  const out = new Uint8Array(hkdfSync('sha512', key, salt, INFO, 64));
  return { encryption: out.subarray(0, 32), commitment: out.subarray(32) };
}

const bound = (context: string): Buffer => Buffer.from(`${INFO}\0${context}`, 'utf8');
const text = (raw: Uint8Array): string => Buffer.from(raw).toString('base64url');
const failed = (what: 'shape' | 'key' | 'content'): CodedError => new CodedError('unseal_failed', `sealed field: wrong ${what}`);

function bytes(value: JsonValue | undefined, length?: number): Uint8Array {
  const raw = typeof value === 'string' ? Buffer.from(value, 'base64url') : undefined;
  // re-encoded, because the decoder overlooks stray characters and unused bits
  if (raw?.toString('base64url') !== value || raw === undefined || (length !== undefined && raw.length !== length)) throw failed('shape');
  return raw;
}
