import { setTimeout as pause } from 'node:timers/promises';
import { CodedError, type Instant, isJsonObject, type JsonObject } from '#decider';
import { type VaultAddress, type VaultClient, vaultClient, VaultError } from './client.js';
import { type KeyValue, keyValue } from './kv.js';

/** A portal credential's key: a Vault token for one execution. */
export interface Lease extends Pick<KeyValue, 'read' | 'createOnce'> {
  /** Names the token in Vault's audit log and opens nothing. */
  readonly accessor: string;
  readonly expiresAt: Instant;
  /**
   * Revokes the token and looks it up afterwards. Never throws: unconfirmed means that it lives until `expiresAt` at the latest.
   * `confirmed` when Vault took the revocation, or the time was over, and then no longer knew the token.
   */
  give(): Promise<{ confirmed: boolean }>;
}

/** `grant_used`: used before, expired or never issued, which Vault does not tell apart. `grant_invalid`: not a grant of this role. */
export type GrantCode = 'grant_used' | 'grant_invalid';

export interface Redemption extends VaultAddress {
  readonly roleId: string;
  /** The wrapping token as it travelled beside the packet. */
  readonly grant: string;
  readonly clock: () => Date;
}

const LONGEST_LEASE_SECONDS = 60;
const RETRY_AFTER_MS = [0, 50, 250];

/** Turns role-id and grant into a lease. @throws CodedError GrantCode; VaultError when Vault does not answer in order. */
export async function redeemGrant({ roleId, grant, clock, ...address }: Redemption): Promise<Lease> {
  if (!/^[A-Za-z0-9._-]{8,512}$/.test(grant)) throw new CodedError('grant_invalid', 'not a wrapping token');
  const secretId = await unwrap(address, grant);
  const asked = clock();
  const { client_token: token, accessor, lease_duration: seconds } = await login(address, roleId, secretId);
  if (typeof token !== 'string' || typeof accessor !== 'string' || typeof seconds !== 'number')
    throw new VaultError('vault_answer', 'auth/approle/login: no token in the answer');

  const client = vaultClient(address, token);
  const expiresAt = new Date(asked.getTime() + seconds * 1000);
  const give = async (): Promise<{ confirmed: boolean }> => giveBack(client, () => clock() >= expiresAt);
  if (!(seconds > 0 && seconds <= LONGEST_LEASE_SECONDS)) {
    await give();
    throw new VaultError('vault_answer', `auth/approle/login: a lease of ${seconds} seconds, which the role must not give`);
  }
  const values = keyValue(client);
  return {
    accessor,
    expiresAt: expiresAt.toISOString(),
    read: async (path) => values.read(path),
    createOnce: async (path, value) => values.createOnce(path, value),
    give,
  };
}

async function unwrap(address: VaultAddress, grant: string): Promise<string> {
  try {
    const { data } = await vaultClient(address, grant).write('sys/wrapping/unwrap', {});
    const secretId = isJsonObject(data) ? data['secret_id'] : undefined;
    if (typeof secretId === 'string') return secretId;
  } catch (error) {
    if (isRefusal(error)) throw new CodedError('grant_used', 'Vault does not know this grant, or no longer', { cause: error });
    throw error;
  }
  throw new CodedError('grant_invalid', 'the grant wraps something else than a secret-id');
}

async function login(address: VaultAddress, roleId: string, secretId: string): Promise<JsonObject> {
  try {
    const { auth } = await vaultClient(address, '').write('auth/approle/login', { role_id: roleId, secret_id: secretId });
    return isJsonObject(auth) ? auth : {};
  } catch (error) {
    if (isRefusal(error)) throw new CodedError('grant_invalid', 'the grant does not open this role', { cause: error });
    throw error;
  }
}

// Vault says 400 to a grant or secret-id it does not know, 403 to a token; any other status is a wrong address
const isRefusal = (error: unknown): boolean => error instanceof VaultError && (error.status === 400 || error.status === 403);

async function giveBack(client: VaultClient, over: () => boolean): Promise<{ confirmed: boolean }> {
  let revoked = false;
  for (const wait of RETRY_AFTER_MS) {
    await pause(wait);
    try {
      if (!revoked) {
        await client.write('auth/token/revoke-self', {});
        revoked = true;
      }
    } catch (error) {
      // refused because it is over; any other refusal may be the role's policy and confirms nothing
      revoked = error instanceof VaultError && error.status === 403 && over();
    }
    if (revoked && (await isGone(client))) return { confirmed: true };
  }
  return { confirmed: false };
}

async function isGone(client: VaultClient): Promise<boolean> {
  try {
    await client.read('auth/token/lookup-self');
    return false;
  } catch (error) {
    return error instanceof VaultError && error.status === 403;
  }
}
