import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOSTILE, TOKEN, VIEW } from './rehearsal/sample.js';
import { ORIGIN, type Script, SLACK_TOKEN, Stage } from './rehearsal/stage.js';

const stage = new Stage();
const wanted = { tenant: 'acme', slackUser: 'U0ONE', kind: 'request', view: VIEW, link: `${ORIGIN}/a/${TOKEN}` };
const key = (name: string): string => `/v1/messages/${encodeURIComponent(`acme/${VIEW.case}/${name}/p-10007`)}`;
let count = 0;

/** Slack that works: a new ts for each message. */
const working: Script = ({ path, body }) => {
  const asked = new URLSearchParams(body);
  if (path === '/api/auth.test') return { status: 200, body: { ok: true, team_id: 'T0ACME' } };
  if (path === '/api/conversations.open') return { status: 200, body: { ok: true, channel: { id: 'D0ONE' } } };
  if (path === '/api/chat.postMessage') return { status: 200, body: { ok: true, channel: 'D0ONE', ts: `1700000000.00000${String(++count)}` } };
  return { status: 200, body: { ok: true, channel: asked.get('channel'), ts: asked.get('ts') } };
};
const calls = (method: string) => stage.slackGot.filter(({ path }) => path === `/api/${method}`).map(({ body }) => new URLSearchParams(body));

beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(() => {
  stage.slackGot.length = 0;
  stage.logged.length = 0;
  stage.slack = working;
  stage.gatekeeper = () => ({ status: 200 });
});

describe('a message for an approver', () => {
  it("is posted to the approver's own channel, without previews, under the bot's token", async () => {
    const got = await stage.ask('gatekeeper', 'PUT', key('post'), wanted);
    expect([got.status, JSON.parse(got.body)]).toEqual([200, { channel: 'D0ONE', ts: `1700000000.00000${String(count)}` }]);
    expect(calls('conversations.open')[0]?.get('users')).toBe('U0ONE');
    const [message] = calls('chat.postMessage');
    expect([message?.get('unfurl_links'), message?.get('unfurl_media'), message?.get('parse')]).toEqual(['false', 'false', 'none']);
    expect(JSON.parse(message?.get('metadata') ?? '')).toMatchObject({ event_payload: { key: decodeURIComponent(key('post').slice(13)) } });
    expect(stage.slackGot[0]?.headers.authorization).toBe(`Bearer ${SLACK_TOKEN}`);
  });

  it('stands once, however often it is put, one after the other or all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => stage.ask('gatekeeper', 'PUT', key('once'), wanted)));
    answers.push(await stage.ask('gatekeeper', 'PUT', key('once'), wanted));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect([calls('chat.postMessage').length, calls('chat.update').length]).toEqual([1, 0]);
  });

  it('is updated when its content has changed', async () => {
    const first = await stage.ask('gatekeeper', 'PUT', key('change'), wanted);
    const second = await stage.ask('gatekeeper', 'PUT', key('change'), { ...wanted, view: { ...VIEW, votes: [] } });
    expect(second.body).toBe(first.body);
    expect([calls('chat.postMessage').length, calls('chat.update').length]).toEqual([1, 1]);
  });

  it('is updated where it stands when the app has forgotten it, and loses its buttons when closed', async () => {
    const message = { channel: 'D0ONE', ts: '1690000000.000001' };
    const got = await stage.ask('gatekeeper', 'PUT', key('forgotten'), { ...wanted, kind: 'closed', link: null, message });
    expect([got.status, JSON.parse(got.body)]).toEqual([200, message]);
    expect(calls('chat.postMessage')).toEqual([]);
    expect(calls('chat.update')[0]?.get('blocks')).not.toMatch(/button|actions/);
  });

  it('gets a new link where it stands, in place of the one before', async () => {
    const first = await stage.ask('gatekeeper', 'PUT', key('link-1'), wanted);
    const link = `${ORIGIN}/a/B${TOKEN.slice(1)}`;
    const second = await stage.ask('gatekeeper', 'PUT', key('link-2'), { ...wanted, link, message: JSON.parse(first.body) as unknown });
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect([calls('chat.postMessage').length, calls('chat.update')[0]?.get('ts')]).toEqual([1, (JSON.parse(first.body) as { ts: string }).ts]);
    expect(calls('chat.update')[0]?.get('blocks')).toContain(link);
    expect(calls('chat.update')[0]?.get('blocks')).not.toContain(wanted.link);
  });

  it('of who has decided has no link any more, and whoever deleted it is not told again', async () => {
    const message = { channel: 'D0ONE', ts: '1690000000.000001' };
    const decided = { ...wanted, kind: 'decided', link: null, message };
    expect((await stage.ask('gatekeeper', 'PUT', key('decided'), decided)).status).toBe(200);
    expect(calls('chat.update')[0]?.get('blocks')).not.toContain('/a/');
    stage.slack = (one) => (one.path === '/api/chat.update' ? { status: 200, body: { ok: false, error: 'message_not_found' } } : working(one));
    expect(JSON.parse((await stage.ask('gatekeeper', 'PUT', key('gone-decided'), decided)).body)).toEqual(message);
    expect(calls('chat.postMessage')).toEqual([]);
  });

  it('needs no closing when it was deleted, but is posted again when it asks', async () => {
    stage.slack = (one) => (one.path === '/api/chat.update' ? { status: 200, body: { ok: false, error: 'message_not_found' } } : working(one));
    const message = { channel: 'D0ONE', ts: '1690000000.000001' };
    const closed = await stage.ask('gatekeeper', 'PUT', key('gone-closed'), { ...wanted, kind: 'closed', link: null, message });
    expect([closed.status, JSON.parse(closed.body)]).toEqual([200, message]);
    await stage.ask('gatekeeper', 'PUT', key('gone-request'), { ...wanted, message });
    expect(calls('chat.postMessage')).toHaveLength(1);
  });
});

describe('when Slack', () => {
  it.each<[string, Script, string, string]>([
    ['asks to slow down', () => ({ status: 429, headers: { 'retry-after': '17' } }), 'slack_throttled', '17'],
    ['fails', () => ({ status: 500 }), 'slack_unreachable', '5'],
    ['refuses', () => ({ status: 200, body: { ok: false, error: 'invalid_auth' } }), 'slack_refused', '5'],
    ['opens no channel', () => ({ status: 200, body: { ok: true } }), 'slack_refused', '5'],
  ])('%s, the gatekeeper is asked to come again', async (name, script, code, seconds) => {
    const own = key(name.replaceAll(' ', '-'));
    stage.slack = script;
    const got = await stage.ask('gatekeeper', 'PUT', own, wanted);
    expect([got.status, got.headers['retry-after'], got.headers['content-type']]).toEqual([503, seconds, 'application/problem+json; charset=utf-8']);
    expect(JSON.parse(got.body)).toMatchObject({ code });
    expect(stage.slackGot).toHaveLength(1);
    expect(stage.logged.join() + got.body).not.toMatch(new RegExp(`${SLACK_TOKEN}|Dana|${TOKEN.slice(0, 20)}`));
    stage.slack = working;
    expect((await stage.ask('gatekeeper', 'PUT', own, wanted)).status).toBe(200);
  });
});

describe('the inner door', () => {
  it.each([undefined, 'doer', 'approvals'])('is closed to %s', async (name) => {
    expect((await stage.ask(name, 'PUT', key('door'), wanted)).status).toBe(403);
    expect(stage.slackGot).toEqual([]);
  });

  it.each([
    ['a link elsewhere', { link: 'https://evil.example/a/x' }], ['no link', { link: null }], ['a link to a look-alike', { link: `${ORIGIN}.evil.example/a/x` }], ['another tenant than its view', { tenant: 'other' }], ['no user of Slack', { slackUser: 'dana' }],
    ['no view', { view: {} }], ['an unknown kind', { kind: 'reminder' }], ['a place that is none', { message: { channel: '../x', ts: '1' } }], ['a stray field', { extra: 1 }],
  ])('refuses a message with %s', async (_, change) => {
    const got = await stage.ask('gatekeeper', 'PUT', key('bad'), { ...wanted, ...change });
    expect(got.status).toBe(422);
    expect(JSON.parse(got.body)).toMatchObject({ code: 'invalid_body' });
    expect(stage.slackGot).toEqual([]);
  });

  it('takes the longest flagged request, and nothing without bound', async () => {
    const flagged = (length: number) => ({ ...wanted, view: { ...VIEW, flagged: { markers: ['role_shift'], text: HOSTILE.padEnd(length, '\u0001') } } });
    expect((await stage.ask('gatekeeper', 'PUT', key('long'), flagged(24_000))).status).toBe(200);
    expect((await stage.ask('gatekeeper', 'PUT', key('longer'), flagged(60_000))).status).toBe(413);
  });

  it('says what is missing', async () => {
    expect((await stage.ask(undefined, 'GET', '/health')).status).toBe(200);
    expect(JSON.parse((await stage.ask(undefined, 'GET', '/ready')).body)).toEqual({ ready: true, missing: [] });
    stage.slack = () => ({ status: 200, body: { ok: true, team_id: 'T0OTHER' } });
    stage.gatekeeper = () => ({ status: 500 });
    const got = await stage.ask(undefined, 'GET', '/ready');
    expect([got.status, JSON.parse(got.body)]).toEqual([503, { ready: false, missing: [{ dependency: 'gatekeeper', missing: 'does not answer' }, { dependency: 'slack', missing: 'the token is of another workspace' }] }]);
  });
});
