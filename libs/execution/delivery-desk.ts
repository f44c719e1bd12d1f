import { codeOf } from '#decider';
import { sha256Hex } from '#ledger';
import { decodeDelivery, type PacketKeys, toBase64url, verifyPacket } from '#packet';
import type { ExecutionRunner, Journal } from './execution-runner.js';
import type { RejectionsSummarised, SignatureRejected } from './journal-events.js';
import { admitRejection, type RejectionWindow, summaryDue, summaryOf } from './rejection-limit.js';

/** Takes what arrives for one tenant: verifies before anything is parsed deeper, and answers when the verdict is journaled. */
export class DeliveryDesk {
  #window: RejectionWindow | undefined;

  constructor(
    private readonly options: {
      readonly keys: PacketKeys;
      readonly journal: Journal;
      readonly runner: Pick<ExecutionRunner, 'receive'>;
      readonly clock: () => Date;
    },
  ) {}

  /** The same answer for accepted and rejected; `unavailable` when the journal did not take the verdict. */
  async take(source: string, body: Uint8Array): Promise<'journaled' | 'unavailable'> {
    try {
      await this.#judge(source, body);
      return 'journaled';
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      return 'unavailable';
    }
  }

  async #judge(source: string, body: Uint8Array): Promise<void> {
    const { keys, runner } = this.options;
    const delivery = decodeDelivery(body);
    if (!delivery) return this.#reject({ reason: 'delivery', digest: sha256Hex(body), source });
    const verdict = verifyPacket(delivery.signed, keys);
    if ('rejected' in verdict) return this.#reject({ reason: verdict.rejected, digest: verdict.digest, source });
    const { accepted: packet, digest } = verdict;
    const bytes = toBase64url(delivery.signed.bytes);
    await runner.receive({ do: 'receive', packet, digest, bytes, source, grants: [...delivery.grants.keys()] }, delivery.grants);
  }

  async #reject(rejected: SignatureRejected): Promise<void> {
    const { window, single, summary } = admitRejection(this.#window, this.#now());
    this.#window = window;
    await Promise.all([this.#summarise(summary), single ? this.options.journal.commit({ do: 'reject', rejected }) : undefined]);
  }

  /** Writes the summary of a flood that is over; asked now and then, since no further rejection may come. */
  async tidy(): Promise<void> {
    const summary = this.#window && summaryDue(this.#window, this.#now());
    if (summary) this.#window = undefined;
    await this.#summarise(summary);
  }

  /** Writes what is still only counted. */
  async end(): Promise<void> {
    const summary = this.#window && summaryOf(this.#window, this.#now());
    this.#window = undefined;
    await this.#summarise(summary);
  }

  async #summarise(summary: RejectionsSummarised | undefined): Promise<void> {
    if (summary) await this.options.journal.commit({ do: 'summarise', summary });
  }

  #now(): string {
    return this.options.clock().toISOString();
  }
}
