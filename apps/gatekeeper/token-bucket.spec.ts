import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, type RateLimit, takeToken } from './token-bucket.js';

const limits = fc.record({ burst: fc.integer({ min: 1, max: 20 }), perSecond: fc.integer({ min: 1, max: 50 }) });
const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 });

/** The times at which one source that asks after each of these pauses is let through. */
function through(limit: RateLimit, pausesMs: readonly number[]): readonly number[] {
  let bucket: Bucket | undefined;
  let now = 1_790_000_000_000;
  return pausesMs.flatMap((pause) => {
    now += pause;
    const taken = takeToken(bucket, limit, now);
    bucket = taken.bucket;
    return taken.retryAfterSeconds === null ? [now] : [];
  });
}

it('gives a burst at once, and then as many a second as it says', () => {
  expect(through({ burst: 3, perSecond: 2 }, [0, 0, 0, 0, 499, 1, 0, 1_000, 0, 0])).toHaveLength(6);
});

it('gives no more in any span than burst and rate allow', () => {
  fc.assert(
    fc.property(limits, pauses, (limit, asked) => {
      const times = through(limit, asked);
      for (const [first, from] of times.entries())
        for (const [last, to] of times.entries()) if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(limit.burst + ((to - from) * limit.perSecond) / 1_000);
    }),
  );
});

it('gives one to whoever waits as long as they are told, and told less they would wait in vain', () => {
  fc.assert(
    fc.property(limits, fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 10_000 }), (limit, thousandths, at) => {
      const refused = takeToken({ thousandths, at }, limit, at);
      const seconds = refused.retryAfterSeconds ?? 0;
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(takeToken(refused.bucket, limit, at + seconds * 1_000).retryAfterSeconds).toBeNull();
      if (seconds > 1) expect(takeToken(refused.bucket, limit, at + (seconds - 1) * 1_000).retryAfterSeconds).not.toBeNull();
    }),
  );
});

it('is not filled by a clock that is set back, and goes on from there', () => {
  const limit = { burst: 1, perSecond: 1 };
  const { bucket } = takeToken(undefined, limit, 10_000_000);
  const back = takeToken(bucket, limit, 1_000_000);
  expect(back.retryAfterSeconds).toBe(1);
  expect(takeToken(back.bucket, limit, 1_001_000).retryAfterSeconds).toBeNull();
});
