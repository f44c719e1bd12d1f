import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import type { SignedHead } from './signed-heads.js';

/** Somebody outside who takes signed heads: a witness, or a bucket. */
export interface Recipient {
  readonly name: string;
  /** @throws CodedError with a code in `REFUSALS` where this head will never be taken; all else may be tried again. */
  take(head: SignedHead, signal: AbortSignal): Promise<void>;
}

/** How handing over fares: nothing, or why it does not, in a code. */
export interface HandOverReport {
  readonly to: string;
  /** Heads that it has not taken yet, and whether it is being tried: after the last try it is left alone until the next head. */
  readonly waiting: number;
  readonly trying: boolean;
  readonly trouble: string | null;
}

/** Answers that another try would not change. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(['witness_refused', 'witness_ahead', 'cosignature_missing', 'cosignature_wrong', 'note_malformed', 'bucket_refused']);
const MOST_WAITING = 64;
/** Seconds before each further try; after the last one the next head begins anew. */
const PAUSES_SECONDS: readonly number[] = [1, 2, 4, 8, 15, 30, 60];

/** Hands signed heads to one recipient in their order, beside the signing and never in its way: an outage is tried again with a bound, and told once. */
export class HandOver {
  #waiting: readonly SignedHead[] = [];
  #working = false;
  /** Whether a head came since the tries began. */
  #renewed = false;
  #trouble: string | undefined;

  constructor(
    private readonly recipient: Recipient,
    private readonly log: (event: string, facts: Parameters<Log>[1]) => void,
    private readonly signal: AbortSignal,
    private readonly pausesSeconds: readonly number[] = PAUSES_SECONDS,
  ) {}

  get report(): HandOverReport {
    return { to: this.recipient.name, waiting: this.#waiting.length, trying: this.#working, trouble: this.#trouble ?? null };
  }

  /** Takes a head to be handed over; where too many wait the oldest is left out, since every later one covers it. */
  offer(head: SignedHead): void {
    this.#waiting = [...this.#waiting, head].slice(-MOST_WAITING);
    this.#renewed = true;
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let failures = 0; !this.signal.aborted; ) {
      const [head] = this.#waiting;
      if (!head) break;
      if (failures === 0) this.#renewed = false;
      const code = await this.#try(head);
      if (code === undefined || REFUSALS.has(code)) {
        failures = 0;
        this.#waiting = this.#waiting.filter((one) => one !== head);
        continue;
      }
      const pause = this.pausesSeconds[failures];
      if (pause === undefined && !this.#renewed) break;
      failures = pause === undefined ? 0 : failures + 1;
      await delay((pause ?? 0) * 1_000, undefined, { signal: this.signal }).catch(() => undefined);
    }
    this.#working = false;
  }

  /** The code of what went wrong; undefined when the head was taken. */
  async #try(head: SignedHead): Promise<string | undefined> {
    const to = this.recipient.name;
    try {
      await this.recipient.take(head, this.signal);
      if (this.#trouble !== undefined) this.log('handed_over_again', { to, size: head.size });
      this.#trouble = undefined;
      return undefined;
    } catch (error) {
      const code = codeOf(error) ?? 'fault';
      // an outage is told once and not once a try
      if (this.#trouble !== code && !this.signal.aborted) this.log('not_handed_over', { to, size: head.size, code });
      this.#trouble = code;
      return code;
    }
  }
}
