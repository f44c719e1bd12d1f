import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { encodePacket, type Packet, packetKeys, verifyPacket } from '#packet';
import { packetSigner } from './packet-signer.js';

const pair = generateKeyPairSync('ed25519');
const hmac = { id: 'h1', key: Buffer.alloc(32, 7) };
const packet: Packet = {
  v: 1,
  tenant: 'acme',
  case: 'c-0b6f7f6e-0000-4000-8000-000000000001',
  order: 1,
  phase: 'soft',
  steps: [{ portal: 'scim', account: 'u-1', effects: ['deactivate'] }],
  decision: 'a'.repeat(64),
  approvals: null,
  previous: null,
  notBefore: '2026-11-23T10:00:00.000Z',
  acceptBy: '2026-11-23T10:05:00.000Z',
  keys: { hmac: 'h1', ed25519: 'e1' },
};

it('signs what the doer accepts, with the transit key of the tenant', async () => {
  const asked: string[] = [];
  const vault = {
    signEd25519: (keyName: string, message: Uint8Array) => {
      asked.push(keyName);
      return Promise.resolve<Uint8Array>(sign(null, message, pair.privateKey));
    },
  };
  const signed = await packetSigner({ vault, tenant: 'acme', transitKey: 'packet-acme', hmacKey: hmac.key }).sign(encodePacket(packet));
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  expect(verifyPacket(signed, packetKeys({ tenant: 'acme', hmac, ed25519: { id: 'e1', publicKey } }))).toHaveProperty('accepted', packet);
  expect(asked).toEqual(['packet-acme']);
});

it('hands on no answer that is no signature, and takes no short key', async () => {
  const vault = { signEd25519: () => Promise.resolve(new Uint8Array(63)) };
  const options = { vault, tenant: 'acme', transitKey: 'packet-acme', hmacKey: hmac.key };
  await expect(packetSigner(options).sign(encodePacket(packet))).rejects.toMatchObject({ code: 'packet_signature' });
  expect(() => packetSigner({ ...options, hmacKey: new Uint8Array(8) })).toThrow('32 bytes');
});
