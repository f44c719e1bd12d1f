import { CodedError } from '#decider';
import { ProblemException } from '#edge';

const RETRY_AFTER_SECONDS = 5;

/** One piece of work at a time, a few that wait, and a refusal for the rest. */
export class Turns {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly mostWaiting: number) {}

  /**
   * Does `work` when it is its turn.
   * @throws ProblemException 503 `busy` when too many wait already, CodedError `cancelled` when the signal came before the turn did.
   */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#busy) await this.#wait(signal);
    this.#busy = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // whoever is woken takes over without a gap that a newcomer could slip into
      if (next) next();
      else this.#busy = false;
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.mostWaiting) return Promise.reject(new ProblemException(503, 'busy', 'Recomputations are under way and waiting: ask again in a moment.', undefined, RETRY_AFTER_SECONDS));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new CodedError('cancelled', 'nobody waits for this any more'));
      };
      const turn = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
