import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeDelivery, encodeDelivery } from './delivery.js';

const signed = { bytes: Buffer.from('{}'), hmac: Buffer.alloc(32, 1), signature: Buffer.alloc(64, 2) };
const wire = (change: object): Uint8Array =>
  Buffer.from(JSON.stringify({ packet: 'e30', hmac: 'AQ', signature: 'Ag', grants: {}, ...change }));

describe('a delivery', () => {
  it('comes back as it went', () => {
    const delivery = { signed, grants: new Map([['scim', 'hvs.wrapped-token'], ['constructor', 'hvs.another-one']]) };
    expect(decodeDelivery(encodeDelivery(delivery))).toEqual(delivery);
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['no object', Buffer.from('[]')],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a further member', wire({ alg: 'none' })],
    ['a missing member', Buffer.from('{"packet":"e30","hmac":"AQ","signature":"Ag"}')],
    ['padding', wire({ hmac: 'AQ==' })],
    ['stray last bits', wire({ hmac: 'AR' })],
    ['standard base64', wire({ hmac: '+/+/' })],
    ['a number for bytes', wire({ packet: 1 })],
    ['grants that are no object', wire({ grants: [] })],
    ['a grant for no portal', wire({ grants: { 'Not a portal': 'hvs.wrapped-token' } })],
    ['a grant with a line break', wire({ grants: { scim: 'hvs.wrapped\ntoken' } })],
    ['a body over 32 KiB', wire({ packet: 'A'.repeat(32 * 1024) })],
  ])('is refused for %s', (_, body) => {
    expect(decodeDelivery(body)).toBeUndefined();
  });

  it('is not made over 32 KiB', () => {
    expect(() => encodeDelivery({ signed: { ...signed, bytes: Buffer.alloc(32 * 1024) }, grants: new Map() })).toThrow('over 32768');
  });

  it('never throws, whatever arrives', () => {
    const body = fc.oneof(fc.uint8Array(), fc.json().map((text) => Buffer.from(text)));
    fc.assert(fc.property(body, (bytes) => decodeDelivery(bytes) === undefined));
  });
});
