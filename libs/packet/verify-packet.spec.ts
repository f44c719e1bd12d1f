import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jcs } from '#ledger';
import type { JsonObject } from '#decider';
import { encodePacket, type Packet, packetDigest, type SignedPacket } from './packet.js';
import { ed25519Input, hmacTag } from './proof-inputs.js';
import { packetKeys, verifyPacket } from './verify-packet.js';

const pair = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const hmacKey = Buffer.alloc(32, 7);
const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const keys = packetKeys({ tenant: 'acme', hmac: { id: 'h1', key: hmacKey }, ed25519: { id: 'e1', publicKey } });
const packet: Packet = {
  v: 1,
  tenant: 'acme',
  case: 'c-0b6f7f6e-0000-4000-8000-000000000001',
  order: 1,
  phase: 'soft',
  steps: [{ portal: 'scim', account: 'u-1', effects: ['deactivate', 'end_sessions'] }],
  decision: 'a'.repeat(64),
  approvals: null,
  previous: null,
  notBefore: '2026-11-23T10:00:00.000Z',
  acceptBy: '2026-11-23T10:05:00.000Z',
  keys: { hmac: 'h1', ed25519: 'e1' },
};

function signed(bytes: Uint8Array, tenant = 'acme', key = pair.privateKey, tag = hmacKey): SignedPacket {
  return { bytes, hmac: hmacTag(tag, tenant, bytes), signature: sign(null, ed25519Input(tenant, bytes), key) };
}
const changed = (change: JsonObject): Uint8Array => jcs({ ...packet, ...change });
const good = signed(encodePacket(packet));

describe('verifyPacket', () => {
  it('accepts what both keys signed, by the digest of its bytes', () => {
    expect(verifyPacket(good, keys)).toEqual({ accepted: packet, digest: packetDigest(good.bytes) });
  });

  it.each([
    ['hmac', { ...good, hmac: Buffer.alloc(32) }],
    ['hmac', { ...good, hmac: new Uint8Array() }],
    ['hmac', { ...good, hmac: good.signature, signature: good.hmac }],
    ['hmac', signed(good.bytes, 'acme', pair.privateKey, Buffer.alloc(32, 8))],
    ['hmac', signed(good.bytes, 'other')],
    ['ed25519', { ...good, signature: Buffer.alloc(64) }],
    ['ed25519', { ...good, signature: new Uint8Array() }],
    ['ed25519', signed(good.bytes, 'acme', stranger.privateKey)],
    ['not_canonical', signed(Buffer.from(JSON.stringify(packet)))],
    ['not_canonical', signed(Buffer.from('{"v":1,"v":1}'))],
    ['not_canonical', signed(Buffer.from('['.repeat(9000)))],
    ['not_canonical', signed(changed({ decision: 'a'.repeat(13_000) }))],
    ['not_canonical', signed(Buffer.from([0xff, 0xfe]))],
    ['shape', signed(jcs(null))],
    ['shape', signed(changed({ extra: 1 }))],
    ['shape', signed(changed({ v: 2 }))],
    ['shape', signed(changed({ order: 0 }))],
    ['shape', signed(changed({ order: 1.5 }))],
    ['shape', signed(changed({ phase: 'toString' }))],
    ['shape', signed(changed({ steps: [] }))],
    ['shape', signed(changed({ steps: [...packet.steps, ...packet.steps] }))],
    ['shape', signed(changed({ steps: [{ ...packet.steps[0], effects: [] }] }))],
    ['shape', signed(changed({ steps: [{ ...packet.steps[0], account: 'a\nb' }] }))],
    ['shape', signed(changed({ notBefore: '2026-11-23T10:00:00Z' }))],
    ['shape', signed(changed({ acceptBy: '2026-11-23T09:00:00.000Z' }))],
    ['shape', signed(changed({ keys: { hmac: 'h1', ed25519: 'e1', alg: 'none' } }))],
    ['tenant', signed(changed({ tenant: 'other' }))],
    ['key_id', signed(changed({ keys: { hmac: 'h2', ed25519: 'e1' } }))],
    ['key_id', signed(changed({ keys: { hmac: 'h1', ed25519: 'e2' } }))],
  ])('names %s as the reason, by the digest of what was received', (reason, delivery) => {
    expect(verifyPacket(delivery, keys)).toEqual({ rejected: reason, digest: packetDigest(delivery.bytes) });
  });

  it('accepts no mutant and throws on none', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 400 });
    const flipped = (original: Uint8Array) =>
      fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => original.map((byte, i) => (i === at ? byte ^ mask : byte)));
    const cut = (original: Uint8Array) => fc.nat(original.length - 1).map((length) => original.slice(0, length));
    const mutantOf = (original: Uint8Array) => fc.oneof(flipped(original), cut(original), bytes);
    const mutant = fc.oneof(
      mutantOf(good.bytes).map((mutated) => ({ ...good, bytes: mutated })),
      mutantOf(good.hmac).map((hmac) => ({ ...good, hmac })),
      mutantOf(good.signature).map((signature) => ({ ...good, signature })),
      fc.record({ bytes, hmac: bytes, signature: bytes }),
      fc.constantFrom('other', 'acme2', 'acm', '').map((tenant) => signed(good.bytes, tenant)),
    );
    fc.assert(
      fc.property(mutant, (delivery) => 'rejected' in verifyPacket(delivery, keys)),
      { numRuns: 2000 },
    );
  });

  it('accepts no field swap, even under good signatures', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('acme', '__proto__', -0, 1e21));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(packet), '__proto__', 'constructor'), value, (key, swapped) => {
        const swap = new Map<string, unknown>([...Object.entries(packet), [key, swapped]]);
        const text = JSON.stringify(Object.fromEntries([...swap].sort(([one], [other]) => (one < other ? -1 : 1))));
        const verdict = verifyPacket(signed(Buffer.from(text)), keys);
        return 'rejected' in verdict || Buffer.compare(encodePacket(verdict.accepted), Buffer.from(text)) === 0;
      }),
      { numRuns: 500 },
    );
  });

  it('takes no short HMAC key and no public key of another length', () => {
    const raw = { tenant: 'acme', hmac: { id: 'h1', key: hmacKey }, ed25519: { id: 'e1', publicKey } };
    expect(() => packetKeys({ ...raw, hmac: { id: 'h1', key: new Uint8Array(16) } })).toThrow('32 bytes');
    expect(() => packetKeys({ ...raw, ed25519: { id: 'e1', publicKey: new Uint8Array(31) } })).toThrow('32 bytes');
  });
});

describe('encodePacket', () => {
  it('signs nothing that a doer would refuse by its shape', () => {
    expect(() => encodePacket({ ...packet, steps: [] })).toThrow('closed shape');
    const steps = Array.from({ length: 100 }, (_, i) => ({ portal: 'scim', account: `${i}${'x'.repeat(200)}`, effects: ['deactivate'] }));
    expect(() => encodePacket({ ...packet, steps })).toThrow('over 12288');
  });
});
