import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, CodedError } from '#decider';
import { readSecret } from '#edge';
import { noteSigner, type NoteSigner } from '#ledger';
import { openVault, type Vault } from '#vault';
import type { Settings } from './settings.js';

/** Signs for any origin with one key. */
export type SignerOf = (origin: string) => NoteSigner;

const OTHERS = 0o077;
const VAULT_TIMEOUT_MS = 5_000;
/** Seconds before each further try to learn the public key, while Vault starts or is unsealed. */
const PAUSES_SECONDS = [1, 2, 4, 8, 15];

/**
 * The notary's key: a seed in a file, or a key of Vault's transit engine that never leaves it.
 * @param ca - the authority (PEM) that Vault's certificate is of.
 * @throws CodedError `configuration` unless exactly one of the two is named, and VaultError where Vault does not show the key.
 */
export async function keyOf(settings: Settings, ca: string): Promise<SignerOf> {
  const { GATEHOUSE_NOTARY_KEY_FILE: file, GATEHOUSE_NOTARY_VAULT_KEY: inVault, GATEHOUSE_VAULT_URL: address, GATEHOUSE_VAULT_TOKEN_FILE: token } = settings;
  if ((file === undefined) === (inVault === undefined)) throw new CodedError('configuration', 'GATEHOUSE_NOTARY_KEY_FILE or GATEHOUSE_NOTARY_VAULT_KEY: exactly one must be set');
  if (file !== undefined) return seedIn(file);
  if (inVault === undefined || address === undefined || token === undefined) throw new CodedError('configuration', 'GATEHOUSE_NOTARY_VAULT_KEY: GATEHOUSE_VAULT_URL and GATEHOUSE_VAULT_TOKEN_FILE must be set beside it');
  const vault = openVault({ address, token: readSecret('GATEHOUSE_VAULT_TOKEN_FILE', token), ca, timeoutMs: VAULT_TIMEOUT_MS });
  const [name = '', version = ''] = inVault.split('/');
  return vaultKey(vault, name, Number(version));
}

/**
 * A transit key, in the one version that readers of the checkpoints know: Vault may be told to rotate it, and nothing changes here.
 * @throws VaultError where the public key is not to be had after the last pause.
 */
export async function vaultKey(vault: Pick<Vault, 'signEd25519' | 'publicKey'>, name: string, version: number, pausesSeconds: readonly number[] = PAUSES_SECONDS): Promise<SignerOf> {
  const publicKey = await patientlyAsked(() => vault.publicKey(name, version), pausesSeconds);
  return (origin) => ({ name: origin, publicKey, sign: (text) => vault.signEd25519(name, Buffer.from(text, 'utf8'), version) });
}

async function patientlyAsked<T>(ask: () => Promise<T>, [pause, ...later]: readonly number[]): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (pause === undefined || !['vault_unreachable', 'vault_sealed'].includes(codeOf(error) ?? '')) throw error;
    await delay(pause * 1_000);
    return patientlyAsked(ask, later);
  }
}

/** The Ed25519 seed in a file (base64url, 32 bytes, mode 0600). */
function seedIn(path: string): SignerOf {
  const text = readSecret('GATEHOUSE_NOTARY_KEY_FILE', path);
  const seed = Buffer.from(text, 'base64url');
  if (seed.length !== 32 || seed.toString('base64url') !== text) throw new CodedError('configuration', `GATEHOUSE_NOTARY_KEY_FILE: ${path} must hold 32 bytes in base64url`);
  if ((statSync(path).mode & OTHERS) !== 0) throw new CodedError('configuration', `GATEHOUSE_NOTARY_KEY_FILE: ${path} must have mode 0600: others can read or write it`);
  return (origin) => noteSigner(origin, seed);
}
