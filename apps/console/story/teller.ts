import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '#decider';

/** Tells a story line by line, and ends it at the first thing that is not as the story goes. */
export class Teller {
  constructor(private readonly write: (line: string) => void) {}

  chapter(number: number, title: string): void {
    this.write(`\n${String(number)}. ${title}`);
  }

  say(line: string): void {
    this.write(`   ${line}`);
  }

  /** @throws CodedError `deviation` naming what differed. */
  expect(what: string, actual: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(actual, expected)) throw new CodedError('deviation', `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }

  /** @throws CodedError `deviation` with what was seen. */
  check(what: string, holds: boolean, seen: unknown): void {
    if (!holds) throw new CodedError('deviation', `${what}; seen: ${JSON.stringify(seen)}`);
  }

  /** Asks until the answer is there. @throws CodedError `deviation` when it does not come in time. */
  async until<T>(what: string, probe: () => Promise<T | undefined>, seconds = 20): Promise<T> {
    const giveUpAt = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await probe();
      if (answer !== undefined) return answer;
      if (Date.now() > giveUpAt) throw new CodedError('deviation', `${what}: not seen within ${String(seconds)} s`);
      await delay(25);
    }
  }
}
