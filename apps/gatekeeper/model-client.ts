import { createHash } from 'node:crypto';
import { codeOf, isJsonObject, type JsonValue } from '#decider';
import { type Log, readSecret } from '#edge';
import { type ModelAnswer, modelPrompt, readModelAnswer } from '#intake';
import { type Answer, exchange } from '#vault';
import type { Settings } from './settings.js';

/** Where a model is asked, and by what name. */
export interface ModelPlace {
  readonly url: string;
  readonly name: string;
  readonly key?: string;
}

/** An answer of the documented shape, or why there is none. */
export type ModelReply = { readonly outcome: 'answered'; readonly answer: ModelAnswer } | { readonly outcome: 'resting' | 'unreachable' | 'refused' | 'too_long' | 'malformed' };

/** A case waits for a second opinion until the deadline, from the call to the last byte; and not at all during a rest, after a call that came to nothing. */
export const modelBounds = { deadlineMs: 5_000, longestAnswer: 64 * 1024, restMs: 30_000 };

/** SHA-256 of what every model is told beside the message, as the ledger records it. */
export const promptDigest = createHash('sha256').update(JSON.stringify(modelPrompt)).digest('hex');

/** The model that the environment names; none without a URL. @throws CodedError `configuration` for a key that cannot be read. */
export function modelPlace({ GATEHOUSE_MODEL_URL: url, GATEHOUSE_MODEL_NAME: name, GATEHOUSE_MODEL_KEY_FILE: keyFile }: Settings): ModelPlace | undefined {
  if (url === undefined || name === undefined) return undefined;
  return { url, name, ...(keyFile !== undefined && { key: readSecret('GATEHOUSE_MODEL_KEY_FILE', keyFile) }) };
}

/** Asks one OpenAI-compatible endpoint about messages. It is believed nothing: what it may say, and how long and in which form, is settled here. */
export class ModelClient {
  #restsUntil = 0;

  constructor(
    private readonly place: ModelPlace,
    private readonly clock: () => Date,
    private readonly log: Log,
    private readonly deadlineMs = modelBounds.deadlineMs,
  ) {}

  get name(): string {
    return this.place.name;
  }

  /** What the model says of a message. It is asked once, and not at all while it rests from a call that came to nothing. */
  async ask(message: string): Promise<ModelReply> {
    if (this.clock().getTime() < this.#restsUntil) return { outcome: 'resting' };
    const reply = await this.#asked(message);
    if (reply.outcome === 'unreachable' || reply.outcome === 'refused') this.#rest(reply.outcome);
    return reply;
  }

  #rest(outcome: string): void {
    const now = this.clock().getTime();
    // those that were asked at the same time say nothing new
    if (now >= this.#restsUntil) this.log('model_away', { model: this.place.name, outcome });
    this.#restsUntil = now + modelBounds.restMs;
  }

  async #asked(message: string): Promise<ModelReply> {
    const { url, name, key } = this.place;
    try {
      const answer = await exchange({
        method: 'POST',
        url: completionsOf(url),
        headers: { accept: 'application/json', 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(question(name, message)),
        timeoutMs: this.deadlineMs,
        longestAnswer: modelBounds.longestAnswer,
      });
      return replyIn(answer);
    } catch (error) {
      return { outcome: codeOf(error) === 'http_answer' ? 'too_long' : 'unreachable' };
    }
  }
}

/** The endpoint below the address that clients of this interface are configured with, or that endpoint itself. */
function completionsOf(address: string): string {
  const url = new URL(address);
  url.pathname = url.pathname.replace(/(?:\/chat\/completions)?\/*$/, '/chat/completions');
  return url.href;
}

function question(model: string, message: string) {
  return {
    model,
    stream: false,
    messages: [
      { role: 'system', content: modelPrompt.instructions },
      // as JSON, so that the message cannot say where it ends
      { role: 'user', content: JSON.stringify({ message }) },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'request', strict: true, schema: modelPrompt.schema } },
  };
}

/** A redirect is refused like any other status: it would take the message to where nobody has configured. */
function replyIn({ status, headers, text }: Answer): ModelReply {
  if (status !== 200) return { outcome: 'refused' };
  if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '')) return { outcome: 'malformed' };
  const content = contentOf(text);
  const answer = content === undefined ? undefined : readModelAnswer(content);
  return answer === undefined ? { outcome: 'malformed' } : { outcome: 'answered', answer };
}

/** What the one choice of a chat completion says; what else the endpoint tells of itself is left out. */
function contentOf(text: string): string | undefined {
  const completion = parsed(text);
  const choices = isJsonObject(completion) ? completion['choices'] : undefined;
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const [choice] = choices as readonly JsonValue[];
  const message = isJsonObject(choice) ? choice['message'] : undefined;
  return isJsonObject(message) && typeof message['content'] === 'string' ? message['content'] : undefined;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
