import { createHmac } from 'node:crypto';
import { describe, expect, it, test } from '@jest/globals';
import { BAMBOOHR_WINDOW_MS, type HeaderOf, isSigned, WINDOW_MS } from './channel-signature.js';

const SECRET = 'a-secret-of-the-channel';
const NOW = new Date('2026-11-23T10:00:00Z');
const BODY = Buffer.from('{"id":"T-1"}');
const seconds = (at: number): string => String(Math.floor(at / 1000));
const mac = (signed: string, secret = SECRET, encoding: 'hex' | 'base64' = 'hex'): string => createHmac('sha256', secret).update(signed).digest(encoding);
const headers = (all: Readonly<Record<string, string>>): HeaderOf => (name) => all[name];

/** What a ticket system sends that signed at this time. */
function signed(at = NOW.getTime(), secret = SECRET, encoding: 'hex' | 'base64' = 'hex'): Record<string, string> {
  const timestamp = seconds(at);
  return { 'gatehouse-timestamp': timestamp, 'gatehouse-signature': `v1=${mac(`v1:${timestamp}:${BODY.toString()}`, secret, encoding)}` };
}

describe('a ticket is taken', () => {
  test.each(['hex', 'base64'] as const)('signed with the secret, in %s', (encoding) => {
    expect(isSigned('generic', headers(signed(NOW.getTime(), SECRET, encoding)), BODY, SECRET, NOW)).toBe(true);
  });

  it('signed as Jira signs', () => {
    expect(isSigned('jira', headers({ 'x-hub-signature': `sha256=${mac(BODY.toString())}` }), BODY, SECRET, NOW)).toBe(true);
  });

  test.each([-WINDOW_MS, WINDOW_MS])('%d ms away from our clock', (away) => {
    expect(isSigned('servicenow', headers(signed(NOW.getTime() + away)), BODY, SECRET, NOW)).toBe(true);
  });
});

describe('a ticket is refused', () => {
  const good = signed();
  test.each<[what: string, sent: Record<string, string>, body?: Buffer]>([
    ['without a signature', {}],
    ['signed with another secret', signed(NOW.getTime(), 'another')],
    ['with a changed body', good, Buffer.from('{"id":"T-2"}')],
    ['with a changed time', { ...good, 'gatehouse-timestamp': seconds(NOW.getTime() - 1000) }],
    ['signed too long ago', signed(NOW.getTime() - WINDOW_MS - 1000)],
    ['signed in the future', signed(NOW.getTime() + WINDOW_MS + 1000)],
    ['with an odd time', { ...good, 'gatehouse-timestamp': '1e9' }],
    ['with half a signature', { ...good, 'gatehouse-signature': (good['gatehouse-signature'] ?? '').slice(0, 40) }],
    ["with Jira's header", { 'x-hub-signature': `sha256=${mac(BODY.toString())}` }],
  ])('%s', (_, sent, body = BODY) => {
    expect(isSigned('generic', headers(sent), body, SECRET, NOW)).toBe(false);
  });

  it('of Jira, with a changed body', () => {
    expect(isSigned('jira', headers({ 'x-hub-signature': `sha256=${mac('{}')}` }), BODY, SECRET, NOW)).toBe(false);
  });
});

describe('a webhook of BambooHR', () => {
  const sent = (timestamp: string, secret = SECRET): Record<string, string> => ({ 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': mac(BODY.toString() + timestamp, secret) });
  const taken = (all: Readonly<Record<string, string>>, body: Uint8Array = BODY): boolean => isSigned('bamboohr', headers(all), body, SECRET, NOW);

  test.each([seconds(NOW.getTime()), '2026-11-23T10:00:00Z', '2026-11-23T10:00:00+0000', '2026-11-23T11:00:00+01:00', seconds(NOW.getTime() - BAMBOOHR_WINDOW_MS), seconds(NOW.getTime() + WINDOW_MS)])('signed at %s is taken', (timestamp) => {
    expect(taken(sent(timestamp))).toBe(true);
  });

  test.each<[what: string, sent: Record<string, string>, body?: Buffer]>([
    ['without a signature', { 'x-bamboohr-timestamp': seconds(NOW.getTime()) }],
    ['without a time', { 'x-bamboohr-signature': mac(BODY.toString()) }],
    ['signed with another secret', sent(seconds(NOW.getTime()), 'another')],
    ['with a changed body', sent(seconds(NOW.getTime())), Buffer.from('{"id":"T-2"}')],
    ['with a changed time', { ...sent(seconds(NOW.getTime())), 'x-bamboohr-timestamp': seconds(NOW.getTime() + 1_000) }],
    ['signed too long ago', sent(seconds(NOW.getTime() - BAMBOOHR_WINDOW_MS - 1_000))],
    ['signed in the future', sent(seconds(NOW.getTime() + WINDOW_MS + 1_000))],
    ['with an odd time', sent('2026-11-23 10:00:00')],
    ['with a day that is none', sent('2026-13-23T10:00:00Z')],
    ['with a part of the time in the body', { ...sent(seconds(NOW.getTime())), 'x-bamboohr-timestamp': seconds(NOW.getTime()).slice(1) }, Buffer.from(`${BODY.toString()}${seconds(NOW.getTime()).slice(0, 1)}`)],
    ['with our own headers', signed()],
  ])('%s is refused', (_, all, body = BODY) => {
    expect(taken(all, body)).toBe(false);
  });
});
