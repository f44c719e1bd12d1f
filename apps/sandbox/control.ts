import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { sendWebhook, type Webhook } from './bamboohr-webhook.js';
import { jsonBody } from './body.js';
import type { Conditions } from './latency.js';
import { local } from './local.js';
import { statePage } from './page.js';
import { EMPLOYEE_STATUSES } from './person.js';
import type { Relay } from './relay.js';
import { type Answer, type Call, type Place, type Running, startService } from './service.js';
import { channelOf } from './slack.js';
import type { SlackMessages } from './slack-messages.js';
import { buttonOf, type Interactivity, press } from './slack-press.js';
import type { Company } from './state.js';
import type { Vault } from './vault/vault.js';

/** What can be looked at and steered from outside the protocols. */
export interface Controlled {
  readonly company: Company;
  readonly vault: Vault;
  readonly messages: SlackMessages;
  readonly conditions: Conditions;
  readonly interactivity?: Interactivity;
  readonly webhook?: Webhook;
  readonly relay?: Relay;
  /** URLs by service. */
  readonly addresses: () => Readonly<Record<string, string>>;
}

type Steer = (sandbox: Controlled, call: Call, rest: readonly string[]) => Answer | Promise<Answer>;

const wrong = (detail: string): Answer => ({ status: 400, body: { error: 'bad_request', detail } });
const absent = (error: string): Answer => ({ status: 404, body: { error } });

/** The page of the company's state at `/`, and everything under `/state` and `/control`. */
export function startControl(sandbox: Controlled, place: Place): Promise<Running> {
  return startService(
    place,
    local((call) => {
      const [first = '', second = '', ...rest] = call.path;
      if (first === '' && call.method === 'GET') return { status: 200, type: 'text/html; charset=utf-8', headers: PAGE_HEADERS, body: statePage(sandbox) };
      const steer = STEERING[`${call.method} ${first}/${second}`];
      return steer ? steer(sandbox, call, rest) : absent('not_found');
    }),
  );
}

const PAGE_HEADERS = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'cache-control': 'no-store' };

const STEERING: Readonly<Record<string, Steer>> = {
  'GET state/accounts': ({ company }, _call, [number = '']) => {
    const hris = company.employees.get(number);
    const [directory = null] = company.directory.find(`employeeNumber:${number}`);
    const [scim = null] = company.scim.find(`externalId:${number}`);
    return hris ? { status: 200, body: { hris, directory, scim } } : absent('no_such_employee');
  },
  'GET control/actions': ({ company }) => ({ status: 200, body: { actions: company.actions() } }),
  'GET control/vault-log': ({ vault }) => ({ status: 200, body: { entries: vault.log() } }),
  'GET control/slack-messages': ({ messages }, call) => {
    const user = call.query.get('user');
    return { status: 200, body: { messages: user === null ? messages.all() : messages.inChannel(channelOf(user)) } };
  },
  'POST control/latency': ({ conditions }, call) => {
    const ms = jsonBody(call)?.ms;
    if (typeof ms !== 'number' || ms < 0 || ms > 60_000) return wrong('ms must be 0 to 60000');
    conditions.latencyMs = ms;
    return { status: 200, body: { ms } };
  },
  'POST control/outage': ({ conditions, addresses }, call) => {
    const { service, on } = jsonBody(call) ?? {};
    const known = Object.keys(addresses()).filter((name) => !['relay', 'phones', 'control'].includes(name));
    if (typeof service !== 'string' || !known.includes(service) || typeof on !== 'boolean') return wrong(`service must be one of ${known.join(', ')}, and on true or false`);
    if (on) conditions.outages.add(service);
    else conditions.outages.delete(service);
    return { status: 200, body: { outages: [...conditions.outages] } };
  },
  'POST control/employees': ({ company }, call, [number = '']) => {
    const fields = employeeFields(jsonBody(call) ?? {});
    if (!fields) return wrong(`status must be one of ${EMPLOYEE_STATUSES.join(', ')}, lastDay a date or null`);
    const employee = company.employees.change(number, fields);
    return employee ? { status: 200, body: employee } : absent('no_such_employee');
  },
  'POST control/bamboohr': webhookSent,
  'POST control/slack': pressed,
  'GET control/relay': ({ relay }) => (relay ? { status: 200, body: { mode: relay.mode, identities: relay.identities, deliveries: relay.deliveries() } } : absent('no_relay')),
  'POST control/relay': steerRelay,
};

function employeeFields({ status, lastDay }: JsonObject) {
  const known = EMPLOYEE_STATUSES.find((one) => one === status);
  const date = lastDay === null || (typeof lastDay === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(lastDay)) ? lastDay : undefined;
  if ((status !== undefined && !known) || (lastDay !== undefined && date === undefined)) return undefined;
  return { ...(known && { status: known }), ...(date !== undefined && { lastDay: date }) };
}

async function pressed({ company, messages, interactivity }: Controlled, call: Call, [what]: readonly string[]): Promise<Answer> {
  if (what !== 'press' || !interactivity) return absent('not_found');
  const { user, ts, action } = jsonBody(call) ?? {};
  if (typeof user !== 'string' || typeof ts !== 'string' || typeof action !== 'string') return wrong('user, ts and action are needed');
  const employee = company.employees.get(user.slice(1));
  const message = messages.all().find((one) => one.ts === ts);
  const button = message && buttonOf(message, action);
  if (!employee || !message || !button) return absent('no_such_button');
  try {
    const { status, body } = await press(interactivity, { id: user, name: employee.firstName.toLowerCase() }, message, button);
    return { status: 200, body: { status, body: body.toString('utf8') } };
  } catch {
    return { status: 502, body: { error: 'app_unreachable' } };
  }
}

async function webhookSent({ company, webhook }: Controlled, call: Call): Promise<Answer> {
  if (!webhook) return absent('no_webhook');
  const { employees, changedFields } = jsonBody(call) ?? {};
  if (!isTexts(employees) || !isTexts(changedFields)) return wrong('employees and changedFields must be lists of text');
  const found = employees.map((number) => company.employees.get(number)).filter((one) => one !== undefined);
  if (found.length < employees.length) return absent('no_such_employee');
  try {
    const { status, body } = await sendWebhook(webhook, found, changedFields);
    return { status: 200, body: { status, body: body.toString('utf8') } };
  } catch {
    return { status: 502, body: { error: 'app_unreachable' } };
  }
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

async function steerRelay({ relay }: Controlled, call: Call, [what]: readonly string[]): Promise<Answer> {
  if (!relay) return absent('no_relay');
  const { mode, identity, body } = jsonBody(call) ?? {};
  if (what === 'mode') {
    if (mode !== 'pass' && mode !== 'hold') return wrong('mode must be pass or hold');
    relay.mode = mode;
    return { status: 200, body: { mode } };
  }
  if (what !== 'send') return absent('not_found');
  if (typeof identity !== 'string' || (typeof body !== 'string' && !isJsonObject(body))) return wrong('identity and body are needed');
  try {
    const answer = await relay.sendAs(identity, typeof body === 'string' ? body : JSON.stringify(body));
    return answer ? { status: 200, body: { status: answer.status, body: answer.body.toString('utf8') } } : absent('no_such_identity');
  } catch {
    return { status: 502, body: { error: 'doer_unreachable' } };
  }
}
