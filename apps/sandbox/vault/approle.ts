import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { absent, type Ask, invalid, names, type Reply, seconds, unsupported } from './exchange.js';
import type { Table } from './tables.js';
import { hashOf, type Tokens } from './tokens.js';

/** A role and what the tokens of its logins get; times in seconds. */
export interface Role {
  readonly roleId: string;
  readonly policies: readonly string[];
  readonly noDefaultPolicy: boolean;
  readonly tokenTtl: number;
  readonly tokenMaxTtl: number;
  readonly secretIdTtl: number;
  readonly secretIdUses: number;
}

/** A secret-id under the hash of its text. */
export interface SecretId {
  readonly role: string;
  readonly accessor: string;
  /** 0 for any number. */
  readonly usesLeft: number;
  readonly expiresAt: number | null;
  readonly metadata: Readonly<Record<string, string>>;
}

const DEFAULT_TTL = 32 * 24 * 3600;

/** `auth/approle`: roles, their ids, secret-ids and logins. */
export class AppRole {
  private readonly byRoleId = new Map<string, string>();

  constructor(
    private readonly roles: Table<Role>,
    private readonly secretIds: Table<SecretId>,
    private readonly tokens: Tokens,
    private readonly clock: () => Date,
  ) {
    for (const [name, role] of roles.entries()) this.byRoleId.set(role.roleId, name);
  }

  exists(path: string): boolean {
    return this.roles.get(path.slice('auth/approle/role/'.length)) !== undefined;
  }

  answer({ operation, path, body }: Ask): Reply {
    const [, , role, name, part, ...more] = path.split('/');
    if (role !== 'role' || more.length > 0) throw unsupported();
    const writes = operation === 'update' || operation === 'create';
    if (name === undefined) return operation === 'list' ? { data: { keys: [...this.roles.entries()].map(([key]) => key).sort() } } : failUnsupported();
    if (part === undefined) return this.roleItself(operation, name, body);
    const known = this.roles.get(name);
    if (!known) throw absent();
    if (part === 'role-id' && operation === 'read') return { data: { role_id: known.roleId } };
    if (part === 'role-id' && writes) return this.setRoleId(name, known, body.role_id);
    if (part === 'secret-id' && writes) return this.mint(name, known, body);
    throw unsupported();
  }

  /** A login needs no token: role-id and secret-id are the credential, and a used-up secret-id is gone. */
  login(body: JsonObject): Reply {
    const { role_id: roleId, secret_id: text } = body;
    const name = typeof roleId === 'string' ? this.byRoleId.get(roleId) : undefined;
    const role = name === undefined ? undefined : this.roles.get(name);
    const hash = typeof text === 'string' ? hashOf(text) : '';
    const secretId = this.secretIds.get(hash);
    const alive = secretId && (secretId.expiresAt === null || secretId.expiresAt > this.clock().getTime());
    if (name === undefined || !role || !alive || secretId.role !== name) throw invalid('invalid role or secret ID');
    if (secretId.usesLeft === 1) this.secretIds.delete(hash);
    else if (secretId.usesLeft > 1) this.secretIds.set(hash, { ...secretId, usesLeft: secretId.usesLeft - 1 });
    const ttl = role.tokenTtl === 0 ? DEFAULT_TTL : role.tokenTtl;
    const auth = this.tokens.issue({
      policies: role.noDefaultPolicy ? role.policies : [...new Set(['default', ...role.policies])],
      meta: { ...secretId.metadata, role_name: name },
      displayName: 'approle',
      path: 'auth/approle/login',
      ttlSeconds: role.tokenMaxTtl === 0 ? ttl : Math.min(ttl, role.tokenMaxTtl),
      parent: null,
    });
    return { auth };
  }

  private roleItself(operation: Ask['operation'], name: string, body: JsonObject): Reply {
    const before = this.roles.get(name);
    if (operation === 'read') return { data: shown(before ?? failAbsent()) };
    if (operation === 'delete') {
      if (before) this.byRoleId.delete(before.roleId);
      this.roles.delete(name);
      return undefined;
    }
    const role: Role = {
      roleId: before?.roleId ?? randomUUID(),
      policies: body.token_policies === undefined ? (before?.policies ?? []) : names(body.token_policies),
      noDefaultPolicy: body.token_no_default_policy === undefined ? (before?.noDefaultPolicy ?? false) : body.token_no_default_policy === true,
      tokenTtl: seconds(body.token_ttl, before?.tokenTtl ?? 0),
      tokenMaxTtl: seconds(body.token_max_ttl, before?.tokenMaxTtl ?? 0),
      secretIdTtl: seconds(body.secret_id_ttl, before?.secretIdTtl ?? 0),
      secretIdUses: typeof body.secret_id_num_uses === 'number' ? body.secret_id_num_uses : (before?.secretIdUses ?? 0),
    };
    this.roles.set(name, role);
    this.byRoleId.set(role.roleId, name);
    return undefined;
  }

  private setRoleId(name: string, role: Role, roleId: JsonValue | undefined): Reply {
    if (typeof roleId !== 'string' || roleId === '') throw invalid('missing role_id');
    this.byRoleId.delete(role.roleId);
    this.roles.set(name, { ...role, roleId });
    this.byRoleId.set(roleId, name);
    return undefined;
  }

  private mint(name: string, role: Role, body: JsonObject): Reply {
    const text = randomUUID();
    const expiresAt = role.secretIdTtl === 0 ? null : this.clock().getTime() + role.secretIdTtl * 1000;
    const secretId: SecretId = { role: name, accessor: randomUUID(), usesLeft: role.secretIdUses, expiresAt, metadata: metadataOf(body.metadata) };
    this.secretIds.set(hashOf(text), secretId);
    return { data: { secret_id: text, secret_id_accessor: secretId.accessor, secret_id_ttl: role.secretIdTtl, secret_id_num_uses: role.secretIdUses } };
  }
}

function failAbsent(): never {
  throw absent();
}

function failUnsupported(): never {
  throw unsupported();
}

// Vault takes the metadata as JSON inside a text
function metadataOf(text: JsonValue | undefined): Readonly<Record<string, string>> {
  if (text === undefined || text === '') return {};
  try {
    const value = JSON.parse(typeof text === 'string' ? text : '') as JsonValue;
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]));
  } catch {
    // answered below
  }
  throw invalid('failed to parse metadata: it must be a JSON object in a string');
}

function shown(role: Role): JsonObject {
  return {
    bind_secret_id: true,
    secret_id_num_uses: role.secretIdUses,
    secret_id_ttl: role.secretIdTtl,
    token_max_ttl: role.tokenMaxTtl,
    token_no_default_policy: role.noDefaultPolicy,
    token_policies: role.policies,
    token_ttl: role.tokenTtl,
    token_type: 'default',
  };
}
