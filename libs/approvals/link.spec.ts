import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkExpired, mintLink, readLink } from './index.js';

const key = Buffer.alloc(32, 7);
const claim = { tenant: 'acme', case: 'c-9f0d6a52-5b0e-4e6e-9d0a-3d1c2b4a5f60', request: 2, approver: 'p-10007', number: 3 };
const token = mintLink(key, claim);

describe('a one-time link', () => {
  it('comes back as it was minted, and is minted the same again', () => {
    expect(readLink(key, token)).toEqual(claim);
    expect(mintLink(key, claim)).toBe(token);
    expect(encodeURIComponent(token)).toBe(token);
    expect(token.length).toBeLessThan(220);
  });

  it('is another for every part of the claim', () => {
    const others = [
      { ...claim, tenant: 'other' }, { ...claim, case: 'c-other' }, { ...claim, request: 3 }, { ...claim, approver: 'p-1' }, { ...claim, number: 4 },
    ].map((other) => mintLink(key, other));
    expect(new Set([token, ...others]).size).toBe(6);
  });

  it('is nothing under another key or another purpose', () => {
    expect(readLink(Buffer.alloc(32, 8), token)).toBeUndefined();
    const [payload = ''] = token.split('.');
    const undomained = createHmac('sha256', key).update(Buffer.from(payload, 'base64url')).digest('base64url');
    expect(readLink(key, `${payload}.${undomained}`)).toBeUndefined();
  });

  it('is nothing after any one character has changed', () => {
    const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ');
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        const other = token.slice(0, at) + character + token.slice(at + 1);
        expect(readLink(key, other)).toEqual(other === token ? claim : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([1, 10, 100])('has one spelling only, whatever its length (number %s)', (number) => {
    const [payload = '', mac = ''] = mintLink(key, { ...claim, number }).split('.');
    const spellings = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', (last) => `${payload.slice(0, -1)}${last}.${mac}`);
    expect(spellings.filter((other) => readLink(key, other) !== undefined)).toEqual([`${payload}.${mac}`]);
  });

  it.each(['', '.', 'a.b', `${token}.`, `${token}=`, ` ${token}`, `${token}\n`, token.replace('.', ''), token.toUpperCase()])('is not %j', (other) => {
    expect(readLink(key, other)).toBeUndefined();
  });

  it('needs a key of 32 bytes', () => {
    expect(() => mintLink(Buffer.alloc(31), claim)).toThrow(expect.objectContaining({ code: 'link_key' }));
  });

  it.each([
    ['2026-11-23T10:14:59.999Z', false],
    ['2026-11-23T10:15:00.000Z', true],
    ['2026-11-23T09:00:00.000Z', false],
    ['not a time', true],
  ])('issued at 10:00 has expired at %s: %s', (now, expired) => {
    expect(linkExpired('2026-11-23T10:00:00.000Z', now)).toBe(expired);
  });
});
