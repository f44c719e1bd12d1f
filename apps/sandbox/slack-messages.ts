import { join } from 'node:path';
import type { JsonValue } from '#decider';
import { AppendFile } from './append-file.js';

/** A message as it stands now. */
export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly JsonValue[];
  readonly updates: number;
}

/** What was posted and updated, by channel and time; on disk before it is acknowledged. */
export class SlackMessages {
  private readonly messages = new Map<string, SlackMessage>();
  private readonly file: AppendFile<SlackMessage>;
  private last = 0;

  constructor(
    folder: string,
    private readonly clock: () => Date,
  ) {
    this.file = AppendFile.open<SlackMessage>(join(folder, 'slack.jsonl'), (message) => {
      this.messages.set(keyOf(message.channel, message.ts), message);
      this.last = Math.max(this.last, Math.round(Number(message.ts) * 1e6));
    });
  }

  get(channel: string, ts: string): SlackMessage | undefined {
    return this.messages.get(keyOf(channel, ts));
  }

  inChannel(channel: string): readonly SlackMessage[] {
    return [...this.messages.values()].filter((message) => message.channel === channel);
  }

  all(): readonly SlackMessage[] {
    return [...this.messages.values()];
  }

  post(channel: string, text: string, blocks: readonly JsonValue[]): SlackMessage {
    // a message's time is its name in the channel, so no two may share one
    this.last = Math.max(this.last + 1, this.clock().getTime() * 1000);
    const ts = `${String(Math.floor(this.last / 1e6))}.${String(this.last % 1e6).padStart(6, '0')}`;
    return this.keep({ channel, ts, text, blocks, updates: 0 });
  }

  update(message: SlackMessage, text: string, blocks: readonly JsonValue[]): SlackMessage {
    return this.keep({ ...message, text, blocks, updates: message.updates + 1 });
  }

  close(): void {
    this.file.close();
  }

  private keep(message: SlackMessage): SlackMessage {
    this.file.append(message);
    this.messages.set(keyOf(message.channel, message.ts), message);
    return message;
  }
}

function keyOf(channel: string, ts: string): string {
  return `${channel} ${ts}`;
}
