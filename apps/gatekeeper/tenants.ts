import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { codeOf } from '#decider';
import { assertDistinct, type Log, ProblemException } from '#edge';
import { assertDistinctReaders } from './distinct-readers.js';
import type { TenantSettings } from './settings.js';
import type { TenantRuntime } from './tenant.js';

/** Who calls: a tenant, and the person whom the token stands for. */
export interface Caller {
  readonly tenant: TenantRuntime;
  readonly requester: string;
}

const LONGEST_PAUSE_MS = 2_000;

/** The tenants of this process: each is brought up by itself, and one that cannot be does not hold up the others. */
@Injectable()
export class Tenants {
  readonly #up = new Map<string, TenantRuntime>();
  readonly #missing = new Map<string, string>();
  readonly #tokens: ReadonlyMap<string, { readonly tenant: string; readonly requester: string }>;
  #ended = false;

  /** @throws CodedError `configuration` where a token, a tenant or a system's id stands in the settings twice. */
  constructor(
    private readonly settings: readonly TenantSettings[],
    private readonly log: Log,
  ) {
    assertDistinct(settings);
    assertDistinctReaders(settings);
    this.#tokens = new Map(settings.flatMap(({ id, tokens }) => tokens.map(({ sha256, requester }) => [sha256, { tenant: id, requester }] as const)));
  }

  /** Brings every tenant up, trying again while something is away; `serve` starts what runs for it. */
  open(start: (settings: TenantSettings) => Promise<TenantRuntime>, serve: (tenant: TenantRuntime) => void): Promise<void> {
    return Promise.all(this.settings.map((settings) => this.#bringUp(settings, start, serve))).then(() => undefined);
  }

  async #bringUp(settings: TenantSettings, start: (settings: TenantSettings) => Promise<TenantRuntime>, serve: (tenant: TenantRuntime) => void): Promise<void> {
    for (let failures = 1; !this.#ended; failures += 1) {
      try {
        const tenant = await start(settings);
        this.#missing.delete(settings.id);
        this.#up.set(settings.id, tenant);
        serve(tenant);
        this.log('tenant_up', { tenant: settings.id, entries: tenant.ledger.head.seq + 1 });
        return;
      } catch (error) {
        const code = codeOf(error) ?? 'fault';
        if (this.#missing.get(settings.id) !== code) this.log('tenant_waits', { tenant: settings.id, code });
        this.#missing.set(settings.id, code);
        await delay(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures));
      }
    }
  }

  end(): void {
    this.#ended = true;
  }

  /** What keeps a tenant from working, for the readiness end point. */
  missing(): string | undefined {
    const down = this.settings.filter(({ id }) => !this.#up.has(id)).map(({ id }) => `${id}: ${this.#missing.get(id) ?? 'starting'}`);
    const troubled = [...this.#up].flatMap(([id, { ledger, policy }]) => {
      const lost = [...ledger.state.lost.keys()];
      const trouble = ledger.trouble ?? policy.fault;
      return trouble === undefined && lost.length === 0 ? [] : [`${id}: ${[trouble, ...lost].filter((word) => word !== undefined).join(', ')}`];
    });
    const all = [...down, ...troubled];
    return all.length === 0 ? undefined : all.join('; ');
  }

  get(id: string): TenantRuntime | undefined {
    return this.#up.get(id);
  }

  /** The tenant, undefined where this process has none of that name. @throws ProblemException 503 while it is not up. */
  serving(id: string): TenantRuntime | undefined {
    if (this.#up.has(id) || !this.settings.some((settings) => settings.id === id)) return this.#up.get(id);
    throw notReady();
  }

  all(): readonly TenantRuntime[] {
    return [...this.#up.values()];
  }

  /** The caller behind an Authorization header. @throws ProblemException 401, the same for an unknown tenant; 503 while it is not up. */
  caller(authorization: string | undefined): Caller {
    const [, token] = /^Bearer ([\x21-\x7e]{16,512})$/.exec(authorization ?? '') ?? [];
    const known = token === undefined ? undefined : this.#tokens.get(createHash('sha256').update(token).digest('hex'));
    if (!known) throw new ProblemException(401, 'unauthorized', 'Send "Authorization: Bearer <token>" with a token that this gatekeeper knows.');
    const tenant = this.#up.get(known.tenant);
    if (!tenant) throw notReady();
    return { tenant, requester: known.requester };
  }
}

function notReady(): ProblemException {
  return new ProblemException(503, 'not_ready', 'This tenant is not ready yet: GET /ready says what is missing.', undefined, 1);
}
