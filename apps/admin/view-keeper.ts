import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import { type Entry, type EventStore, followBook, type Head } from '#ledger';
import type { Followed, Views } from '#views';

const BATCH = 256;
/** How long what arrives is gathered: a transaction costs more than what it holds. */
const GATHER_MS = 40;
const PAUSE_MS = 1_000;
/** The ledger no longer fits what the views were built from: a person must look before anybody believes either. */
const FOR_A_PERSON = new Set(['store_behind', 'not_canonical', 'entry_shape', 'row_mismatch', 'seq_gap', 'prev_mismatch', 'tenant_mismatch', 'incarnation_mismatch', 'reopening_malformed', 'time_backwards']);

/** Keeps the views of one tenant level with its ledger. */
export class ViewKeeper {
  #head: Head;
  #batch: Followed[] = [];
  #flushing: Promise<void> | undefined;
  #trouble: string | undefined = 'starting';
  readonly #ended = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    private readonly tenant: string,
    private readonly views: Views,
    private readonly log: Log,
  ) {
    this.#head = views.position();
  }

  /** Why the views may be behind; undefined while they follow the ledger. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running = this.#keep();
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    this.views.close();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        const code = codeOf(error) ?? 'fault';
        this.#trouble = code;
        this.log('views_interrupted', { tenant: this.tenant, code });
        if (FOR_A_PERSON.has(code)) return;
      }
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #follow(ended: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const failures: unknown[] = [];
    this.#head = this.views.position();
    this.#batch = [];
    await followBook({
      store: this.store,
      stream: `ledger-${this.tenant}`,
      tenant: this.tenant,
      head: () => this.#head,
      take: (entry, head) => this.#take(entry, head, (error) => {
        failures.push(error);
        failed.abort();
      }),
      heard: (fault) => (this.#trouble = fault),
      signal: AbortSignal.any([ended, failed.signal]),
    });
    await this.#flushing;
    if (failures.length > 0) throw failures[0];
  }

  /** What arrives together is applied together; a full batch holds the stream back, so that readers get their turn. */
  #take(entry: Entry, head: Head, failed: (error: unknown) => void): Promise<void> | void {
    this.#head = head;
    this.#batch.push({ entry, head });
    this.#flushing ??= delay(GATHER_MS).then(() => {
      this.#flushing = undefined;
      try {
        this.views.apply(this.#batch.splice(0));
      } catch (error) {
        failed(error);
      }
    });
    return this.#batch.length >= BATCH ? this.#flushing : undefined;
  }
}
