import { Refusal } from './refusal.js';

interface Job {
  /** Runs inside the transaction; returns what to answer once it is on disk. */
  run(): () => void;
  fail(error: Refusal): void;
}

/**
 * Collects the writes of one event-loop turn into one transaction, so that a disk flush is shared by all that wait for it.
 * Work must refuse (throw a Refusal) before it writes: a refusal leaves the others of its group in place.
 */
export class GroupCommit {
  #jobs: Job[] = [];
  #scheduled = false;

  constructor(
    private readonly transaction: (work: () => void) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Runs the work in the next transaction; settles only after the commit, or with store-failed when there was none. */
  submit<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({
        run: () => {
          try {
            const result = work();
            return () => resolve(result);
          } catch (error) {
            if (error instanceof Refusal) return () => reject(error);
            throw error;
          }
        },
        fail: reject,
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  /** Commits what is waiting now. */
  flush(): void {
    this.#scheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const answers: (() => void)[] = [];
    try {
      this.transaction(() => {
        for (const job of jobs) answers.push(job.run());
      });
    } catch (error) {
      const refusal = new Refusal('store-failed', `the store could not write: ${sqliteCode(error)}`, {}, { cause: error });
      for (const job of jobs) job.fail(refusal);
      this.onFailure(error);
      return;
    }
    for (const answer of answers) answer();
  }
}

/** SQLite's own code of a failure (SQLITE_FULL, SQLITE_READONLY, SQLITE_CORRUPT …), which names no content. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
