import { Injectable } from '@nestjs/common';
import { ProblemException } from '#edge';
import { type Bucket, type RateLimit, takeToken } from './token-bucket.js';

/** Where something can be asked of this gatekeeper. Each has buckets of its own, so that a flood of requests holds up no reinstating. */
export type IntakeEdge = 'requests' | 'cases' | 'erasures' | 'channels' | 'evaluations';

/** Far more than the sources in any settings; whoever was quiet for longest is forgotten first, and begins with a full bucket. */
const MOST_SOURCES = 10_000;

/** How much each source may ask: a bucket for each edge, tenant, and requester or ticket system. */
@Injectable()
export class IntakeLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly limit: RateLimit,
    private readonly clock: () => Date,
    private readonly mostSources = MOST_SOURCES,
  ) {}

  /**
   * Counts one call of a source that is known to be who it says.
   * @param status - what makes this source send it again.
   * @throws ProblemException `too_many_requests` with that status and Retry-After.
   */
  admit(edge: IntakeEdge, tenant: string, source: string, status: 429 | 503 = 429): void {
    const key = `${edge}/${tenant}/${source}`;
    const { bucket, retryAfterSeconds } = takeToken(this.#buckets.get(key), this.limit, this.clock().getTime());
    this.#keep(key, bucket);
    if (retryAfterSeconds === null) return;
    const { burst, perSecond } = this.limit;
    throw new ProblemException(status, 'too_many_requests', `Nothing was accepted: one source may send ${burst} at once and ${perSecond} a second. Send it again after the seconds in Retry-After, with the same Idempotency-Key.`, undefined, retryAfterSeconds);
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [quietest] = this.#buckets.keys();
    if (this.#buckets.size > this.mostSources && quietest !== undefined) this.#buckets.delete(quietest);
  }
}
