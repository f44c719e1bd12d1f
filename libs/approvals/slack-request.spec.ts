import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buttonValue, REJECT_ACTION, verifySlackRequest } from './index.js';

const secret = 'a-signing-secret-of-slack';
const now = '2026-11-23T10:00:00.000Z';
const seconds = Date.parse(now) / 1000;
const target = { tenant: 'acme', case: 'c-9f0d6a52-5b0e-4e6e-9d0a-3d1c2b4a5f60', request: 2 };
const press = {
  type: 'block_actions',
  team: { id: 'T0ACME' },
  user: { id: 'U0ONE', team_id: 'T0ACME' },
  actions: [{ action_id: REJECT_ACTION, value: buttonValue(target) }],
};
const bodyOf = (payload: unknown): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const signed = (body: string, timestamp = String(seconds), key = secret) => ({
  secret, timestamp, body, now, signature: `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`,
});
const good = signed(bodyOf(press));
const expectFault = (request: Parameters<typeof verifySlackRequest>[0], code: string): void => {
  expect(() => verifySlackRequest(request)).toThrow(expect.objectContaining({ code }));
};

describe('a request from Slack', () => {
  it('is a rejection by one user of one workspace, with a key against copies', () => {
    expect(verifySlackRequest(good)).toEqual({
      action: 'reject', team: 'T0ACME', user: 'U0ONE', ...target, replayKey: `${String(seconds)}:${good.signature.slice(3)}`,
    });
  });

  it.each([
    ['none', undefined], ['empty', ''], ['without version', good.signature.slice(3)], ['another version', good.signature.replace('v0', 'v1')],
    ['junk behind', `${good.signature}=junk`], ['upper case', good.signature.toUpperCase().replace('V0', 'v0')], ['a space', ` ${good.signature}`],
    ['a newline', `${good.signature}\n`], ['short', good.signature.slice(0, -1)], ['of another key', signed(good.body, good.timestamp, 'another-secret-of-slack').signature],
  ])('with signature %s is refused', (_, signature) => expectFault({ ...good, signature }, 'slack_signature'));

  it.each([undefined, '', `${String(seconds)}.0`, ` ${String(seconds)}`, '1e9', '0x6543', '17638920000', '-176389200'])(
    'with timestamp %j is refused', (timestamp) => expectFault({ ...signed(good.body, timestamp ?? ''), timestamp }, 'slack_timestamp'),
  );

  it.each([-301, 301, 3_600, 31_536_000])('made %s seconds away is refused', (offset) =>
    expectFault(signed(good.body, String(seconds + offset)), 'slack_timestamp'));

  it.each([-300, 300])('made %s seconds away is taken', (offset) => {
    expect(verifySlackRequest(signed(good.body, String(seconds + offset))).user).toBe('U0ONE');
  });

  it('is refused where no secret is configured, even when signed with none', () => expectFault({ ...signed(good.body, good.timestamp, ''), secret: '' }, 'slack_secret'));

  it('is refused while our clock cannot be read', () => expectFault({ ...good, now: 'never' }, 'slack_timestamp'));

  it('is refused after any one byte of the body has changed', () => {
    fc.assert(
      fc.property(fc.nat(good.body.length - 1), fc.constantFrom('a', '%', '&', '='), (at, character) => {
        const body = good.body.slice(0, at) + character + good.body.slice(at + 1);
        fc.pre(body !== good.body);
        expectFault({ ...good, body }, 'slack_signature');
      }),
    );
  });

  it.each([
    ['no payload', 'text=hello'], ['two payloads', `${good.body}&${good.body}`], ['a further field', `${good.body}&x=1`], ['no JSON', 'payload=%7B'], ['a list', 'payload=%5B%5D'],
  ])('with %s is refused', (_, body) => expectFault(signed(body), 'slack_payload'));

  it.each([
    ['another type', { ...press, type: 'view_submission' }], ['no workspace', { ...press, team: null }], ['no user', { ...press, user: undefined }],
    ['a bot as user', { ...press, user: { id: 'B0BOT', team_id: 'T0ACME' } }], ['no action', { ...press, actions: [] }],
    ['two actions', { ...press, actions: [...press.actions, ...press.actions] }], ['actions of no list', { ...press, actions: {} }],
    ['an unknown action', { ...press, actions: [{ action_id: 'gatehouse.approve', value: buttonValue(target) }] }],
    ...['', 'acme', 'acme/c-1/2', `${buttonValue(target)}/3`, `${buttonValue(target)}\n`, 'ACME/c-9f0d6a52-5b0e-4e6e-9d0a-3d1c2b4a5f60/2', 'acme/c-9f0d6a52-5b0e-4e6e-9d0a-3d1c2b4a5f60/0'].map(
      (value) => [`value ${JSON.stringify(value)}`, { ...press, actions: [{ action_id: REJECT_ACTION, value }] }] as const,
    ),
  ])('with %s is refused', (_, payload) => expectFault(signed(bodyOf(payload)), 'slack_payload'));

  it.each([{ id: 'U0ONE', team_id: 'T0EVIL' }, { id: 'U0ONE' }])('by a user of another workspace (%j) is refused', (user) =>
    expectFault(signed(bodyOf({ ...press, user })), 'slack_external_user'));
});
