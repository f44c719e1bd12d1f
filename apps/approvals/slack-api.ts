import { type App, type types, webApi } from '@slack/bolt';
import { CodedError } from '#decider';
import type { SlackMessage } from './message-blocks.js';

/** Where a message stands in Slack. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** Slack does not take a message now; try again after `retryAfterSeconds`. */
export class SlackAway extends CodedError<'slack_unreachable' | 'slack_throttled' | 'slack_refused'> {
  constructor(code: SlackAway['code'], message: string, readonly retryAfterSeconds: number) {
    super(code, message);
  }
}

const RETRY_SECONDS = 5;

/** The few calls of Slack's Web API that messages need. Every failure is a `SlackAway`, but for what `update` says. */
export class SlackApi {
  constructor(
    private readonly client: App['client'],
    private readonly token: string,
  ) {}

  /** Posts to a user's direct channel; `key` travels in the message's metadata, so that it can be told from others. */
  async post(user: string, message: SlackMessage, key: string): Promise<MessagePlace> {
    const opened = await this.#asked(this.client.conversations.open({ token: this.token, users: user }));
    const channel = opened.channel?.id;
    if (channel === undefined) throw new SlackAway('slack_refused', 'Slack opened no channel', RETRY_SECONDS);
    const posted = await this.#asked(
      this.client.chat.postMessage({ token: this.token, channel, ...this.#inert(message, key), unfurl_links: false, unfurl_media: false }),
    );
    return placeOf(posted);
  }

  /** Replaces a message. @throws CodedError `slack_message_gone` where it was deleted. */
  async update({ channel, ts }: MessagePlace, message: SlackMessage, key: string): Promise<MessagePlace> {
    return placeOf(await this.#asked(this.client.chat.update({ token: this.token, channel, ts, ...this.#inert(message, key) })));
  }

  /** What is missing, or undefined when Slack takes our token in `team`. */
  async missing(team: string): Promise<string | undefined> {
    const { team_id } = await this.#asked(this.client.auth.test({ token: this.token }));
    return team_id === team ? undefined : 'the token is of another workspace';
  }

  #inert({ text, blocks }: SlackMessage, key: string): { text: string; blocks: types.KnownBlock[]; parse: 'none'; link_names: false; metadata: types.MessageMetadata } {
    return { text, blocks, parse: 'none', link_names: false, metadata: { event_type: 'gatehouse_approval', event_payload: { key } } };
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw failure(error);
    }
  }
}

// the client's errors carry requests and answers; only the kind goes on
function failure(error: unknown): CodedError {
  if (error instanceof webApi.WebAPIRateLimitedError) return new SlackAway('slack_throttled', 'Slack asks to slow down', Math.max(1, error.retryAfter));
  if (error instanceof webApi.WebAPIPlatformError) {
    const { error: name } = error.data;
    if (name === 'message_not_found' || name === 'cant_update_message') return new CodedError('slack_message_gone', 'the message is no longer there');
    return new SlackAway('slack_refused', `Slack refused: ${/^[a-z_]{1,60}$/.test(name) ? name : 'unknown'}`, RETRY_SECONDS);
  }
  return new SlackAway('slack_unreachable', 'Slack does not answer as it should', RETRY_SECONDS);
}

function placeOf({ channel, ts }: { readonly channel?: string; readonly ts?: string }): MessagePlace {
  if (channel === undefined || ts === undefined) throw new SlackAway('slack_refused', 'Slack did not say where the message stands', RETRY_SECONDS);
  return { channel, ts };
}
