import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Files, KEYS, pem, signatures } from '../../test/policy/signed-archive.js';
import { bundleKey, checkSignature } from './bundle-signature.js';

const FILES: Files = { 'policy.wasm': 'wasm', '.manifest': '{ "roots": [""],\n "revision": "é" }', 'gatehouse/data.json': '{"b": 1, "a": [true, null]}' };
const KEY = bundleKey(pem(KEYS.EdDSA.publicKey));
const checked = (files: Files, key = KEY) => {
  checkSignature(new Map(Object.entries(files).map(([path, content]) => [path, new Uint8Array(Buffer.from(content))])), key);
};
const signed = (how: Parameters<typeof signatures>[1] = {}): Files => ({ ...FILES, '.signatures.json': signatures(FILES, how) });
const jwt = (token: string): Files => ({ ...FILES, '.signatures.json': JSON.stringify({ signatures: [token] }) });
const token = () => (JSON.parse(signatures(FILES)) as { signatures: [string] }).signatures[0];

describe('a signed bundle', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)('is believed when it is signed by %s with the key', (algorithm) => {
    expect(() => checked(signed({ algorithm }), bundleKey(pem(KEYS[algorithm].publicKey)))).not.toThrow();
  });

  it('may have its manifest and data written otherwise, as long as they say the same', () => {
    expect(() => checked({ ...signed(), '.manifest': '{"revision":"é","roots":[""]}' })).not.toThrow();
  });

  it.each<[string, () => Files, RegExp]>([
    ['is not signed', () => FILES, /it is not signed/u],
    ['has another key’s signature', () => signed({ key: generateKeyPairSync('ed25519').privateKey }), /not signed with the configured key/u],
    ['is signed with another kind of key', () => signed({ algorithm: 'ES256' }), /not of EdDSA/u],
    ['says that it needs no signature', () => signed({ header: { alg: 'none' } }), /not of EdDSA/u],
    ['says that the public key is a shared secret', () => signed({ header: { alg: 'HS256' } }), /not of EdDSA/u],
    ['has a head that must be understood', () => signed({ header: { crit: ['exp'] } }), /not of EdDSA/u],
    ['has lost its signature', () => jwt(token().replace(/[^.]+$/u, '')), /one JWT/u],
    ['has half a signature', () => jwt(token().slice(0, -40)), /not signed with the configured key/u],
    ['is signed twice', () => ({ ...FILES, '.signatures.json': JSON.stringify({ signatures: [token(), token()] }) }), /one JWT/u],
    ['is signed by a plugin', () => ({ ...FILES, '.signatures.json': JSON.stringify({ signatures: [token()], plugin: 'x' }) }), /plugin/u],
    ['is signed in words that are no JSON', () => ({ ...FILES, '.signatures.json': '{' }), /no JSON object/u],
    ['is signed for a scope', () => signed({ payload: { scope: 'write' } }), /another scope/u],
    ['has a file changed', () => ({ ...signed(), 'policy.wasm': 'other' }), /policy\.wasm is not what was signed/u],
    ['has its manifest changed', () => ({ ...signed(), '.manifest': '{"revision":"later","roots":[""]}' }), /\.manifest is not what was signed/u],
    ['has a file more', () => ({ ...signed(), 'gatehouse/more.rego': '' }), /more\.rego is there and not signed/u],
    ['has a file less', () => Object.fromEntries(Object.entries(signed()).filter(([path]) => path !== 'policy.wasm')), /"policy\.wasm" is signed and not there/u],
    ['lists nothing', () => signed({ payload: { files: [] } }), /is there and not signed/u],
    ['lists a hash that is too weak', () => signed({ payload: { files: [{ name: 'policy.wasm', hash: '00', algorithm: 'MD5' }] } }), /hashed by "MD5"/u],
  ])('is refused when it %s', (_, files, why) => {
    expect(() => checked(files())).toThrow(expect.objectContaining({ code: 'policy.signature', message: expect.stringMatching(why) }));
  });
});

describe('the key', () => {
  it.each<[string, () => string]>([
    ['a private one', () => KEYS.EdDSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a short RSA one', () => pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ['of another curve', () => pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['no key', () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['a secret', () => 'a shared secret'],
  ])('that is %s is refused, and not quoted', (_, text) => {
    const given = text();
    expect(() => bundleKey(given)).toThrow(expect.objectContaining({ code: 'policy_key', message: expect.not.stringContaining(given.slice(30, 60) || given) }));
  });
});
