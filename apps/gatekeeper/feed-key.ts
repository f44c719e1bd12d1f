import { randomBytes } from 'node:crypto';
import { CodedError } from '#decider';
import { feedKeyPath, type Vault } from '#vault';

/** The key that the requests of an HRIS are told apart by, made when it is first asked for. @throws VaultError, and CodedError `vault_answer`. */
export async function feedKey(vault: Vault, tenant: string, kind: 'channel' | 'feed', id: string): Promise<Uint8Array> {
  const path = feedKeyPath(tenant, kind, id);
  const held = (await vault.read(path)) ?? (await made(vault, path));
  if (typeof held?.key !== 'string') throw new CodedError('vault_answer', `${path}: no key`);
  return new Uint8Array(Buffer.from(held.key, 'base64url'));
}

// of two gatekeepers that start at once, both go on with the key of the first
async function made(vault: Vault, path: string): ReturnType<Vault['read']> {
  await vault.createOnce(path, { key: randomBytes(32).toString('base64url') });
  return vault.read(path);
}
