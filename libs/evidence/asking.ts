import type { Instant } from '#decider';
import { PortalError } from '#portals';
import type { Finding } from './finding.js';

/** One question put to one source; `query` is its kind and holds nothing personal. */
export type Asked = Readonly<{ source: string; query: string; at: Instant; answered: boolean }>;

/** Puts questions, and keeps which of them were answered and when. */
export class Asking {
  private readonly log: Asked[] = [];

  constructor(private readonly now: () => Date) {}

  /** What `source` says, or undefined when it is down, refuses or talks nonsense. Any other error is ours and is thrown on. */
  async ask<T>(source: string, query: string, question: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await question();
      this.keep(source, query, true);
      return answer;
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      this.keep(source, query, false);
      return undefined;
    }
  }

  /** Whether every question to `source` was answered, and there was one. */
  isKnown(source: string): boolean {
    const asked = this.asked().filter((one) => one.source === source);
    return asked.length > 0 && asked.every(({ answered }) => answered);
  }

  /** In a fixed order, whatever order the answers came in. */
  asked(): readonly Asked[] {
    return this.log.toSorted((a, b) => (`${a.source} ${a.query}` < `${b.source} ${b.query}` ? -1 : 1));
  }

  /** All questions to `source` in one: their kinds, the time of the last, and whether each was answered; undefined where there was none. */
  questioned(source: string): Asked | undefined {
    const asked = this.asked().filter((one) => one.source === source);
    const [last] = asked.map(({ at }) => at).toSorted().toReversed();
    return last === undefined ? undefined : { source, query: [...new Set(asked.map(({ query }) => query))].join('+'), at: last, answered: this.isKnown(source) };
  }

  /** A finding for each source that left a question open. */
  silent(): readonly Finding[] {
    return this.asked().flatMap(({ source, at, answered }) => (answered ? [] : [{ code: `source_unknown:${source}` as const, source, at }]));
  }

  private keep(source: string, query: string, answered: boolean): void {
    this.log.push({ source, query, at: this.now().toISOString(), answered });
  }
}
