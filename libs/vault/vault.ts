import { isJsonObject, type JsonObject } from '#decider';
import { type VaultAddress, type VaultClient, vaultClient, VaultError } from './client.js';
import { type KeyValue, keyValue } from './kv.js';
import { segment } from './names.js';

/** What a process with a Vault token of its own may ask for. */
export interface Vault extends KeyValue {
  /** The raw 64 bytes of an Ed25519 signature by transit key `keyName`, in its newest version or in this one. */
  signEd25519(keyName: string, message: Uint8Array, version?: number): Promise<Uint8Array>;
  /** The raw 32 bytes of the key's newest version, or of this one. */
  publicKey(keyName: string, version?: number): Promise<Uint8Array>;
  /** A response-wrapped, one-use secret-id of AppRole `role`: the wrapping token, good for `wrapSeconds`. */
  mintGrant(role: string, metadata: Readonly<Record<string, string>>, wrapSeconds: number): Promise<string>;
  /** Reachable, initialized and unsealed. */
  healthy(): Promise<boolean>;
}

/** @throws from each call VaultError, and CodedError `vault_name` for a name that may not stand in a path. */
export function openVault({ token, ...address }: VaultAddress & { readonly token: string }): Vault {
  const client = vaultClient(address, token);
  return {
    ...keyValue(client),
    async signEd25519(keyName, message, version) {
      const { data } = await client.write(`transit/sign/${segment(keyName)}`, {
        input: Buffer.from(message).toString('base64'),
        ...(version !== undefined && { key_version: version }),
      });
      return signatureIn(data, keyName);
    },
    async publicKey(keyName, version) {
      const { data } = await client.read(`transit/keys/${segment(keyName)}`);
      return publicKeyIn(data, keyName, version);
    },
    mintGrant: async (role, metadata, wrapSeconds) => mint(client, segment(role), metadata, wrapSeconds),
    async healthy() {
      try {
        const health = await client.read('sys/health');
        return health['initialized'] === true && health['sealed'] === false;
      } catch {
        return false;
      }
    },
  };
}

function signatureIn(data: unknown, keyName: string): Uint8Array {
  const text = isJsonObject(data) && typeof data['signature'] === 'string' ? data['signature'] : '';
  const signature = Buffer.from(/^vault:v[0-9]+:([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '', 'base64');
  if (signature.length !== 64) throw new VaultError('vault_answer', `transit/sign/${keyName}: not an Ed25519 signature`);
  return signature;
}

function publicKeyIn(data: unknown, keyName: string, version?: number): Uint8Array {
  const { type, latest_version: latest, keys } = isJsonObject(data) ? data : {};
  const wanted = version ?? latest;
  const found = isJsonObject(keys) && typeof wanted === 'number' ? keys[wanted] : undefined;
  const text = isJsonObject(found) && typeof found['public_key'] === 'string' ? found['public_key'] : '';
  const key = Buffer.from(text, 'base64');
  if (type !== 'ed25519' || key.length !== 32) throw new VaultError('vault_answer', `transit/keys/${keyName}: not an Ed25519 key`);
  return key;
}

async function mint(client: VaultClient, role: string, metadata: Readonly<Record<string, string>>, wrapSeconds: number): Promise<string> {
  const path = `auth/approle/role/${role}/secret-id`;
  const answer: JsonObject = await client.write(
    path,
    { metadata: JSON.stringify(metadata) },
    { 'X-Vault-Wrap-TTL': `${Math.ceil(wrapSeconds)}s` },
  );
  const wrap = answer['wrap_info'];
  const token = isJsonObject(wrap) ? wrap['token'] : undefined;
  // a secret-id in the open must never be passed on as a grant
  if (typeof token !== 'string' || token === '') throw new VaultError('vault_answer', `${path}: not wrapped`);
  return token;
}
