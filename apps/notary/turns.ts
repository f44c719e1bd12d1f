import { CodedError } from '#decider';

/** One piece of work at a time, a few that wait, and a refusal for the rest. */
export class Turns {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly mostWaiting: number) {}

  /**
   * Does `work` when it is its turn.
   * @throws CodedError `busy` when too many wait already, `cancelled` when the signal came before the turn did.
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
    if (this.#waiting.length >= this.mostWaiting) return Promise.reject(new CodedError('busy', 'too many wait already'));
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
