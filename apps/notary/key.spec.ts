import 'reflect-metadata';
import { generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { noteSigner, openCheckpoint, parseVerifierKey, signCheckpoint } from '#ledger';
import { openVault, VaultError } from '#vault';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { notaryUnderTest } from '../../test/ledger/following-notary.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { ask } from '../../test/sandbox/started-sandbox.js';
import type { Running } from '../sandbox/service.js';
import { startVault, Vault } from '../sandbox/vault/vault.js';
import { keyOf, type SignerOf, vaultKey } from './key.js';
import { Settings } from './settings.js';
import type { TenantNotary } from './tenant-notary.js';

const SEED = Buffer.alloc(32, 7);
const book = sampleBook('acme', [{ type: 'ledger.opened', case: null, data: {} }, { type: 'case.ended', case: 'c-1', data: { as: 'done' } }, { type: 'case.ended', case: 'c-2', data: { as: 'done' } }]);

let folder: string;
let running: TenantNotary[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'));
  running = [];
});
afterEach(async () => {
  for (const notary of running) await notary.close();
  rmSync(folder, { recursive: true });
});
const file = (name: string, content: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};
const settings = (values: Partial<Settings>): Settings => Object.assign(new Settings(), values);
const coded = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });
const following = (store: MemoryStore, signerOf: Awaited<ReturnType<typeof keyOf>>) => {
  const started = notaryUnderTest({ store, folder: join(folder, 'heads'), signerOf, signEveryMs: 5 });
  running.push(started.notary);
  return started;
};
/** What lies outside, opened with the key that lies beside it. */
const outside = () => openCheckpoint(readFileSync(join(folder, 'heads/acme/ledger/checkpoint'), 'utf8'), parseVerifierKey(readFileSync(join(folder, 'heads/acme/ledger/key'), 'utf8').trim()));

describe('the key in a file', () => {
  it('is its seed', async () => {
    const signerOf = await keyOf(settings({ GATEHOUSE_NOTARY_KEY_FILE: file('seed', `${SEED.toString('base64url')}\n`) }), '');
    expect(signerOf('log.example/ledger/acme').publicKey).toEqual(noteSigner('log.example/ledger/acme', SEED).publicKey);
  });

  it('is refused where others can read it, or it is none', async () => {
    await expect(keyOf(settings({ GATEHOUSE_NOTARY_KEY_FILE: file('open', SEED.toString('base64url'), 0o640) }), '')).rejects.toThrow(coded('configuration', /mode 0600/));
    await expect(keyOf(settings({ GATEHOUSE_NOTARY_KEY_FILE: file('short', 'abc') }), '')).rejects.toThrow(coded('configuration', /32 bytes/));
  });

  it('and one in Vault are refused together, and so is none, and one in Vault without its address', async () => {
    const seed = file('seed', SEED.toString('base64url'));
    for (const values of [{}, { GATEHOUSE_NOTARY_KEY_FILE: seed, GATEHOUSE_NOTARY_VAULT_KEY: 'checkpoints/1' }]) await expect(keyOf(settings(values), '')).rejects.toThrow(coded('configuration', /exactly one/));
    await expect(keyOf(settings({ GATEHOUSE_NOTARY_VAULT_KEY: 'checkpoints/1' }), '')).rejects.toThrow(coded('configuration', /GATEHOUSE_VAULT_URL/));
  });
});

describe('the key in Vault', () => {
  const ROOT = 'root-of-the-spec';
  let server: Running;
  let token: string;
  const api = (method: string, path: string, body: JsonObject) => ask(method, `${server.address}/v1/${path}`, { body, headers: { 'x-vault-token': ROOT } });
  beforeEach(async () => {
    server = await startVault(new Vault(join(folder, 'vault'), ROOT, () => new Date()), { name: 'vault', port: 0 });
    await api('POST', 'transit/keys/checkpoints', { type: 'ed25519' });
    // all that the notary may do there
    await api('PUT', 'sys/policies/acl/notary', { policy: 'path "transit/sign/checkpoints" { capabilities = ["update"] }\npath "transit/keys/checkpoints" { capabilities = ["read"] }' });
    const { body } = await api('POST', 'auth/token/create', { policies: ['notary'], no_default_policy: true });
    token = file('token', (body as { auth: { client_token: string } }).auth.client_token);
  });
  afterEach(() => server.stop());

  it('signs there, and what it signs opens with the public key that Vault shows', async () => {
    const signerOf = await keyOf(settings({ GATEHOUSE_NOTARY_VAULT_KEY: 'checkpoints/1', GATEHOUSE_VAULT_URL: server.address, GATEHOUSE_VAULT_TOKEN_FILE: token }), '');
    const store = new MemoryStore();
    await store.append('ledger-acme', book.slice(0, 2), -1);
    const { logged } = following(store, signerOf);
    await logged('checkpoint_signed');
    expect(outside().size).toBe(2);
    const { publicKey } = signerOf('any');
    expect(Buffer.from(publicKey)).toEqual(Buffer.from(await openVault({ address: server.address, token: ROOT, timeoutMs: 60_000 }).publicKey('checkpoints')));
  });

  it('is not taken in a version that is not there', async () => {
    const values = { GATEHOUSE_NOTARY_VAULT_KEY: 'checkpoints/2', GATEHOUSE_VAULT_URL: server.address, GATEHOUSE_VAULT_TOKEN_FILE: token };
    await expect(keyOf(settings(values), '')).rejects.toThrow(coded('vault_answer', /checkpoints/));
    const vault = openVault({ address: server.address, token: ROOT, timeoutMs: 60_000 });
    await expect(vault.signEd25519('checkpoints', Buffer.of(1), 2)).rejects.toThrow(coded('vault_refused', /400/));
  });
});

describe('a key that cannot be asked', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const away = new VaultError('vault_unreachable', 'no answer');

  it('stops no tenant: nothing is shown, it is said once, and signed when Vault is back', async () => {
    let asked = 0;
    const signEd25519 = (_: string, message: Uint8Array) => ((asked += 1) < 4 ? Promise.reject(away) : Promise.resolve<Uint8Array>(sign(null, message, privateKey)));
    const signerOf = await vaultKey({ publicKey: () => Promise.resolve(raw), signEd25519 }, 'checkpoints', 1);
    const store = new MemoryStore();
    await store.append('ledger-acme', book.slice(0, 2), -1);
    const { logged, notary, events } = following(store, signerOf);
    expect(await logged('checkpoint_not_signed')).toMatchObject({ code: 'vault_unreachable' });
    expect(notary.missing).toBe('vault_unreachable');
    await logged('checkpoint_signed');
    expect([outside().size, notary.missing]).toEqual([2, undefined]);
    expect(events.filter(({ event }) => event === 'checkpoint_not_signed')).toHaveLength(1);
  });

  it('that answers with the signature of another key is never shown, and stops the tenant', async () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    const signerOf = await vaultKey({ publicKey: () => Promise.resolve(raw), signEd25519: (_, message) => Promise.resolve<Uint8Array>(sign(null, message, other)) }, 'checkpoints', 1);
    const store = new MemoryStore();
    await store.append('ledger-acme', book.slice(0, 2), -1);
    const { logged, notary } = following(store, signerOf);
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'note_signature' });
    expect(notary.books.ledger.signed).toEqual([]);
  });

  it('for as long as it takes leaves room for another instance, whose head is not signed beside', async () => {
    const store = new MemoryStore();
    await store.append('ledger-acme', book.slice(0, 2), -1);
    const other: SignerOf = (origin) => noteSigner(origin, SEED);
    const root = new Uint8Array(32).fill(9);
    const slow: SignerOf = (origin) => ({
      ...other(origin),
      sign: (text) => {
        writeFileSync(join(folder, 'heads/acme/ledger/checkpoint'), signCheckpoint({ size: 2, root }, noteSigner(origin, SEED)));
        return Promise.resolve(noteSigner(origin, SEED).sign(text));
      },
    });
    const { logged, notary } = following(store, slow);
    expect(await logged('tenant_stopped')).toMatchObject({ code: 'checkpoint_mismatch' });
    expect([notary.books.ledger.signed, Buffer.from(outside().root)]).toEqual([[], Buffer.from(root)]);
  });

  it('is waited for at the start, with a bound', async () => {
    const after = (failures: number) => {
      let asked = 0;
      return { signEd25519: () => Promise.reject(away), publicKey: () => ((asked += 1) <= failures ? Promise.reject(away) : Promise.resolve<Uint8Array>(raw)) };
    };
    expect((await vaultKey(after(2), 'checkpoints', 1, [0, 0]))('any').publicKey).toEqual(raw);
    await expect(vaultKey(after(3), 'checkpoints', 1, [0, 0])).rejects.toThrow(coded('vault_unreachable', /no answer/));
  });
});
