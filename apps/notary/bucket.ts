import { CodedError } from '#decider';
import { exchange } from '#vault';
import { type AwsKey, awsSigned } from './aws-signature.js';
import type { Recipient } from './hand-over.js';
import type { SignedHead } from './signed-heads.js';

/** An S3-style bucket as it is configured: `url` names it, with a prefix where wanted. */
export interface BucketAt {
  readonly url: string;
  readonly region: string;
  readonly key: AwsKey;
  readonly ca?: string;
}

const TIMEOUT_MS = 10_000;

/**
 * A bucket that takes the checkpoints of one book: `<folder>/<size>` each by its size, again when it was cosigned, and `<folder>/checkpoint`
 * the last one. Nothing is read back, so a key that may put and do nothing else is enough.
 */
export class Bucket implements Recipient {
  #last = 0;

  constructor(
    private readonly at: BucketAt,
    private readonly folder: string,
    private readonly clock: () => Date,
  ) {}

  get name(): string {
    return new URL(this.at.url).host;
  }

  /** @throws CodedError `bucket_refused`, `bucket_away`, and of `exchange`. */
  async take({ size, note }: SignedHead): Promise<void> {
    // in the order of their numbers also where a bucket is listed by name
    await this.#put(String(size).padStart(15, '0'), note);
    if (size < this.#last) return;
    await this.#put('checkpoint', note);
    this.#last = size;
  }

  async #put(name: string, body: string): Promise<void> {
    const url = new URL(`${this.at.url.replace(/\/$/, '')}/${this.folder}/${name}`);
    const headers = awsSigned({ method: 'PUT', url, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }, this.at.key, this.at.region, this.clock());
    const { status } = await exchange({ method: 'PUT', url: url.href, headers, body, ...(this.at.ca !== undefined && { ca: this.at.ca }), timeoutMs: TIMEOUT_MS });
    if (status >= 200 && status < 300) return;
    const passing = status === 429 || status >= 500;
    throw new CodedError(passing ? 'bucket_away' : 'bucket_refused', `${this.name} answered ${status}`);
  }
}
