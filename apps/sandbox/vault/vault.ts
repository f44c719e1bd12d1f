import type { JsonObject } from '#decider';
import type { AppendFile } from '../append-file.js';
import { bearerOf } from '../bearer.js';
import { jsonBody } from '../body.js';
import { type Answer, type Call, type Place, type Running, startService } from '../service.js';
import { AppRole } from './approle.js';
import { type AuditLine, openAudit } from './audit.js';
import { type Ask, denied, invalid, type Operation, type Reply, seconds, unsupported, VaultRefusal } from './exchange.js';
import { KeyValue } from './kv.js';
import { Policies } from './policies.js';
import { systemAnswer } from './system.js';
import { Tables } from './tables.js';
import { hashOf, type Token, Tokens } from './tokens.js';
import { Transit } from './transit.js';
import { Wrapping } from './wrapping.js';

interface Holder {
  readonly hash: string;
  readonly token: Token;
}

/** The parts of Vault that Gatehouse uses, over Vault's HTTP API; everything is in `folder` before it is answered. */
export class Vault {
  private readonly tables: Tables;
  private readonly audit: AppendFile<AuditLine>;
  private readonly tokens: Tokens;
  private readonly policies: Policies;
  private readonly transit: Transit;
  private readonly kv: KeyValue;
  private readonly approle: AppRole;
  private readonly wrapping: Wrapping;

  constructor(
    folder: string,
    rootToken: string,
    private readonly clock: () => Date,
  ) {
    const tables = new Tables(folder);
    this.tables = tables;
    this.audit = openAudit(folder);
    this.tokens = new Tokens(tables.table('tokens'), clock);
    this.policies = new Policies(tables.table('policies'));
    this.transit = new Transit(tables.table('transit'), clock);
    this.kv = new KeyValue(tables.table('kv'), clock);
    this.approle = new AppRole(tables.table('roles'), tables.table('secret-ids'), this.tokens, clock);
    this.wrapping = new Wrapping(tables.table('wrapped'), clock);
    if (!this.tokens.find(rootToken)) {
      this.tokens.issue({ policies: ['root'], meta: {}, displayName: 'root', path: 'auth/token/root', ttlSeconds: 0, parent: null, text: rootToken });
    }
  }

  /** Every answered request but health checks, oldest first. */
  log(): readonly AuditLine[] {
    return this.audit.lines();
  }

  close(): void {
    this.tables.close();
    this.audit.close();
  }

  answer(call: Call): Answer {
    const [version, ...segments] = call.path;
    const path = segments.join('/').replace(/\/$/, '');
    if (version !== 'v1') return { status: 404, body: { errors: [] } };
    if (path === 'sys/health') return { status: 200, body: HEALTH };
    const body = jsonBody(call);
    const text = tokenOf(call);
    const found = text === undefined ? undefined : this.tokens.find(text);
    try {
      if (!body) throw invalid('error parsing JSON');
      const ask: Ask = { operation: this.operationOf(call, path), path, body };
      return this.served(ask, call.headers['x-vault-wrap-ttl'], found, text);
    } catch (error) {
      if (!(error instanceof VaultRefusal)) throw error;
      const { status, errors, data } = error;
      this.note({ operation: call.method, path, status }, found);
      return { status, body: data ? { ...envelope({ data }), errors: undefined } : { errors } };
    }
  }

  private served(ask: Ask, wrapHeader: string | string[] | undefined, holder: Holder | undefined, text: string | undefined): Answer {
    const wrapTtl = typeof wrapHeader === 'string' ? seconds(wrapHeader, 0) : 0;
    const reply = this.reply(ask, wrapTtl, holder, text);
    if (wrapTtl > 0 && reply) {
      const info = this.wrapping.wrap(reply, wrapTtl, ask.path);
      this.note({ ...ask, status: 200, wrapped: { accessor: info.accessor, ttlSeconds: wrapTtl } }, holder);
      return { status: 200, body: { ...envelope({ data: {} }), data: null, wrap_info: info } };
    }
    const issued = reply && 'auth' in reply ? { accessor: reply.auth.accessor, ttlSeconds: reply.auth.ttlSeconds, meta: reply.auth.meta } : undefined;
    this.note({ ...ask, status: reply ? 200 : 204, ...(issued && { issued }) }, holder);
    return reply ? { status: 200, body: envelope(reply) } : { status: 204 };
  }

  private reply(ask: Ask, wrapTtl: number, holder: Holder | undefined, text: string | undefined): Reply {
    const { path, body } = ask;
    if (path === 'auth/approle/login') return this.approle.login(body);
    // a wrapping token opens its answer by itself and is good for nothing else
    if (path === 'sys/wrapping/unwrap' && !holder) return this.wrapping.unwrap(text ?? '');
    if (!holder || text === undefined) throw denied();
    this.policies.demand(holder.token.policies, ask, wrapTtl);
    if (path === 'sys/wrapping/unwrap') return this.wrapping.unwrap(typeof body.token === 'string' ? body.token : '');
    if (path.startsWith('auth/token/')) return this.tokens.answer(ask, holder.hash, text);
    if (path.startsWith('auth/approle/')) return this.approle.answer(ask);
    if (path.startsWith('secret/')) return this.kv.answer(ask);
    if (path.startsWith('transit/')) return this.transit.answer(ask);
    if (path.startsWith('sys/policies/acl')) return this.policies.answer(ask);
    if (path.startsWith('sys/')) return systemAnswer(ask);
    throw new VaultRefusal(404, [`no handler for route "${path}". route entry not found.`]);
  }

  private operationOf({ method, query }: Call, path: string): Operation {
    if (method === 'GET') return query.get('list') === 'true' ? 'list' : 'read';
    if (method === 'DELETE') return 'delete';
    if (method !== 'POST' && method !== 'PUT') throw unsupported();
    // only these know whether what is written is there; for all others a write is an update
    if (path.startsWith('secret/data/')) return this.kv.exists(path) ? 'update' : 'create';
    if (path.startsWith('auth/approle/role/') && path.split('/').length === 4) return this.approle.exists(path) ? 'update' : 'create';
    return 'update';
  }

  private note(what: Pick<AuditLine, 'operation' | 'path' | 'status' | 'issued' | 'wrapped'>, holder: Holder | undefined): void {
    const { operation, path, status, issued, wrapped } = what;
    this.audit.append({
      at: this.clock().toISOString(),
      operation,
      path,
      status,
      ...(holder && { accessor: holder.token.accessor, meta: holder.token.meta }),
      ...(issued && { issued }),
      ...(wrapped && { wrapped }),
    });
  }
}

/** Serves the vault over plain HTTP on loopback. */
export function startVault(vault: Vault, place: Place): Promise<Running> {
  return startService(place, (call) => vault.answer(call));
}

const HEALTH = { initialized: true, sealed: false, standby: false, performance_standby: false, version: '1.18.0-sandbox', cluster_name: 'sandbox' };

function tokenOf(call: Call): string | undefined {
  const header = call.headers['x-vault-token'];
  return typeof header === 'string' && header !== '' ? header : bearerOf(call.headers);
}

function envelope(reply: NonNullable<Reply>): JsonObject {
  const nothing = { request_id: requestId(), lease_id: '', renewable: false, lease_duration: 0, data: null, wrap_info: null, warnings: null, auth: null };
  if ('data' in reply) return { ...nothing, data: reply.data };
  const { token, accessor, policies, meta, ttlSeconds, orphan } = reply.auth;
  const auth = {
    client_token: token,
    accessor,
    policies,
    token_policies: policies,
    metadata: meta,
    lease_duration: ttlSeconds,
    renewable: false,
    entity_id: '',
    token_type: 'service',
    orphan,
    num_uses: 0,
  };
  return { ...nothing, auth };
}

let requests = 0;
// Vault draws a UUID; one that counts up is as unique within a run and costs nothing
function requestId(): string {
  return hashOf(String(++requests)).slice(0, 22);
}
