import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CodedError, type JsonValue } from '#decider';
import { seal, type Sealed, unseal } from './seal.js';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
// through JSON first: JSON has no -0, and what is sealed is JSON
const plain = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const FIELDS = ['salt', 'iv', 'ct', 'tag', 'commit'] as const;

const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof CodedError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'opened';
};

function flipped(sealed: Sealed, field: (typeof FIELDS)[number], at: number): Sealed {
  const raw = Buffer.from(sealed[field], 'base64url');
  const bit = at % (raw.length * 8);
  raw[bit >> 3] = raw[bit >> 3]! ^ (1 << (bit & 7));
  return { ...sealed, [field]: raw.toString('base64url') };
}

describe('sealed fields', () => {
  it('open to what went in', () => {
    fc.assert(
      fc.property(plain, key, fc.string(), (value, k, context) => {
        expect(unseal(seal(value, k, context), k, context)).toEqual(value);
      }),
    );
  });

  it('open no longer when any one bit is another', () => {
    fc.assert(
      fc.property(plain, key, fc.constantFrom(...FIELDS), fc.nat(), (value, k, field, at) => {
        expect(refusal(() => unseal(flipped(seal(value, k, 'c'), field, at), k, 'c'))).toContain('unseal_failed');
      }),
    );
  });

  it('open no longer when any one character of the text is another, its unused bits included', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const k = Buffer.alloc(32, 7);
    const sealed = seal({ name: 'x' }, k, 'c');
    const text = sealed.tag;
    for (const other of alphabet.replace(text.at(-1)!, ''))
      expect(refusal(() => unseal({ ...sealed, tag: text.slice(0, -1) + other }, k, 'c'))).toContain('unseal_failed');
  });

  it('refuse a wrong key by the commitment, before any of the content is looked at', () => {
    fc.assert(
      fc.property(plain, key, key, (value, k, other) => {
        fc.pre(Buffer.compare(k, other) !== 0);
        expect(refusal(() => unseal(seal(value, k, 'c'), other, 'c'))).toBe('unseal_failed sealed field: wrong key');
      }),
    );
  });

  it('refuse another context', () => {
    fc.assert(
      fc.property(plain, key, fc.string(), fc.string(), (value, k, context, other) => {
        fc.pre(context !== other);
        expect(refusal(() => unseal(seal(value, k, context), k, other))).toBe('unseal_failed sealed field: wrong content');
      }),
    );
  });

  it('refuse a shortened tag, a missing or an added member, and another algorithm', () => {
    const k = Buffer.alloc(32, 1);
    const sealed = seal('x', k, 'c');
    const { tag, ...rest } = sealed;
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    for (const bad of [{ ...sealed, tag: short }, rest, { ...sealed, more: 1 }, { ...sealed, alg: 'A256GCM' }, null, 'x'])
      expect(refusal(() => unseal(bad, k, 'c'))).toBe('unseal_failed sealed field: wrong shape');
  });

  it('never repeat a salt or an iv, so equal texts look different', () => {
    const k = Buffer.alloc(32, 1);
    const all = Array.from({ length: 50 }, () => seal('x', k, 'c'));
    for (const field of FIELDS) expect(new Set(all.map((one) => one[field])).size).toBe(50);
  });

  it('take no key of another length', () => {
    expect(refusal(() => seal('x', Buffer.alloc(16), 'c'))).toContain('seal_key');
  });
});
