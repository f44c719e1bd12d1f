import 'reflect-metadata';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { listen, readConfig } from '#edge';
import { Scenario, TERMS } from '../../test/lifecycle/scenario.js';
import { loopbackTls } from '../../test/loopback.js';
import { gatekeeperApp } from './app.js';
import { Decisions } from './decisions.js';
import { IntakeLimits } from './intake-limits.js';
import { Settings, type TenantSettings } from './settings.js';
import type { HrisChannel, TenantRuntime, TicketChannel } from './tenant.js';
import { Tenants } from './tenants.js';

const LIMIT = { burst: 3, perSecond: 1 };
const SECRET = 'a-secret-of-a-channel';
const tokenOf = (tenant: string, person: string): string => `a-token-of-${person}-at-${tenant}`;
const nothing = (): void => undefined;
const agent = new Agent({ keepAlive: true });

let now = 1_790_000_000_000;
let app: NestExpressApplication, origin: string, ca: Buffer;

beforeAll(async () => {
  const people = ['p-1', 'p-2'];
  const settings = ['acme', 'globex'].map((id) => ({ id, tokens: people.map((requester) => ({ requester, sha256: createHash('sha256').update(tokenOf(id, requester)).digest('hex') })), portals: [] as TenantSettings['portals'], feeds: [] as TenantSettings['feeds'] }) as TenantSettings);
  const channels: TenantRuntime['channels'] = new Map<string, TicketChannel | HrisChannel>([
    ['tickets', { kind: 'generic', secret: SECRET }],
    ['desk', { kind: 'generic', secret: SECRET }],
    ['people', { kind: 'bamboohr', secret: SECRET, hris: { id: 'people', kind: 'channel', requester: 'p-1', key: Buffer.alloc(32) } }],
  ]);
  const tenants = new Tenants(settings, nothing);
  const ledger = { state: new Scenario(TERMS, []).state, head: { seq: 0, hash: '' } } as TenantRuntime['ledger'];
  await tenants.open((one) => Promise.resolve({ settings: one, channels, ledger } as TenantRuntime), nothing);
  const clock = (): Date => new Date(now);
  const decisions = new Decisions(tenants, { linkKey: Buffer.alloc(32, 5), slackSigningSecret: SECRET, publicUrl: 'https://localhost:7443' }, clock, nothing);
  const tls = await loopbackTls();
  ({ ca } = tls);
  app = await gatekeeperApp(tenants, decisions, tls, nothing, clock, new IntakeLimits(LIMIT, clock));
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_GATEKEEPER_LISTEN')}`;
});
afterAll(async () => {
  agent.destroy();
  await app.close();
});
// every bucket is full again
beforeEach(() => void (now += 10_000));

interface Answer {
  readonly status: number | undefined;
  readonly code: unknown;
  readonly retryAfter: string | undefined;
}

function ask(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(origin + path, { method, ca, agent, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, code: (JSON.parse(text) as { code?: unknown }).code, retryAfter: response.headers['retry-after'] }));
    });
    call.on('error', reject);
    call.end(method === 'GET' ? undefined : '{}');
  });
}

/** Sends something that is refused for what it says, by somebody who is let in: it counts all the same. */
const send = (path: string, tenant = 'acme', person = 'p-1', method = 'POST'): Promise<Answer> => ask(method, path, { authorization: `Bearer ${tokenOf(tenant, person)}` });
const ticket = (path: string, secret = SECRET): Promise<Answer> => {
  const timestamp = String(Math.floor(now / 1_000));
  return ask('POST', path, { 'gatehouse-timestamp': timestamp, 'gatehouse-signature': `v1=${createHmac('sha256', secret).update(`v1:${timestamp}:{}`).digest('hex')}` });
};
const CASE = 'c-00000000-0000-4000-8000-000000000000';
const edges: readonly (readonly [edge: string, send: () => Promise<Answer>, inside: number, others: readonly (() => Promise<Answer>)[]])[] = [
  ['requests', () => send('/v1/requests'), 422, [() => send('/v1/requests', 'acme', 'p-2'), () => send('/v1/requests', 'globex')]],
  ['erasures', () => send('/v1/erasures'), 422, [() => send('/v1/erasures', 'acme', 'p-2'), () => send('/v1/erasures', 'globex')]],
  ['reinstating and resuming', () => send(`/v1/cases/${CASE}/reinstate`), 404, [() => send(`/v1/cases/${CASE}/resume`, 'acme', 'p-2'), () => send(`/v1/cases/${CASE}/reinstate`, 'globex')]],
  ['channels', () => ticket('/channels/v1/acme/tickets'), 422, [() => ticket('/channels/v1/acme/desk'), () => ticket('/channels/v1/globex/tickets')]],
];

describe.each(edges)('a flood of %s from one source', (_, flood, inside, others) => {
  it('is answered 429 with the time to wait, and nobody else is', async () => {
    const floods: Answer[] = [];
    for (let i = 0; i < LIMIT.burst + 5; i += 1) floods.push(await flood());
    expect(floods.map(({ status }) => status)).toEqual([...Array.from({ length: LIMIT.burst }, () => inside), ...Array.from({ length: 5 }, () => 429)]);
    expect(floods.at(-1)).toEqual({ status: 429, code: 'too_many_requests', retryAfter: '1' });
    for (const other of others) expect((await other()).status).toBe(inside);
    now += 1_000;
    expect([(await flood()).status, (await flood()).status]).toEqual([inside, 429]);
  });
});

it('BambooHR is answered 503, since it repeats nothing that is answered 429', async () => {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', SECRET).update(`{}${timestamp}`).digest('hex');
  const deliver = (): Promise<Answer> => ask('POST', '/channels/v1/acme/people', { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': signature });
  for (let i = 0; i < LIMIT.burst; i += 1) expect((await deliver()).status).toBe(422);
  expect(await deliver()).toEqual({ status: 503, code: 'too_many_requests', retryAfter: '1' });
});

it('a flood of requests holds up no reinstating, and no look at where a case stands', async () => {
  for (let i = 0; i < LIMIT.burst; i += 1) await send('/v1/requests');
  // however the address is written
  for (const path of ['/v1/requests', '/V1/Requests', '/v1/requests/']) expect((await send(path)).status).toBe(429);
  expect(await send(`/v1/cases/${CASE}/reinstate`)).toMatchObject({ status: 404, code: 'unknown_case' });
  for (let i = 0; i < LIMIT.burst + 1; i += 1) expect((await send(`/v1/cases/${CASE}`, 'acme', 'p-1', 'GET')).status).toBe(404);
});

it('what nobody signed uses up nothing of a ticket system’s, and what no token stands behind nothing of anybody’s', async () => {
  for (let i = 0; i < LIMIT.burst + 1; i += 1) {
    expect((await ticket('/channels/v1/acme/tickets', 'x')).status).toBe(401);
    expect((await ask('POST', '/v1/requests', {})).status).toBe(401);
  }
  expect((await ticket('/channels/v1/acme/tickets')).status).toBe(422);
  expect((await send('/v1/requests')).status).toBe(422);
});

it('remembers no more sources than it is told, and forgets who was quiet for longest', () => {
  const limits = new IntakeLimits({ burst: 1, perSecond: 1 }, () => new Date(now), 2);
  const admitted = (source: string): boolean => {
    try {
      limits.admit('requests', 'acme', source);
      return true;
    } catch {
      return false;
    }
  };
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(admitted)).toEqual([true, true, false, true, false, true]);
});

describe('the settings of the limits', () => {
  const read = (more: Readonly<Record<string, string>>): Settings => {
    const named = ['TLS_CA', 'TLS_CERT', 'TLS_KEY', 'STORE_USER', 'STORE_PASSWORD_FILE', 'VAULT_TOKEN_FILE', 'LINK_KEY_FILE', 'SLACK_SIGNING_SECRET_FILE', 'POLICY_DIR', 'TENANTS', 'KEPT_HEADS', 'ENTRY_KEY_FILE'];
    const urls = ['VAULT_URL', 'APPROVALS_URL', 'APPROVALS_PUBLIC_URL'].map((name) => [`GATEHOUSE_${name}`, 'https://localhost:1']);
    const addresses = ['STORE_ADDRESS', 'GATEKEEPER_LISTEN'].map((name) => [`GATEHOUSE_${name}`, 'localhost:1']);
    return readConfig(Settings, { ...(Object.fromEntries([...named.map((name) => [`GATEHOUSE_${name}`, 'x']), ...urls, ...addresses]) as Record<string, string>), ...more });
  };

  it('have generous defaults, and are read', () => {
    const { GATEHOUSE_INTAKE_BURST: burst, GATEHOUSE_INTAKE_PER_SECOND: perSecond } = read({});
    expect({ burst, perSecond }).toEqual({ burst: 2_000, perSecond: 20 });
    expect(readFileSync('docs/intake.md', 'utf8')).toContain(`\`GATEHOUSE_INTAKE_BURST\` (${burst}) at once and \`GATEHOUSE_INTAKE_PER_SECOND\` (${perSecond}) a second`);
    expect(read({ GATEHOUSE_INTAKE_BURST: '5', GATEHOUSE_INTAKE_PER_SECOND: '1' })).toMatchObject({ GATEHOUSE_INTAKE_BURST: 5, GATEHOUSE_INTAKE_PER_SECOND: 1 });
  });

  test.each(['0', '-1', '1.5', '1e3', 'many', ''])('refuse %s', (value) => {
    for (const name of ['GATEHOUSE_INTAKE_BURST', 'GATEHOUSE_INTAKE_PER_SECOND']) expect(() => read({ [name]: value })).toThrow(`${name}: must be a whole number of at least 1`);
  });
});
