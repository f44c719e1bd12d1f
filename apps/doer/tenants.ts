import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import type { TenantSettings } from './settings.js';
import type { TenantRuntime } from './tenant.js';

const AGAIN_MS = 1_000;
const TIDY_MS = 10_000;

/** The tenants of this process: each opens its journal by itself, and one that cannot does not hold up the others. */
export class Tenants {
  readonly #up = new Map<string, TenantRuntime>();
  readonly #missing = new Map<string, string>();
  #tidying: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: readonly TenantSettings[],
    private readonly stopping: AbortSignal,
    private readonly log: Log,
  ) {}

  /** Opens every journal, again and again while the store is away, and resumes what it left open. */
  async open(start: (settings: TenantSettings) => Promise<TenantRuntime>): Promise<void> {
    this.#tidying = setInterval(() => void this.#tidy(), TIDY_MS);
    await Promise.all(this.settings.map((one) => this.#bringUp(one, start)));
  }

  async #bringUp(settings: TenantSettings, start: (settings: TenantSettings) => Promise<TenantRuntime>): Promise<void> {
    const { id: tenant } = settings;
    while (!this.stopping.aborted) {
      try {
        const runtime = await start(settings);
        this.#missing.delete(tenant);
        this.#up.set(tenant, runtime);
        void runtime.journal.follow().then(() => runtime.journal.stopped && this.log('tenant_stopped', { tenant, code: runtime.journal.trouble ?? 'fault' }));
        runtime.runner.resume();
        this.log('tenant_up', { tenant, entries: runtime.journal.head.seq + 1 });
        return;
      } catch (error) {
        const code = codeOf(error) ?? 'fault';
        if (this.#missing.get(tenant) !== code) this.log('tenant_waits', { tenant, code });
        this.#missing.set(tenant, code);
        await delay(AGAIN_MS, undefined, { signal: this.stopping }).catch(() => undefined);
      }
    }
  }

  /** Hands one delivery to its tenant's desk. */
  async take(tenant: string, source: string, body: Uint8Array): Promise<'journaled' | 'unavailable'> {
    try {
      return (await this.#up.get(tenant)?.desk.take(source, body)) ?? 'unavailable';
    } catch (error) {
      this.log('fault', { tenant, code: error instanceof Error ? error.name : 'unknown' });
      return 'unavailable';
    }
  }

  /** What keeps a tenant from working, for the readiness end point. */
  missing(): string | undefined {
    const troubles = this.settings.flatMap(({ id }) => {
      const trouble = this.#up.has(id) ? this.#up.get(id)?.journal.trouble : (this.#missing.get(id) ?? 'starting');
      return trouble === undefined ? [] : [`${id}: ${trouble}`];
    });
    return troubles.length === 0 ? undefined : troubles.join('; ');
  }

  /** Ends each tenant in order: leases back, counts written, journal closed. */
  async end(): Promise<void> {
    clearInterval(this.#tidying);
    await Promise.all(
      [...this.#up.values()].map(async ({ runner, desk, journal }) => {
        await runner.end();
        await desk.end().catch((error: unknown) => this.log('ending_failed', { code: codeOf(error) ?? 'fault' }));
        await journal.close();
      }),
    );
  }

  async #tidy(): Promise<void> {
    for (const { desk } of this.#up.values()) await desk.tidy().catch((error: unknown) => this.log('tidy_failed', { code: codeOf(error) ?? 'fault' }));
  }
}
