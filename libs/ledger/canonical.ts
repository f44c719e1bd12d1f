import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';

/** How deep a value may nest: far above any entry, far below what overflows a stack. */
const DEEPEST = 64;

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The RFC 8785 (JCS) bytes of a JSON value.
 * @throws CodedError `not_canonical` for lone surrogates, NaN, infinities, undefined members, nesting deeper than 64 and anything that is not JSON.
 */
export function jcs(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8');
}

function canonicalText(value: JsonValue): string {
  // where every key is in its place, the engine's own serialiser writes the same text several times faster
  if (isInOrder(value, '$', DEEPEST)) return JSON.stringify(value);
  const sorted = withSortedKeys(value);
  // keys like "10" stay where the engine puts them
  const text = isInOrder(sorted, '$', DEEPEST) ? JSON.stringify(sorted) : canonicalize(value);
  if (text === undefined) throw new CodedError('not_canonical', 'not a JSON value');
  return text;
}

function withSortedKeys(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (!isJsonObject(value)) return value.map(withSortedKeys);
  const object: JsonObject = value;
  return Object.fromEntries(Object.keys(object).sort().map((key) => [key, withSortedKeys(object[key] ?? null)]));
}

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * The value that canonical bytes stand for.
 * @throws CodedError `not_canonical` when the bytes are not exactly the RFC 8785 form of what they parse to
 *   (key order, escapes, duplicate keys, -0, 1e21 and invalid UTF-8 all show here).
 */
export function parseCanonical(bytes: Uint8Array): JsonValue {
  let text: string;
  let value: JsonValue;
  try {
    text = UTF_8.decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new CodedError('not_canonical', 'not UTF-8 JSON', { cause });
  }
  // of bytes that are UTF-8, the same text is the same bytes
  if (canonicalText(value) !== text) throw new CodedError('not_canonical', 'not in RFC 8785 form');
  return value;
}

/**
 * Whether the keys of every object stand in the order of their UTF-16 code units.
 * Checks all of the value on the way: lone surrogates and undefined would come back as other bytes. `at` is the key that leads to it.
 */
function isInOrder(value: JsonValue | undefined, at: string, levels: number): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CodedError('not_canonical', `${at}: not a finite number`);
    return true;
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new CodedError('not_canonical', `${at}: lone surrogate`);
    return true;
  }
  if (typeof value !== 'object') throw new CodedError('not_canonical', `${at}: not JSON`);
  if (levels === 0) throw new CodedError('not_canonical', `nested deeper than ${String(DEEPEST)}`);
  let inOrder = true;
  if (Array.isArray(value)) {
    // by index, because forEach passes over holes
    for (let i = 0; i < value.length; i += 1) inOrder = isInOrder(value[i] as JsonValue | undefined, at, levels - 1) && inOrder;
    return inOrder;
  }
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) throw new CodedError('not_canonical', `${at}: lone surrogate in a key`);
    if (before !== undefined && before > key) inOrder = false;
    before = key;
    inOrder = isInOrder((value as JsonObject)[key], key, levels - 1) && inOrder;
  }
  return inOrder;
}
