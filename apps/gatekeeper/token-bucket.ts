/** How many at once, and how many a second from then on; both whole and at least 1. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a source had left at a time. */
export interface Bucket {
  /** In thousandths of a token, so that every sum is of whole numbers. */
  readonly thousandths: number;
  /** Milliseconds. */
  readonly at: number;
}

/** What is left after one was asked for, and where there was none, after how many seconds there will be one. */
export interface Taken {
  readonly bucket: Bucket;
  readonly retryAfterSeconds: number | null;
}

const TOKEN = 1_000;

/**
 * Takes one token out of a bucket that fills while time passes; pure.
 * In any span of `s` seconds at most `burst + s * perSecond` are given. A clock that is set back fills nothing.
 * @param bucket - as the last call left it; undefined for a source that was never seen, whose bucket is full.
 * @param now - milliseconds, whole.
 */
export function takeToken(bucket: Bucket | undefined, { burst, perSecond }: RateLimit, now: number): Taken {
  const { thousandths, at } = bucket ?? { thousandths: burst * TOKEN, at: now };
  const filled = Math.min(burst * TOKEN, thousandths + Math.max(0, now - at) * perSecond);
  if (filled >= TOKEN) return { bucket: { thousandths: filled - TOKEN, at: now }, retryAfterSeconds: null };
  return { bucket: { thousandths: filled, at: now }, retryAfterSeconds: Math.ceil((TOKEN - filled) / (perSecond * TOKEN)) };
}
