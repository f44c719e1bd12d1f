import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { httpsUrl, httpUrl } from '../../apps/console/addresses.js';
import type { Answer, Client } from '../../apps/console/client.js';
import { addressOf } from '../../apps/console/story/people.js';
import { setStage, type Stage } from '../long/stage.js';

const PROBLEM = { type: expect.stringMatching(/^urn:gatehouse:problem:/), title: expect.any(String), status: expect.any(Number), code: expect.any(String), detail: expect.any(String) };
const TEXT = { text: 'Please offboard nobody@acme.example, last day today' };

let stage: Stage;
let client: Client;
let token: string;

beforeAll(async () => {
  stage = await setStage({ basePort: 9000, windowSeconds: 60 });
  ({ client } = stage);
  token = client.token('requester-hr');
  await until(async () => (await client.gatekeeper('/ready')).status === 200);
});

afterAll(() => stage.strike());

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it never came to be');
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.body).toMatchObject(PROBLEM);
  expect(answer.text).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules/);
}

const file = (json: unknown, headers: Record<string, string> = {}): Promise<Answer> => client.gatekeeper('/v1/requests', { token, raw: JSON.stringify(json), headers });

describe('who may ask', () => {
  test.each([
    ['the gatekeeper', (): Promise<Answer> => client.gatekeeper('/v1/requests', { json: TEXT })],
    ['the gatekeeper, a wrong token', (): Promise<Answer> => client.gatekeeper('/v1/requests', { json: TEXT, token: 'x'.repeat(43) })],
    ['the notary', (): Promise<Answer> => client.ask(`${httpsUrl(client.addresses.notary)}/v1/tenants/acme/ledger/verification`)],
    ['the admin app', (): Promise<Answer> => client.ask(`${httpsUrl(client.addresses.admin)}/v1/cases`)],
  ])('%s answers 401 without a good token', async (_, ask) => {
    expectProblem(await ask(), 401, 'unauthorized');
  });

  it('gives an unknown tenant the answer of a wrong token', async () => {
    const wrong = await client.ask(`${httpsUrl(client.addresses.notary)}/v1/tenants/acme/ledger/verification`, { token: 'x'.repeat(43) });
    const unknown = await client.notary('/v1/tenants/globex/ledger/verification');
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
  });

  it('opens the approvals app’s door to its certificate alone', async () => {
    expectProblem(await client.gatekeeper('/internal/v1/links/abc', { token }), 403, 'forbidden');
    expectProblem(await client.gatekeeper('/internal/v1/slack-actions', { token, json: { headers: { timestamp: '1', signature: 'x' }, body: '' } }), 403, 'forbidden');
  });
});

describe('what a bad request gets', () => {
  it('without a token is only that: no word about the body', async () => {
    for (const raw of ['[]', '{"text":', JSON.stringify({ text: 'x'.repeat(40_000) }), '{"other":1}']) {
      expectProblem(await client.gatekeeper('/v1/requests', { raw }), 401, 'unauthorized');
      expectProblem(await client.gatekeeper('/internal/v1/slack-actions', { raw }), 403, 'forbidden');
    }
  });

  it('that nests without end is no fault of ours', async () => {
    for (const raw of [`{"text":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, `{"action":"offboard","target":${'{"a":'.repeat(4_000)}1${'}'.repeat(4_000)}}`])
      expectProblem(await client.gatekeeper('/v1/requests', { token, raw }), 422, 'invalid_body');
  });

  test.each([
    ['nothing', {}, 'text'],
    ['a number for text', { text: 7 }, 'text'],
    ['an empty text', { text: '' }, 'text'],
    ['another action', { action: 'promote', target: { kind: 'address', value: 'a@b.example' } }, 'action'],
    ['no target', { action: 'offboard' }, 'target'],
    ['an odd target', { action: 'offboard', target: { kind: 'shoe', value: 'x' } }, 'target.kind'],
    ['a day that is none', { action: 'offboard', target: { kind: 'address', value: 'a@b.example' }, effective: 'soonish' }, 'effective'],
    ['an unknown member', { ...TEXT, confidence: 1 }, 'confidence'],
    ['both forms', { ...TEXT, action: 'offboard', target: { kind: 'address', value: 'a@b.example' } }, 'text'],
    ['a case of somewhere else', { ...TEXT, follows: 'c-00000000-0000-4000-8000-000000000000' }, 'follows'],
    ['half a surrogate pair', { text: 'offboard \ud800' }, 'text'],
    ['half a surrogate pair inside a member', { action: 'offboard', target: { kind: 'name', value: 'Ada \ud800' } }, 'target.value'],
    ['a list of targets', { action: 'offboard', target: [{ kind: 'address', value: 'a@b.example' }] }, 'target'],
  ])('%s is refused, and the field is named', async (_, body, field) => {
    const answer = await file(body);
    expectProblem(answer, 422, 'invalid_body');
    expect(JSON.stringify(answer.body.errors)).toContain(`"field":"${field}"`);
  });

  it('refuses what is not JSON, is too large, or has an odd key, and never with a 5xx', async () => {
    expectProblem(await client.gatekeeper('/v1/requests', { token, raw: '{"text":' }), 400, 'bad_request');
    for (const length of [40_000, 1_048_576]) expectProblem(await file({ text: 'x'.repeat(length) }), 413, 'body_too_large');
    expectProblem(await file(TEXT, { 'idempotency-key': 'a b' }), 422, 'invalid_header');
    expectProblem(await file({ text: '__proto__', ['__proto__x']: { admin: true } }), 422, 'invalid_body');
    expectProblem(await client.gatekeeper('/v1/nothing', { token }), 404, 'not_found');
    expectProblem(await client.gatekeeper('/v1/cases/c-none/reinstate', { method: 'POST', token }), 404, 'unknown_case');
  });
});

describe('a text', () => {
  test.each([['that is one character too long', 24_001], ['that just fits into a body', 32 * 1024 - 11]])('%s is refused, and how long it may be is said', async (_, length) => {
    const answer = await file({ text: 'x'.repeat(length) });
    expectProblem(answer, 422, 'invalid_body');
    expect(answer.body.errors).toEqual([{ field: 'text', message: 'text must be shorter than or equal to 24000 characters' }]);
  });

  test.each([
    ['of another language', '请在星期五停用这位员工的账户'],
    ['of another script', 'يرجى إغلاق حساب هذا الموظف اليوم'],
    ['that is binary', String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))],
    ['that is empty but for white space', ' \n\t\u2003 '],
    ['that is as long as it may be', 'x'.repeat(24_000)],
  ])('%s is a case that a person sees', async (_, text) => {
    const answer = await file({ text });
    expect([answer.status, answer.body.cases]).toEqual([202, [answer.body.case]]);
    await until(async () => (await client.gatekeeper(`/v1/cases/${answer.body.case as string}`, { token })).body.personNeeded === 'not_understood');
  });
});

it('does not guess which of two members of one name is meant', async () => {
  for (const raw of ['{"text":"a","text":"b"}', '{"action":"offboard","target":{"kind":"name","value":"a","v\\u0061lue":"b"}}']) {
    const answer = await client.gatekeeper('/v1/requests', { token, raw });
    expectProblem(answer, 400, 'duplicate_member');
    expect(answer.body.errors).toEqual([{ field: raw.includes('target') ? 'target.value' : 'text', message: 'must stand once' }]);
  }
});

test.each([
  ['GET', 'gatekeeper', '/v1/requests', 'POST'],
  ['PUT', 'gatekeeper', '/v1/erasures', 'POST'],
  ['GET', 'gatekeeper', '/channels/v1/acme/generic', 'POST'],
  ['POST', 'notary', '/v1/tenants/acme/ledger/verification', 'GET, HEAD'],
  ['PUT', 'admin', '/v1/cases', 'GET, HEAD'],
  ['POST', 'admin', '/v1/openapi.json', 'GET, HEAD'],
  ['POST', 'doerHealth', '/ready', 'GET, HEAD'],
] as const)('%s is not how the %s is asked at %s, and it says so', async (method, app, path, allowed) => {
  const origin = app === 'doerHealth' ? httpUrl(client.addresses[app]) : httpsUrl(client.addresses[app]);
  const answer = await client.ask(origin + path, { method, token: app === 'gatekeeper' ? token : client.token('auditor') });
  expectProblem(answer, 405, 'method_not_allowed');
  expect(answer.body.detail).toContain(`by ${allowed}.`);
});

it('names a parameter that the notary does not know', async () => {
  const answer = await client.notary('/v1/tenants/acme/ledger/proofs/inclusion?seq=0&sice=1');
  expectProblem(answer, 400, 'unknown_parameter');
  expect(answer.body.errors).toEqual([{ field: 'sice', message: 'this address takes seq, size' }]);
});

it('is in the ledger before the answer leaves, and one idempotency key gives one case', async () => {
  const key = { 'idempotency-key': crypto.randomUUID() };
  const [first, second] = await Promise.all([file(TEXT, key), file(TEXT, key)]);
  const third = await file(TEXT, key);
  expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
  expect(new Set([first.body.case, second.body.case, third.body.case]).size).toBe(1);
  const ledger = (await client.notary('/v1/tenants/acme/ledger/export')).text;
  expect(ledger.split('\n').filter((line) => line.includes('"request.received"') && line.includes(JSON.stringify(first.body.case)))).toHaveLength(1);
});

it('makes a case of each request of a message: all named, all in the ledger before the answer leaves, and once for one key', async () => {
  const key = { 'idempotency-key': crypto.randomUUID() };
  const message = { text: 'Please offboard nobody@acme.example and no.one@acme.example, last day today. Should we offboard somebody@acme.example?' };
  const [first, second] = await Promise.all([file(message, key), file(message, key)]);
  const cases = first.body.cases as readonly string[];
  expect([first.status, cases.length, first.body.case]).toEqual([202, 3, cases[0]]);
  const ledger = (await client.notary('/v1/tenants/acme/ledger/export')).text.split('\n');
  for (const id of cases) expect(ledger.filter((line) => line.includes('"request.received"') && line.includes(`"case":${JSON.stringify(id)}`))).toHaveLength(1);
  expect([second.body.cases, (await file(message, key)).body.cases]).toEqual([cases, cases]);
  expectProblem(await file({ text: `${message.text} ` }, key), 422, 'idempotency_key_reused');
  // a question is no request: its case waits for a person, and nothing is looked up
  const [, , question] = cases;
  const standing = async (): Promise<unknown> => (await client.gatekeeper(`/v1/cases/${question ?? ''}`, { token })).body.personNeeded;
  await until(async () => (await standing()) === 'not_understood');
});

describe('a ticket system', () => {
  const ticket = async (id: string): Promise<string> => JSON.stringify({ id, reporter: await addressOf(client, '10003'), subject: 'Leavers', text: 'Please offboard nobody@acme.example and no.one@acme.example, last day today.' });
  const secretOf = (channel: string): string => readFileSync(join(stage.data, 'secrets', `channel-${channel}`), 'utf8').trim();
  const deliver = (raw: string | Uint8Array, { path = 'acme/generic', secret = secretOf('generic'), at = Date.now() } = {}): Promise<Answer> => {
    const timestamp = String(Math.floor(at / 1000));
    const signature = createHmac('sha256', secret).update(`v1:${timestamp}:`).update(raw).digest('hex');
    return client.gatekeeper(`/channels/v1/${path}`, { raw, headers: { 'gatehouse-timestamp': timestamp, 'gatehouse-signature': `v1=${signature}` } });
  };

  it('files what it signed, in the name of who reported it, once for each ticket', async () => {
    const raw = await ticket('T-1');
    const [first, again] = [await deliver(raw), await deliver(raw, { at: Date.now() - 1_000 })];
    expect([first.status, (first.body.cases as readonly string[]).length, again.body.cases]).toEqual([202, 2, first.body.cases]);
    const ledger = (await client.notary('/v1/tenants/acme/ledger/export')).text.split('\n');
    const received = ledger.filter((line) => line.includes('"request.received"') && (first.body.cases as readonly string[]).some((id) => line.includes(`"case":"${id}"`)));
    expect(received.map((line) => (JSON.parse(line) as { data: unknown }).data)).toEqual([1, 2].map((number) => expect.objectContaining({ channel: 'generic', requester: 'p-10003', part: { number, cases: first.body.cases } }) as unknown));
    expectProblem(await deliver(raw.replace('today', 'tomorrow')), 422, 'idempotency_key_reused');
  });

  it('files as Jira sends it, and what is no new issue is passed over', async () => {
    const reporter = { emailAddress: await addressOf(client, '10003') };
    const send = (event: object): Promise<Answer> => {
      const raw = JSON.stringify(event);
      return client.gatekeeper('/channels/v1/acme/jira', { raw, headers: { 'x-hub-signature': `sha256=${createHmac('sha256', secretOf('jira')).update(raw).digest('hex')}` } });
    };
    const issue = { key: 'HR-12', fields: { summary: 'Please offboard nobody@acme.example', description: null, reporter } };
    expect(await send({ timestamp: Date.now(), webhookEvent: 'jira:issue_created', issue })).toMatchObject({ status: 202, body: { status: 'accepted', cases: [expect.any(String)] } });
    expect(await send({ timestamp: Date.now(), webhookEvent: 'comment_created', comment: {} })).toMatchObject({ status: 202, body: { status: 'ignored', cases: [] } });
  });

  it('that is not believed learns nothing, and one that is learns what is wrong', async () => {
    const raw = await ticket('T-2');
    for (const doubtful of [deliver(raw, { secret: 'x' }), deliver(raw, { at: Date.now() - 301_000 }), deliver(raw, { path: 'globex/generic' }), deliver(raw, { path: 'acme/other' }), deliver(raw, { path: 'acme/jira' }), deliver('{', { secret: 'x' })])
      expectProblem(await doubtful, 401, 'unauthorized');
    expectProblem(await deliver('{'), 400, 'bad_request');
    expectProblem(await deliver('{"id":"T-3","id":"T-4"}'), 400, 'duplicate_member');
    expectProblem(await deliver(Buffer.from('{"id":"\xff"}', 'latin1')), 400, 'not_utf8');
    expectProblem(await deliver('x'.repeat(40_000)), 413, 'body_too_large');
    expectProblem(await deliver(JSON.stringify({ id: 'T-3', reporter: 'nobody@acme.example', text: 'x' })), 422, 'unknown_reporter');
    const wrong = await deliver(JSON.stringify({ id: 'T-3', text: 'x' }));
    expectProblem(wrong, 422, 'invalid_body');
    expect(JSON.stringify(wrong.body.errors)).toContain('"field":"reporter"');
  });
});

it('does not take one idempotency key for two requests', async () => {
  const key = { 'idempotency-key': crypto.randomUUID() };
  expect((await file(TEXT, key)).status).toBe(202);
  expectProblem(await file({ text: 'Please offboard somebody.else@acme.example, last day today' }, key), 422, 'idempotency_key_reused');
});

it('writes no personal text and no secret in the open: not in the books, not in the logs', async () => {
  const secrets = readdirSync(join(stage.data, 'secrets')).filter((name) => !name.endsWith('.json')).map((name) => readFileSync(join(stage.data, 'secrets', name), 'utf8').trim());
  const logs = readdirSync(join(stage.data, 'logs')).map((name) => readFileSync(join(stage.data, 'logs', name), 'utf8')).join('\n');
  const books = (await client.notary('/v1/tenants/acme/ledger/export')).text + (await client.notary('/v1/tenants/acme/journal/export')).text;
  for (const secret of secrets) expect([books.includes(secret), logs.includes(secret)]).toEqual([false, false]);
  expect([books.includes('nobody@acme.example'), logs.includes('nobody@acme.example')]).toEqual([false, false]);
});
