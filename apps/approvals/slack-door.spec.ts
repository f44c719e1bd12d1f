import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buttonValue, REJECT_ACTION, verifySlackRequest } from '#approvals';
import { LINK_ACTION } from './message-blocks.js';
import { CASE } from './rehearsal/sample.js';
import { type Got, SIGNING_SECRET, Stage } from './rehearsal/stage.js';

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(() => {
  stage.got.length = 0;
  stage.logged.length = 0;
  stage.now = new Date();
  stage.gatekeeper = () => ({ status: 200, body: { outcome: 'rejected' } });
});

const press = (change: object = {}, action: object = {}) => ({
  type: 'block_actions', team: { id: 'T0ACME' }, user: { id: 'U0ONE', team_id: 'T0ACME' }, trigger_id: Math.random().toString(),
  actions: [{ type: 'button', action_id: REJECT_ACTION, block_id: 'b', value: buttonValue({ tenant: 'acme', case: CASE, request: 2 }), ...action }], ...change,
});
const bodyOf = (payload: unknown): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const seconds = (): number => Math.floor(stage.now.getTime() / 1000);
const sign = (body: string, timestamp: string, secret = SIGNING_SECRET): string => `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

function send(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const timestamp = headers['x-slack-request-timestamp'] ?? String(seconds());
  const own = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': sign(body, timestamp) };
  return stage.browse('POST', '/slack/events', { headers: { ...own, ...headers }, body });
}

describe('a press of Reject in Slack', () => {
  it('is handed to the gatekeeper exactly as Slack signed it', async () => {
    const body = bodyOf(press());
    expect((await send(body)).status).toBe(200);
    await stage.until('slack_action_handed_on', 1);
    const { path, body: sent } = stage.got[0]!;
    const { headers, body: raw } = JSON.parse(sent) as { headers: { timestamp: string; signature: string }; body: string };
    expect([path, raw]).toEqual(['/internal/v1/slack-actions', body]);
    expect(verifySlackRequest({ secret: SIGNING_SECRET, ...headers, body: raw, now: stage.now.toISOString() })).toMatchObject({ case: CASE, user: 'U0ONE' });
  });

  it('has its answer before the gatekeeper says anything, a hundred at once', async () => {
    let release: (reply: { status: number; body: unknown }) => void = () => undefined;
    const silence = new Promise<{ status: number; body: unknown }>((resolve) => (release = resolve));
    stage.gatekeeper = () => silence;
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(bodyOf(press()))));
    release({ status: 200, body: { outcome: 'rejected' } });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await stage.until('slack_action_handed_on', 100);
  });

  it('is handed on again while the gatekeeper is away', async () => {
    stage.gatekeeper = () => (stage.got.length < 3 ? { status: 503 } : { status: 200, body: { outcome: 'rejected' } });
    await send(bodyOf(press()));
    await stage.until('slack_action_handed_on', 1);
    expect(stage.got).toHaveLength(3);
    expect(new Set(stage.got.map(({ body }) => body)).size).toBe(1);
  });

  it('may also open the page, which nobody needs to hear of', async () => {
    expect((await send(bodyOf(press({}, { action_id: LINK_ACTION, url: 'https://localhost:7443/a/x' })))).status).toBe(200);
    expect(stage.got).toEqual([]);
  });
});

describe('what is not Slack, or not now', () => {
  it('cannot send a copy', async () => {
    const body = bodyOf(press());
    const headers = { 'x-slack-request-timestamp': String(seconds()) };
    expect((await send(body, headers)).status).toBe(200);
    await stage.until('slack_action_handed_on', 1);
    expect((await send(body, headers)).status).toBe(409);
    stage.now = new Date(stage.now.getTime() + 299_000);
    expect((await send(body, headers)).status).toBe(409);
    expect(stage.got).toHaveLength(1);
  });

  it.each([-301, 301, 3_600, -31_536_000, 31_536_000])('cannot send what was signed %s seconds away', async (offset) => {
    const body = bodyOf(press());
    expect((await send(body, { 'x-slack-request-timestamp': String(seconds() + offset) })).status).toBe(401);
  });

  it.each([
    ['junk behind', (s: string) => `${s}=junk`], ['no version', (s: string) => s.slice(3)], ['upper case', (s: string) => s.toUpperCase()], ['nothing', () => ''], ['another key', (_: string, body: string, ts: string) => sign(body, ts, 'another-secret-of-slack')],
  ])('cannot sign with %s', async (_, change) => {
    const [body, timestamp] = [bodyOf(press()), String(seconds())];
    expect((await send(body, { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': change(sign(body, timestamp), body, timestamp) })).status).toBe(401);
  });

  it('cannot write a timestamp in another way', async () => {
    const [body, timestamp] = [bodyOf(press()), `${String(seconds())}.0`];
    expect((await send(body, { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': sign(body, timestamp) })).status).toBe(401);
  });

  it('reaches nobody from another workspace', async () => {
    await send(bodyOf(press({ team: { id: 'T0EVIL' }, user: { id: 'U0ONE', team_id: 'T0EVIL' } })));
    expect(stage.logged.join()).toContain('slack_refused');
  });

  it('cannot send too much', async () => {
    expect((await send(`payload=${'x'.repeat(40_000)}`)).status).toBe(413);
  });

  it.each(['GET', 'PUT'])('finds nothing by %s', async (method) => {
    expect((await stage.browse(method, '/slack/events')).status).toBeGreaterThanOrEqual(400);
  });

  it.each([bodyOf({ type: 'view_submission', team: { id: 'T0ACME' }, user: { id: 'U0ONE' }, view: {} }), 'payload=%7B', 'payload=null', '', 'text=hi'])('gets nothing done by the signed body %j', async (body) => {
    await send(body);
    expect(stage.got).toEqual([]);
  });

  it('leaves a line with a closed code and no content', async () => {
    await send(bodyOf(press()), { 'x-slack-signature': 'v0=' });
    expect(stage.logged).toEqual(['{"event":"slack_refused","code":"slack_signature"}']);
  });
});

describe('Slack asking whether we are here', () => {
  it('is answered when it signs', async () => {
    const got = await send(JSON.stringify({ type: 'url_verification', challenge: 'abc' }), { 'content-type': 'application/json' });
    expect([got.status, JSON.parse(got.body)]).toEqual([200, { challenge: 'abc' }]);
  });
});
