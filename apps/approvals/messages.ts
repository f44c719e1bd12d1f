import { createHash } from 'node:crypto';
import type { ApprovalView } from '#approvals';
import { codeOf } from '#decider';
import { closedMessage, requestMessage, type SlackMessage } from './message-blocks.js';
import type { MessagePlace, SlackApi } from './slack-api.js';

/** One approver's message as the gatekeeper wants it to be. */
export type WantedMessage = { readonly slackUser: string; readonly view: ApprovalView; readonly place?: MessagePlace } & (
  | { readonly kind: 'request'; readonly link: string }
  | { readonly kind: 'decided' | 'closed' }
);

interface Standing {
  readonly place: MessagePlace;
  readonly content: string;
}

const REMEMBERED = 20_000;

/** Brings messages in Slack to what is wanted: the same key twice gives one message. */
export class Messages {
  readonly #standing = new Map<string, Standing>();
  readonly #flights = new Map<string, Promise<MessagePlace>>();

  constructor(private readonly slack: Pick<SlackApi, 'post' | 'update'>) {}

  /** Posts, updates, or finds nothing to do; calls with one key happen one after the other. */
  put(key: string, wanted: WantedMessage): Promise<MessagePlace> {
    const before = this.#flights.get(key) ?? Promise.resolve();
    const flight = before.catch(() => undefined).then(() => this.#bring(key, wanted));
    this.#flights.set(key, flight);
    const landed = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.then(landed, landed);
    return flight;
  }

  async #bring(key: string, wanted: WantedMessage): Promise<MessagePlace> {
    const message = wanted.kind === 'closed' ? closedMessage(wanted.view) : requestMessage(wanted.view, wanted.kind === 'request' ? wanted.link : null);
    const content = createHash('sha256').update(JSON.stringify(message)).digest('hex');
    const known = this.#standing.get(key);
    if (known?.content === content) return known.place;
    const place = await this.#send(key, wanted, message, known?.place ?? wanted.place);
    this.#remember(key, { place, content });
    return place;
  }

  async #send(key: string, { kind, slackUser }: WantedMessage, message: SlackMessage, place: MessagePlace | undefined): Promise<MessagePlace> {
    if (!place) return this.slack.post(slackUser, message, key);
    try {
      return await this.slack.update(place, message, key);
    } catch (error) {
      if (codeOf(error) !== 'slack_message_gone') throw error;
      // a deleted message needs no news, but a question must be asked
      return kind !== 'request' ? place : this.slack.post(slackUser, message, key);
    }
  }

  #remember(key: string, standing: Standing): void {
    this.#standing.delete(key);
    this.#standing.set(key, standing);
    const [oldest] = this.#standing.keys();
    if (this.#standing.size > REMEMBERED && oldest !== undefined) this.#standing.delete(oldest);
  }
}
