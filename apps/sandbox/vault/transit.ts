import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JsonObject } from '#decider';
import { absent, type Ask, invalid, type Reply, unsupported } from './exchange.js';
import type { Table } from './tables.js';

/** A signing key that never leaves: PKCS #8 in base64. */
export interface TransitKey {
  readonly privateKey: string;
  readonly createdAt: string;
}

/** `transit/keys/<name>` and `transit/sign/<name>` for Ed25519. */
export class Transit {
  // to read a key takes longer than to sign with it
  private readonly read = new Map<string, KeyObject>();

  constructor(
    private readonly table: Table<TransitKey>,
    private readonly clock: () => Date,
  ) {}

  answer({ operation, path, body }: Ask): Reply {
    const [, kind, name, ...more] = path.split('/');
    if (name === undefined || name === '' || more.length > 0) throw absent();
    const key = this.table.get(name);
    if (kind === 'keys' && operation === 'read') return { data: key ? shown(name, key, this.keyObject(name)) : fail(absent()) };
    if (kind === 'keys' && (operation === 'update' || operation === 'create')) {
      if (body.type !== 'ed25519') throw invalid('only ed25519 keys are made here');
      if (!key) this.make(name);
      return undefined;
    }
    if (kind === 'sign' && (operation === 'update' || operation === 'create')) return { data: signed(body, key ? this.keyObject(name) : fail(invalid('signing key not found'))) };
    throw unsupported();
  }

  private keyObject(name: string): KeyObject {
    const known = this.read.get(name);
    if (known) return known;
    const { privateKey } = this.table.get(name) ?? fail(absent());
    const read = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    this.read.set(name, read);
    return read;
  }

  private make(name: string): void {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    this.table.set(name, { privateKey: pkcs8, createdAt: this.clock().toISOString() });
  }
}

function fail(error: Error): never {
  throw error;
}

function signed({ input, key_version: version = 0 }: JsonObject, key: KeyObject) {
  // 0 is the newest, and a key has one version here
  if (version !== 0 && version !== 1) throw invalid('requested version for signing is higher than the latest key version');
  if (typeof input !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(input)) throw invalid('unable to decode input as base64');
  return { signature: `vault:v1:${sign(null, Buffer.from(input, 'base64'), key).toString('base64')}`, key_version: 1 };
}

function shown(name: string, { createdAt }: TransitKey, key: KeyObject) {
  // the raw 32 bytes are the end of the DER form
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  return {
    name,
    type: 'ed25519',
    latest_version: 1,
    min_available_version: 0,
    min_decryption_version: 1,
    min_encryption_version: 0,
    keys: { '1': { creation_time: createdAt, name: 'ed25519', public_key: publicKey } },
    exportable: false,
    deletion_allowed: false,
    derived: false,
    supports_signing: true,
    supports_encryption: false,
  };
}
