import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '#decider';
import { type Ask, type Auth, denied, invalid, names, type Reply, seconds, unsupported } from './exchange.js';
import type { Table } from './tables.js';

/** A token as it is kept: under the hash of its text, so that the file opens nothing. */
export interface Token {
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly displayName: string;
  readonly path: string;
  readonly createdAt: number;
  readonly ttlSeconds: number;
  /** Milliseconds since 1970, or null for one that does not end by itself. */
  readonly expiresAt: number | null;
  /** The parent's hash; a token dies with its parent. */
  readonly parent: string | null;
}

export interface Wish {
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly displayName: string;
  readonly path: string;
  /** 0 for one that does not end by itself. */
  readonly ttlSeconds: number;
  readonly parent: string | null;
  /** The token's own text, where it is not drawn. */
  readonly text?: string;
}

const LONGEST_TTL = 32 * 24 * 3600;
const SWEEP_EVERY = 512;

/** Vault's tokens: they end at their time, with a revocation, and with their parent. */
export class Tokens {
  private readonly byAccessor = new Map<string, string>();
  private readonly children = new Map<string, Set<string>>();
  private issued = 0;

  constructor(
    private readonly table: Table<Token>,
    private readonly clock: () => Date,
  ) {
    for (const [hash, token] of table.entries()) this.index(hash, token);
    this.sweep();
  }

  /** The living token of that text, with its hash. */
  find(text: string): { readonly hash: string; readonly token: Token } | undefined {
    const hash = hashOf(text);
    const token = this.living(hash);
    return token && { hash, token };
  }

  issue(wish: Wish): Auth {
    const text = wish.text ?? `hvs.${randomBytes(36).toString('base64url')}`;
    const { policies, meta, displayName, path, ttlSeconds, parent } = wish;
    const createdAt = this.clock().getTime();
    const expiresAt = ttlSeconds === 0 ? null : createdAt + ttlSeconds * 1000;
    const token: Token = { accessor: randomUUID(), policies, meta, displayName, path, createdAt, ttlSeconds, expiresAt, parent };
    const hash = hashOf(text);
    this.table.set(hash, token);
    this.index(hash, token);
    if (++this.issued % SWEEP_EVERY === 0) this.sweep();
    return { token: text, accessor: token.accessor, policies, meta, ttlSeconds, orphan: parent === null };
  }

  revoke(hash: string): void {
    const token = this.table.get(hash);
    if (!token) return;
    this.unindex(hash, token);
    this.table.delete(hash);
    for (const child of this.children.get(hash) ?? []) this.revoke(child);
    this.children.delete(hash);
  }

  /** `auth/token/*`, for the holder of the token with hash `holder`. */
  answer({ operation, path, body }: Ask, holder: string, text: string): Reply {
    const self = this.living(holder);
    if (!self) throw denied();
    const writes = operation === 'update' || operation === 'create';
    switch (path) {
      case 'auth/token/lookup-self':
        return { data: this.shown(self, text) };
      case 'auth/token/revoke-self':
        if (!writes) throw unsupported();
        this.revoke(holder);
        return undefined;
      case 'auth/token/create':
      case 'auth/token/create-orphan':
        if (!writes) throw unsupported();
        return { auth: this.issue(wishOf(body, self, path.endsWith('orphan') || body.no_parent === true ? null : holder)) };
      case 'auth/token/lookup-accessor':
        return { data: this.shown(this.ofAccessor(body.accessor).token, '') };
      case 'auth/token/revoke-accessor':
        this.revoke(this.ofAccessor(body.accessor).hash);
        return undefined;
      default:
        throw unsupported();
    }
  }

  private ofAccessor(accessor: unknown): { hash: string; token: Token } {
    const hash = typeof accessor === 'string' ? this.byAccessor.get(accessor) : undefined;
    const token = hash === undefined ? undefined : this.living(hash);
    if (hash === undefined || !token) throw invalid('invalid accessor');
    return { hash, token };
  }

  private living(hash: string): Token | undefined {
    const token = this.table.get(hash);
    if (!token) return undefined;
    const inTime = token.expiresAt === null || token.expiresAt > this.clock().getTime();
    if (inTime && (token.parent === null || this.living(token.parent))) return token;
    this.revoke(hash);
    return undefined;
  }

  private shown(token: Token, text: string): JsonObject {
    const { accessor, createdAt, ttlSeconds, expiresAt, displayName, meta, parent, path, policies } = token;
    return {
      accessor,
      creation_time: Math.floor(createdAt / 1000),
      creation_ttl: ttlSeconds,
      display_name: displayName,
      entity_id: '',
      expire_time: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      explicit_max_ttl: 0,
      id: text,
      meta: Object.keys(meta).length === 0 ? null : meta,
      num_uses: 0,
      orphan: parent === null,
      path,
      policies,
      ttl: expiresAt === null ? 0 : Math.ceil((expiresAt - this.clock().getTime()) / 1000),
      type: 'service',
    };
  }

  private sweep(): void {
    const now = this.clock().getTime();
    for (const [hash, token] of this.table.entries()) if (token.expiresAt !== null && token.expiresAt <= now) this.revoke(hash);
  }

  private index(hash: string, token: Token): void {
    this.byAccessor.set(token.accessor, hash);
    if (token.parent === null) return;
    const siblings = this.children.get(token.parent);
    if (siblings) siblings.add(hash);
    else this.children.set(token.parent, new Set([hash]));
  }

  private unindex(hash: string, token: Token): void {
    this.byAccessor.delete(token.accessor);
    if (token.parent !== null) this.children.get(token.parent)?.delete(hash);
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function wishOf(body: JsonObject, self: Token, parent: string | null): Wish {
  const root = self.policies.includes('root');
  const asked = names(body.policies);
  const policies = asked.length === 0 ? self.policies : asked;
  if (!root && policies.some((name) => !self.policies.includes(name))) throw invalid('child policies must be subset of parent');
  if (body.id !== undefined && !root) throw invalid('root or sudo privileges required to specify token id');
  if (parent === null && !root) throw invalid('root or sudo privileges required to create orphan token');
  const meta = Object.entries(isJsonObject(body.meta) ? body.meta : {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []));
  const withDefault = body.no_default_policy === true || policies.includes('root') ? policies : [...new Set(['default', ...policies])];
  const ttl = seconds(body.explicit_max_ttl ?? body.ttl ?? body.period, LONGEST_TTL);
  return {
    policies: withDefault,
    meta: Object.fromEntries(meta),
    displayName: typeof body.display_name === 'string' ? `token-${body.display_name}` : 'token',
    path: 'auth/token/create',
    ttlSeconds: Math.min(ttl === 0 ? LONGEST_TTL : ttl, LONGEST_TTL),
    parent,
    ...(typeof body.id === 'string' && { text: body.id }),
  };
}
