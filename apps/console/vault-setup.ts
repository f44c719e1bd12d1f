import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { channelPath, packetHmacPath, packetKeyName, portalPath, readerPath, roleName } from '#vault';

/** What a tenant's part of Vault holds. */
export interface VaultPlan {
  readonly tenant: string;
  readonly portals: readonly { readonly id: string; readonly read: string; readonly write: string }[];
  readonly hrisToken: string;
  readonly feeds: readonly { readonly id: string; readonly user: string; readonly password: string }[];
  readonly channels: readonly { readonly id: string; readonly secret: string }[];
  readonly hmac: { readonly id: string; readonly key: string };
}

/** What set-up learned: public key, role-ids, and tokens for the apps that hold one. */
export interface VaultSetup {
  readonly publicKey: string;
  readonly roleIds: ReadonlyMap<string, string>;
}

const LEASE_SECONDS = 60;
const GRANT_SECONDS = 300;

/** Operates a Vault's HTTP API with an operator's token; each step may be repeated. */
export class VaultOperator {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Keys, policies, roles and credentials of one tenant. @throws CodedError `vault_setup` naming the path that was refused. */
  async setUp(plan: VaultPlan): Promise<VaultSetup> {
    const { tenant, portals } = plan;
    const root = `secret/data/tenants/${tenant}`;
    await this.#once(`transit/keys/${packetKeyName(tenant)}`, { type: 'ed25519' });
    await this.#keep(readerPath(tenant, 'hris'), { token: plan.hrisToken });
    for (const { id, user, password } of plan.feeds) await this.#keep(readerPath(tenant, id), { user, token: password });
    for (const { id, secret } of plan.channels) await this.#keep(channelPath(tenant, id), { token: secret });
    await this.#keep(packetHmacPath(tenant), plan.hmac);
    const roleIds = new Map<string, string>();
    for (const { id, read, write } of portals) {
      await this.#keep(portalPath(tenant, id), { token: write });
      await this.#keep(readerPath(tenant, id), { token: read });
      roleIds.set(id, await this.#role(tenant, id, root));
    }
    await this.#policy(`gatekeeper-${tenant}`, {
      [`transit/sign/${packetKeyName(tenant)}`]: { capabilities: ['update'] },
      [`transit/keys/${packetKeyName(tenant)}`]: { capabilities: ['read'] },
      [`${root}/readers/*`]: { capabilities: ['read'] },
      [`${root}/channels/*`]: { capabilities: ['read'] },
      [`${root}/packet-hmac`]: { capabilities: ['read'] },
      [`${root}/ledger-keys/*`]: { capabilities: ['create', 'read'] },
      // to erase a person: destroys keys and sees that they are gone; metadata never shows one
      [`secret/metadata/tenants/${tenant}/ledger-keys/*`]: { capabilities: ['read', 'delete'] },
      [`secret/metadata/tenants/${tenant}/journal-keys/*`]: { capabilities: ['read', 'delete'] },
      // a secret-id only ever wrapped, and no right to the role-id: a grant is half of a lease
      ...Object.fromEntries(portals.map(({ id }) => [`auth/approle/role/${roleName(tenant, id)}/secret-id`, { capabilities: ['update'], min_wrapping_ttl: '1s', max_wrapping_ttl: `${String(GRANT_SECONDS)}s` }])),
    });
    await this.#policy(`admin-${tenant}`, { [`${root}/ledger-keys/*`]: { capabilities: ['read'] }, [`${root}/journal-keys/*`]: { capabilities: ['read'] } });
    return { publicKey: await this.#publicKey(packetKeyName(tenant)), roleIds };
  }

  /** A token with these policies, for one app. */
  async issueToken(policies: readonly string[]): Promise<string> {
    const { auth } = await this.#call('POST', 'auth/token/create', { policies, no_parent: true, no_default_policy: true, ttl: '768h' });
    if (!isJsonObject(auth) || typeof auth.client_token !== 'string') throw new CodedError('vault_setup', 'auth/token/create: no token in the answer');
    return auth.client_token;
  }

  async #role(tenant: string, portal: string, root: string): Promise<string> {
    const role = roleName(tenant, portal);
    await this.#policy(role, {
      [`${root}/portals/${portal}`]: { capabilities: ['read'] },
      [`${root}/journal-keys/+/${portal}`]: { capabilities: ['create', 'read'] },
      'auth/token/lookup-self': { capabilities: ['read'] },
      'auth/token/revoke-self': { capabilities: ['update'] },
    });
    await this.#call('POST', `auth/approle/role/${role}`, {
      token_policies: [role],
      token_ttl: LEASE_SECONDS,
      token_max_ttl: LEASE_SECONDS,
      token_no_default_policy: true,
      secret_id_num_uses: 1,
      secret_id_ttl: GRANT_SECONDS,
    });
    const { data } = await this.#call('GET', `auth/approle/role/${role}/role-id`);
    if (!isJsonObject(data) || typeof data.role_id !== 'string') throw new CodedError('vault_setup', `auth/approle/role/${role}/role-id: no role_id in the answer`);
    return data.role_id;
  }

  async #publicKey(name: string): Promise<string> {
    const { data } = await this.#call('GET', `transit/keys/${name}`);
    const keys = isJsonObject(data) ? data.keys : undefined;
    const latest = isJsonObject(keys) ? keys['1'] : undefined;
    if (!isJsonObject(latest) || typeof latest.public_key !== 'string') throw new CodedError('vault_setup', `transit/keys/${name}: no public key in the answer`);
    return Buffer.from(latest.public_key, 'base64').toString('base64url');
  }

  async #policy(name: string, path: JsonObject): Promise<void> {
    await this.#call('PUT', `sys/policies/acl/${name}`, { policy: JSON.stringify({ path }) });
  }

  async #once(path: string, body: JsonObject): Promise<void> {
    if ((await this.#ask('GET', path)).status === 404) await this.#call('POST', path, body);
  }

  async #keep(path: string, value: JsonObject): Promise<void> {
    await this.#call('POST', `secret/data/${path}`, { data: value });
  }

  async #call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const { status, answer } = await this.#ask(method, path, body);
    if (status >= 300) throw new CodedError('vault_setup', `${path}: Vault answered ${String(status)}`);
    return isJsonObject(answer) ? answer : {};
  }

  async #ask(method: string, path: string, body?: JsonObject): Promise<{ status: number; answer: JsonValue }> {
    const response = await fetch(`${this.url}/v1/${path}`, { method, headers: { 'X-Vault-Token': this.token, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, answer: text === '' ? null : (JSON.parse(text) as JsonValue) };
  }
}
