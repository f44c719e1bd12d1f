import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Approver, challengeFor, counterOf, type PasskeyProof, recheckPasskeyProof, verifyAssertion } from './index.js';

const rpId = 'localhost';
const origin = 'https://localhost:7443';
const canonical = '{"case":"c-1","outcome":"require_hitl"}';
const nonce = Buffer.alloc(32, 1).toString('base64url');

/** A passkey in software: ES256, COSE key by hand (RFC 9053, section 7.1.1). */
function authenticator(person: string, counter = 0) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x ?? '', 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y ?? '', 'base64url'),
  ]);
  const credentialId = randomBytes(16).toString('base64url');
  const approver: Approver = {
    person,
    slack: { team: 'T0ACME', user: 'U0ONE' },
    passkey: { credentialId, publicKey: cose.toString('base64url'), counter },
    roles: ['approver'],
  };
  const assert = (change: { challenge?: string; origin?: string; rpId?: string; flags?: number; counter?: number; client?: object; id?: string } = {}) => {
    const clientData = Buffer.from(JSON.stringify({
      type: 'webauthn.get', challenge: change.challenge ?? challengeFor(nonce, canonical), origin: change.origin ?? origin, crossOrigin: false, ...change.client,
    }));
    const counterBytes = Buffer.alloc(4);
    counterBytes.writeUInt32BE(change.counter ?? 0);
    const data = Buffer.concat([createHash('sha256').update(change.rpId ?? rpId).digest(), Buffer.from([change.flags ?? 0x05]), counterBytes]);
    const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(clientData).digest()]), privateKey);
    const id = change.id ?? credentialId;
    return {
      id, rawId: id, type: 'public-key', clientExtensionResults: {},
      response: { clientDataJSON: clientData.toString('base64url'), authenticatorData: data.toString('base64url'), signature: signature.toString('base64url') },
    };
  };
  return { approver, assert };
}

const alice = authenticator('p-1');
const verify = (assertion: unknown, approver = alice.approver): Promise<PasskeyProof> =>
  verifyAssertion({ assertion, approver, nonce, canonical, origin, rpId });

describe('a passkey approval', () => {
  it('becomes a proof that can be checked without us', async () => {
    const proof = await verify(alice.assert());
    expect(proof).toMatchObject({ kind: 'passkey', credentialId: alice.approver.passkey.credentialId, origin, rpId, nonce });
    expect(await recheckPasskeyProof(proof, canonical)).toBe(true);
    expect(await recheckPasskeyProof(proof, canonical.replace('c-1', 'c-2'))).toBe(false);
  });

  it.each([
    ['another decision', { challenge: challengeFor(nonce, '{}') }, 'assertion_challenge'],
    ['another nonce', { challenge: challengeFor(Buffer.alloc(32, 2).toString('base64url'), canonical) }, 'assertion_challenge'],
    ['another page', { origin: 'https://localhost:7444' }, 'assertion_origin'],
    ['the same page without TLS', { origin: 'http://localhost:7443' }, 'assertion_origin'],
    ['another site', { rpId: 'example.org' }, 'assertion_origin'],
    ['a frame', { client: { crossOrigin: true } }, 'assertion_origin'],
    ['a frame of a named page', { client: { crossOrigin: true, topOrigin: 'https://evil.example' } }, 'assertion_origin'],
    ['a user who was there but not verified', { flags: 0x01 }, 'assertion_user_verification'],
    ['a user who was verified but not there', { flags: 0x04 }, 'assertion_user_verification'],
    ['a registration', { client: { type: 'webauthn.create' } }, 'assertion_shape'],
    ['a changed response id', { id: 'b3RoZXI' }, 'assertion_credential'],
  ])('refuses %s', async (_, change, code) => {
    await expect(verify(alice.assert(change))).rejects.toMatchObject({ code });
  });

  it("refuses another person's passkey, also under the approver's credential id", async () => {
    const mallory = authenticator('p-2');
    await expect(verify(mallory.assert())).rejects.toMatchObject({ code: 'assertion_credential' });
    await expect(verify(mallory.assert({ id: alice.approver.passkey.credentialId }))).rejects.toMatchObject({ code: 'assertion_signature' });
  });

  it.each([[4, 5], [5, 5], [0, 5]])('refuses counter %s after %s', async (counter, last) => {
    const counting = authenticator('p-3', last);
    await expect(verify(counting.assert({ counter }), counting.approver)).rejects.toMatchObject({ code: 'assertion_counter' });
  });

  it('gives the counter on for the next time', async () => {
    const counting = authenticator('p-3', 5);
    const proof = await verify(counting.assert({ counter: 6 }), counting.approver);
    expect(counterOf(proof)).toBe(6);
    expect(await recheckPasskeyProof(proof, canonical)).toBe(true);
  });

  it.each([
    null, 'text', [], {}, { ...alice.assert(), type: 'password' }, { ...alice.assert(), rawId: 'AAAA' }, { ...alice.assert(), response: null },
    { ...alice.assert(), response: { ...alice.assert().response, signature: '%%%' } },
    { ...alice.assert(), response: { ...alice.assert().response, authenticatorData: 'AAAA' } },
    { ...alice.assert(), response: { ...alice.assert().response, clientDataJSON: 'AAAA' } },
    { ...alice.assert(), response: { ...alice.assert().response, clientDataJSON: 'A'.repeat(4100) } },
  ])('refuses the shape of %j', async (assertion) => {
    await expect(verify(assertion)).rejects.toMatchObject({ code: 'assertion_shape' });
  });

  it('reports an enrolled key that is no key as a coded refusal', async () => {
    const broken = { ...alice.approver, passkey: { ...alice.approver.passkey, publicKey: 'AAAA' } };
    await expect(verify(alice.assert(), broken)).rejects.toMatchObject({ code: 'assertion_signature' });
  });

  it.each(['authenticatorData', 'clientDataJSON', 'signature', 'publicKey', 'nonce', 'digest', 'origin', 'rpId'] as const)(
    'is no proof once %s was touched',
    async (field) => {
      const proof = await verify(alice.assert());
      const other = { ...authenticator('p-9').approver.passkey };
      const touched = { authenticatorData: flip(proof.authenticatorData), clientDataJSON: flip(proof.clientDataJSON), signature: flip(proof.signature), publicKey: other.publicKey, nonce: flip(proof.nonce), digest: 'f'.repeat(64), origin: 'https://evil.example', rpId: 'evil.example' };
      expect(await recheckPasskeyProof({ ...proof, [field]: touched[field] }, canonical)).toBe(false);
    },
  );
});

describe('the challenge', () => {
  it.each(['', 'AAAA', `${nonce}=`, Buffer.alloc(33).toString('base64url')])('needs 32 bytes of nonce, not %j', (other) => {
    expect(() => challengeFor(other, canonical)).toThrow(expect.objectContaining({ code: 'nonce_shape' }));
  });
});

function flip(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.byteLength - 1);
  return bytes.toString('base64url');
}
