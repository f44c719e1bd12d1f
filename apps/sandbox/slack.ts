import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { bearerOf } from './bearer.js';
import { jsonBody } from './body.js';
import type { Answer, Call, Place, Running } from './service.js';
import { startService } from './service.js';
import type { SlackMessages } from './slack-messages.js';
import type { Company } from './state.js';

export interface SlackSecrets {
  readonly botToken: string;
  readonly signingSecret: string;
  /** The workspace's id, e.g. `T0ACME`. */
  readonly team: string;
}

const BOT = { user: 'U0GATEHOUSE', bot: 'B0GATEHOUSE', name: 'gatehouse' };

/** Slack's Web API under `/api`, as far as an app that writes to people needs it; a person is `U<employee number>`. */
export function startSlack(company: Company, messages: SlackMessages, secrets: SlackSecrets, place: Place): Promise<Running> {
  return startService(place, (call): Answer => {
    const [api, method, ...more] = call.path;
    if (api !== 'api' || method === undefined || more.length > 0) return { status: 404, body: { ok: false, error: 'not_found' } };
    const input = inputOf(call);
    const token = bearerOf(call.headers) ?? text(input.token);
    const error = token === undefined ? 'not_authed' : token === secrets.botToken ? undefined : 'invalid_auth';
    // Slack says what went wrong in the body; the status stays 200
    return { status: 200, body: error === undefined ? answer(method, input, { company, messages, secrets }) : { ok: false, error } };
  });
}

interface Workspace {
  readonly company: Company;
  readonly messages: SlackMessages;
  readonly secrets: SlackSecrets;
}

function answer(method: string, input: JsonObject, { company, messages, secrets }: Workspace): JsonObject {
  switch (method) {
    case 'auth.test':
      return { ok: true, url: 'https://sandbox.slack.invalid/', team: 'Sandbox', user: BOT.name, team_id: secrets.team, user_id: BOT.user, bot_id: BOT.bot };
    case 'users.info':
      return userInfo(company, text(input.user) ?? '', secrets.team);
    case 'conversations.open': {
      const user = text(input.users) ?? '';
      return employeeOf(company, user) ? { ok: true, channel: { id: channelOf(user) } } : { ok: false, error: 'user_not_found' };
    }
    case 'chat.postMessage': {
      // a person's id stands for the conversation with them
      const wanted = text(input.channel) ?? '';
      const channel = wanted.startsWith('U') ? channelOf(wanted) : wanted;
      if (!employeeOf(company, channel)) return { ok: false, error: 'channel_not_found' };
      if (text(input.text) === undefined && blocksOf(input).length === 0) return { ok: false, error: 'no_text' };
      const { ts, text: words, blocks } = messages.post(channel, text(input.text) ?? '', blocksOf(input));
      return { ok: true, channel, ts, message: { type: 'message', bot_id: BOT.bot, user: BOT.user, text: words, blocks, ts } };
    }
    case 'chat.update': {
      const channel = text(input.channel) ?? '';
      const message = messages.get(channel, text(input.ts) ?? '');
      if (!message) return { ok: false, error: employeeOf(company, channel) ? 'message_not_found' : 'channel_not_found' };
      const updated = messages.update(message, text(input.text) ?? message.text, blocksOf(input));
      return { ok: true, channel, ts: updated.ts, text: updated.text, message: { type: 'message', text: updated.text, blocks: updated.blocks } };
    }
    default:
      return { ok: false, error: 'unknown_method' };
  }
}

/** The conversation with a person of that Slack id. */
export function channelOf(user: string): string {
  return `D${user.slice(1)}`;
}

// users and their conversations carry the employee number behind one letter
function employeeOf(company: Company, id: string) {
  return /^[UD]/.test(id) ? company.employees.get(id.slice(1)) : undefined;
}

function userInfo(company: Company, user: string, team: string): JsonObject {
  const employee = employeeOf(company, user);
  if (!employee || !user.startsWith('U')) return { ok: false, error: 'user_not_found' };
  const profile = { real_name: employee.displayName, display_name: employee.firstName, email: employee.workEmail, team };
  const name = employee.workEmail.split('@')[0] ?? '';
  const deleted = employee.status === 'terminated';
  return {
    ok: true,
    user: { id: user, team_id: team, name, real_name: employee.displayName, deleted, is_bot: false, is_restricted: false, is_ultra_restricted: false, is_stranger: false, profile },
  };
}

function inputOf(call: Call): JsonObject {
  if (call.method === 'GET') return Object.fromEntries(call.query);
  if (call.headers['content-type']?.startsWith('application/json') === true) return jsonBody(call) ?? {};
  return Object.fromEntries(new URLSearchParams(call.body.toString('utf8')));
}

function blocksOf(input: JsonObject): readonly JsonValue[] {
  const given = input.blocks;
  try {
    const blocks = typeof given === 'string' ? (JSON.parse(given) as JsonValue) : given;
    return Array.isArray(blocks) ? (blocks as readonly JsonValue[]).filter(isJsonObject) : [];
  } catch {
    return [];
  }
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
