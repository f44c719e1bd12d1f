import { createHmac } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Caller, Incoming } from './outgoing.js';
import type { SlackSecrets } from './slack.js';
import type { SlackMessage } from './slack-messages.js';

/** Where Slack sends what people press, and how. */
export interface Interactivity {
  readonly url: URL;
  readonly caller: Caller;
  readonly secrets: SlackSecrets;
  readonly clock: () => Date;
}

/** The button of a message with that action id, wherever in its blocks it stands. */
export function buttonOf(message: SlackMessage, action: string): JsonObject | undefined {
  return buttonsIn(message.blocks).find((button) => button.action_id === action);
}

function buttonsIn(value: JsonValue): readonly JsonObject[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(buttonsIn);
  if (!isJsonObject(value)) return [];
  return value.type === 'button' ? [value] : Object.values(value).flatMap(buttonsIn);
}

/** Sends what Slack sends when `user` presses a button: a form with a `payload`, signed (version 0) with the app's secret. */
export function press(to: Interactivity, user: { id: string; name: string }, message: SlackMessage, button: JsonObject): Promise<Incoming> {
  const now = to.clock();
  const payload: JsonObject = {
    type: 'block_actions',
    team: { id: to.secrets.team, domain: 'sandbox' },
    user: { id: user.id, username: user.name, name: user.name, team_id: to.secrets.team },
    api_app_id: 'A0GATEHOUSE',
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
    trigger_id: `${String(now.getTime())}.1`,
    channel: { id: message.channel, name: 'directmessage' },
    message: { type: 'message', bot_id: 'B0GATEHOUSE', ts: message.ts, text: message.text, blocks: message.blocks },
    actions: [{ ...button, action_ts: String(now.getTime() / 1000) }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', to.secrets.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return to.caller.call({
    method: 'POST',
    url: to.url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
}
