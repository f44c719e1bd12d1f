import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { ask, freshFolder, SECRETS, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import type { Sandbox } from './sandbox.js';
import { type Answer, type Call, type Running, startService } from './service.js';

let sandbox: Sandbox;
let app: Running;
let heard: Call[];
let says: Answer;
const data = freshFolder();
const start = (): Promise<Sandbox> => startedSandbox({ data, approvalsUrl: new URL(app.address) });
beforeAll(async () => {
  app = await startService({ name: 'app', port: 0 }, (call) => {
    heard.push(call);
    return says;
  });
  sandbox = await start();
});
afterAll(() => Promise.all([sandbox.stop(), app.stop()]));
beforeEach(() => {
  heard = [];
  says = { status: 200 };
});

/** A call as Slack's own client makes it: a form whose nested values are JSON. */
async function slack(method: string, input: Record<string, string>, token = SECRETS.slack.botToken): Promise<JsonObject> {
  const response = await fetch(`${sandbox.addresses.slack!}/api/${method}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: new URLSearchParams(input) });
  expect(response.status).toBe(200);
  return (await response.json()) as JsonObject;
}
const button = { type: 'button', action_id: 'reject', value: 'link-token', text: { type: 'plain_text', text: 'Reject' } };
const blocks = JSON.stringify([{ type: 'section' }, { type: 'actions', block_id: 'b1', elements: [button] }]);
const control = (path: string, body?: JsonObject) => ask(body ? 'POST' : 'GET', `${sandbox.addresses.control!}/control/${path}`, body && { body });

describe('Slack', () => {
  it('knows its bot, its people and nobody else', async () => {
    expect(await slack('auth.test', {})).toMatchObject({ ok: true, team_id: 'T0ACME', bot_id: 'B0GATEHOUSE' });
    expect(await slack('users.info', { user: 'U10004' })).toMatchObject({ ok: true, user: { id: 'U10004', real_name: 'Imran Qureshi', deleted: false, is_bot: false } });
    expect(await slack('users.info', { user: 'U99999' })).toEqual({ ok: false, error: 'user_not_found' });
    expect(await slack('auth.test', {}, 'xoxb-other')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await slack('chat.delete', {})).toEqual({ ok: false, error: 'unknown_method' });
    const response = await fetch(`${sandbox.addresses.slack!}/api/auth.test`, { method: 'POST' });
    expect(await response.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('delivers a message to a person and changes it, also after a restart', async () => {
    const posted = await slack('chat.postMessage', { channel: 'U10005', text: 'please look', blocks });
    expect(posted).toMatchObject({ ok: true, channel: 'D10005', message: { text: 'please look' } });
    const again = await slack('chat.postMessage', { channel: 'D10005', text: 'another' });
    expect(again.ts).not.toBe(posted.ts);
    expect(await slack('conversations.open', { users: 'U10005' })).toMatchObject({ channel: { id: 'D10005' } });
    await sandbox.stop();
    sandbox = await start();
    expect(await slack('chat.update', { channel: 'D10005', ts: posted.ts as string, text: 'decided', blocks: '[]' })).toMatchObject({ ok: true, ts: posted.ts });
    expect((await control('slack-messages?user=U10005')).json.messages).toMatchObject([{ text: 'decided', blocks: [], updates: 1 }, { text: 'another', updates: 0 }]);
    expect(await slack('chat.update', { channel: 'D10005', ts: '1.000000', text: 'x' })).toEqual({ ok: false, error: 'message_not_found' });
    expect(await slack('chat.postMessage', { channel: 'C0NOWHERE', text: 'x' })).toEqual({ ok: false, error: 'channel_not_found' });
  });

  it('sends what is pressed, signed over the raw body with the moment in it', async () => {
    says = { status: 200, type: 'text/plain', body: 'seen' };
    const { ts } = await slack('chat.postMessage', { channel: 'U10004', text: 'please look', blocks });
    expect((await control('slack/press', { user: 'U10004', ts: ts!, action: 'reject' })).json).toEqual({ status: 200, body: 'seen' });
    const [call] = heard;
    expect(call!.path).toEqual(['slack', 'events']);
    const timestamp = call!.headers['x-slack-request-timestamp'] as string;
    expect(timestamp).toMatch(/^\d{10}$/);
    const expected = createHmac('sha256', SECRETS.slack.signingSecret).update(`v0:${timestamp}:${call!.body.toString()}`).digest('hex');
    expect(call!.headers['x-slack-signature']).toBe(`v0=${expected}`);
    const payload = JSON.parse(new URLSearchParams(call!.body.toString()).get('payload')!) as JsonObject;
    expect(payload).toMatchObject({ type: 'block_actions', team: { id: 'T0ACME' }, user: { id: 'U10004' }, actions: [{ action_id: 'reject', value: 'link-token' }] });
    expect((await control('slack/press', { user: 'U10004', ts: ts!, action: 'approve' })).status).toBe(404);
  });
});
