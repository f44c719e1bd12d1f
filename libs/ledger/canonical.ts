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
  const sorted = inOrder(value, '$', DEEPEST);
  const text = sorted === undefined ? canonicalize(value) : JSON.stringify(sorted);
  if (text === undefined) throw new CodedError('not_canonical', 'not a JSON value');
  return text;
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

/** A key like "10" stands where the engine puts it and not where it was set, and setting `__proto__` sets no member. */
const PECULIAR = /^(?:0|[1-9]\d*|__proto__)$/;

/**
 * The value with the keys of every object in the order of their UTF-16 code units, itself where they are already; undefined where such a copy would not be the same value.
 * Checks all of the value on the way: lone surrogates and undefined would come back as other bytes. `at` is the key that leads to it.
 */
function inOrder(value: JsonValue | undefined, at: string, levels: number): JsonValue | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CodedError('not_canonical', `${at}: not a finite number`);
    return value;
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new CodedError('not_canonical', `${at}: lone surrogate`);
    return value;
  }
  if (typeof value !== 'object') throw new CodedError('not_canonical', `${at}: not JSON`);
  if (levels === 0) throw new CodedError('not_canonical', `nested deeper than ${String(DEEPEST)}`);
  return isJsonObject(value) ? objectInOrder(value, at, levels) : listInOrder(value, at, levels);
}

function listInOrder(list: readonly JsonValue[], at: string, levels: number): JsonValue | undefined {
  let items: JsonValue[] | undefined;
  let possible = true;
  // by index, because forEach passes over holes
  for (let i = 0; i < list.length; i += 1) {
    const item = inOrder(list[i], at, levels - 1);
    if (item === list[i]) continue;
    if (item === undefined) possible = false;
    else (items ??= [...list])[i] = item;
  }
  if (!possible) return undefined;
  return items ?? list;
}

function objectInOrder(object: JsonObject, at: string, levels: number): JsonValue | undefined {
  const keys = Object.keys(object);
  let [possible, ordered] = [true, true];
  let before: string | undefined;
  let changed: Map<string, JsonValue> | undefined;
  for (const key of keys) {
    if (!key.isWellFormed()) throw new CodedError('not_canonical', `${at}: lone surrogate in a key`);
    if (before !== undefined && before > key) ordered = false;
    before = key;
    const member = inOrder(object[key], key, levels - 1);
    if (member === object[key]) continue;
    if (member === undefined) possible = false;
    else (changed ??= new Map()).set(key, member);
  }
  if (!possible || ((!ordered || changed) && keys.some((key) => PECULIAR.test(key)))) return undefined;
  if (ordered && !changed) return object;
  const sorted: Record<string, JsonValue> = {};
  for (const key of keys.sort()) sorted[key] = changed?.get(key) ?? (object[key] as JsonValue);
  return sorted;
}
