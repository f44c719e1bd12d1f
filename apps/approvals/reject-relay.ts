import { codeOf } from '#decider';
import { type Log, ProblemException } from '#edge';
import type { Gatekeeper, RawSlackRequest } from './gatekeeper.js';

/** Waits, or rejects when `signal` ends the process. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
// the signature is fresh for 300 seconds, and the last try needs time too
const GIVE_UP_MS = 280_000;

/** Hands Slack's rejections to the gatekeeper, again and again while it is away and the signature is fresh. */
export class RejectRelay {
  readonly #ended = new AbortController();
  readonly #open = new Set<Promise<void>>();

  constructor(
    private readonly gatekeeper: Gatekeeper,
    private readonly around: { readonly clock: () => Date; readonly pause: Pause; readonly log: Log },
  ) {}

  /** Takes one request; what comes of it is logged, and shown by the message that the gatekeeper then updates. */
  take(request: RawSlackRequest): void {
    const handing = this.#hand(request).finally(() => this.#open.delete(handing));
    this.#open.add(handing);
  }

  /** Ends the waiting; a rejection that the gatekeeper never got is logged as lost, and its button still works. */
  async end(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#open);
  }

  async #hand(request: RawSlackRequest): Promise<void> {
    const { pause, log } = this.around;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const failed = await this.#try(request);
      if (failed === undefined) return;
      if (this.#late(request, wait) || this.#ended.signal.aborted) {
        log('slack_action_lost', { code: failed });
        return;
      }
      await pause(wait, this.#ended.signal).catch(() => undefined);
    }
  }

  /** The code of a failure that another try could mend. */
  async #try(request: RawSlackRequest): Promise<string | undefined> {
    try {
      await this.gatekeeper.slackAction(request);
      this.around.log('slack_action_handed_on');
    } catch (error) {
      if (!(error instanceof ProblemException)) return codeOf(error) ?? 'unknown';
      this.around.log('slack_action_refused', { code: error.code });
    }
    return undefined;
  }

  #late({ timestamp }: RawSlackRequest, wait: number): boolean {
    return this.around.clock().getTime() - Number(timestamp) * 1000 + wait > GIVE_UP_MS;
  }
}
