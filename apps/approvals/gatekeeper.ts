import { createHash } from 'node:crypto';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { challengeFor, type LinkPage, shortCode, type VoteReceipt } from '#approvals';
import { CodedError, codeOf } from '#decider';
import { ProblemException } from '#edge';
import type { Answer, Call } from './http-call.js';
import { DecidedDto, LinkPageDto, RefusalDto } from './view.dto.js';

/** What a person decided on the page. */
export type PageVote = { readonly vote: 'approve'; readonly assertion: unknown } | { readonly vote: 'reject'; readonly reason?: string };

/** What became of it: the request's outcome after this vote, and where the vote stands in the ledger. */
export interface Decided {
  readonly outcome: string;
  readonly receipt: VoteReceipt;
}

/** A request from Slack as it was received. */
export interface RawSlackRequest {
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

/**
 * The gatekeeper, which decides: it is shown proofs and tells what to show.
 * Each call throws ProblemException with the gatekeeper's own status, code and words where it refuses,
 * and CodedError `gatekeeper_unreachable` | `gatekeeper_answer`.
 */
export class Gatekeeper {
  constructor(private readonly call: Call) {}

  /** What stands behind a link. */
  async page(token: string): Promise<LinkPage> {
    const page = read(LinkPageDto, await this.#send('GET', `/internal/v1/links/${token}`));
    assertCoherent(page);
    return page;
  }

  /** Hands a decision back. */
  async decide(token: string, vote: PageVote): Promise<Decided> {
    return read(DecidedDto, await this.#send('POST', `/internal/v1/links/${token}/decision`, vote));
  }

  /** Asks for a new link in place of an expired one; it goes to the approver's own Slack. */
  async renewLink(token: string): Promise<void> {
    await this.#send('POST', `/internal/v1/links/${token}/renewal`);
  }

  /** Hands a press of a Slack button on, as Slack signed it. */
  async slackAction({ timestamp, signature, body }: RawSlackRequest): Promise<void> {
    await this.#send('POST', '/internal/v1/slack-actions', { headers: { timestamp, signature }, body });
  }

  /** Undefined when the gatekeeper lives. */
  async missing(): Promise<string | undefined> {
    const { status } = await this.call('/health', { method: 'GET' });
    return status === 200 ? undefined : 'does not answer';
  }

  async #send(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    // the cause is left out: its text may hold the path, and so the token
    const answer = await this.call(path, { method, ...json }).catch(() => {
      throw new CodedError('gatekeeper_unreachable', 'the gatekeeper did not answer');
    });
    if (answer.status === 200 || answer.status === 202) return answer;
    if (answer.status >= 500) throw new CodedError('gatekeeper_unreachable', `the gatekeeper answered ${answer.status}`);
    const { code, detail } = read(RefusalDto, answer);
    throw new ProblemException(answer.status, code, detail);
  }
}

function read<T extends object>(Shape: new () => T, answer: Answer): T {
  let plain: unknown;
  try {
    plain = JSON.parse(answer.body);
  } catch {
    throw new CodedError('gatekeeper_answer', 'the gatekeeper did not answer with JSON');
  }
  const instance = plainToInstance(Shape, plain);
  const [error] = typeof plain === 'object' && plain !== null ? validateSync(instance, { whitelist: true }) : [undefined];
  if (error || typeof plain !== 'object' || plain === null)
    throw new CodedError('gatekeeper_answer', `the gatekeeper's answer is not as agreed${error ? `: ${error.property}` : ''}`);
  return instance;
}

/** Nobody is asked to sign what differs from what they are shown. */
function assertCoherent({ view, options }: LinkPage): void {
  try {
    const digest = createHash('sha256').update(view.canonical, 'utf8').digest('hex');
    const challenge = challengeFor(options.nonce, view.canonical);
    if (options.challenge === challenge && view.digest === digest && view.shortCode === shortCode(digest)) return;
  } catch (cause) {
    if (codeOf(cause) === undefined) throw cause;
  }
  throw new CodedError('gatekeeper_answer', 'the challenge is not over the text that is shown');
}
