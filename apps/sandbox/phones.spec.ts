import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { ask, freshFolder, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import type { Sandbox } from './sandbox.js';
import { type Answer, type Call, type Running, startService } from './service.js';

const data = freshFolder();
let sandbox: Sandbox;
let site: Running;
let link: string;
let posted: Call[];
let page: (call: Call) => Answer;

beforeAll(async () => {
  sandbox = await startedSandbox({ data });
  site = await startService({ name: 'site', port: 0 }, (call) => {
    if (call.method === 'GET') return page(call);
    posted.push(call);
    return posted.length === 1 ? { status: 303, headers: { location: '/done' } } : { status: 409, type: 'text/html', body: '<p>used</p>' };
  });
  link = site.address.replace('127.0.0.1', 'localhost') + '/l/token';
});
afterAll(() => Promise.all([sandbox.stop(), site.stop()]));

interface Enrolled {
  readonly credentialId: string;
  readonly publicKey: string;
}
const phone = (person: string, what: string, url = link) => ask('POST', `${sandbox.addresses.phones!}/phones/${person}/${what}`, { body: { url, reason: 'known' } });
const enrolledAs = async (person: string): Promise<Enrolled> => (await ask('GET', `${sandbox.addresses.phones!}/phones/${person}`)).body as Enrolled;
const challenge = Buffer.from('of this decision').toString('base64url');
const html = (options: unknown): Answer => ({
  status: 200,
  type: 'text/html',
  headers: { 'set-cookie': 'sid=1; HttpOnly; Path=/' },
  body: `<script type="application/json" id="webauthn-options">${JSON.stringify(options)}</script>
    <form method="post" action="/l/token/decision"><input type="hidden" name="csrf" value="c-1"><input type="hidden" name="assertion"></form>`,
});
beforeEach(async () => {
  posted = [];
  const { credentialId } = await enrolledAs('p-10004');
  page = () => html({ challenge, rpId: 'localhost', userVerification: 'required', allowCredentials: [{ id: credentialId }] });
});

describe('a phone', () => {
  it('approves with an assertion that the relying party accepts, over the page’s own challenge', async () => {
    expect((await phone('p-10004', 'approve')).json).toMatchObject({ page: { status: 200 }, posted: { status: 303, location: '/done' } });
    const [sent] = posted;
    expect(sent!.path).toEqual(['l', 'token', 'decision']);
    expect(sent!.headers).toMatchObject({ cookie: 'sid=1', origin: new URL(link).origin, 'sec-fetch-site': 'same-origin' });
    const fields = new URLSearchParams(sent!.body.toString());
    expect([fields.get('vote'), fields.get('reason'), fields.get('csrf')]).toEqual(['approve', 'known', 'c-1']);
    const { credentialId, publicKey } = await enrolledAs('p-10004');
    const check = (expectedChallenge: string) =>
      verifyAuthenticationResponse({
        response: JSON.parse(fields.get('assertion')!) as AuthenticationResponseJSON,
        expectedChallenge,
        expectedOrigin: new URL(link).origin,
        expectedRPID: 'localhost',
        requireUserVerification: true,
        credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
      });
    expect(await check(challenge)).toMatchObject({ verified: true, authenticationInfo: { userVerified: true } });
    await expect(check(Buffer.from('of another').toString('base64url'))).rejects.toThrow(/challenge/);
  });

  it('rejects without a passkey, and sends the same form again when it is told to', async () => {
    expect((await phone('p-10004', 'reject')).json).toMatchObject({ posted: { status: 303 } });
    expect(new URLSearchParams(posted[0]!.body.toString()).get('assertion')).toBe('');
    expect((await phone('p-10004', 'repeat')).json).toMatchObject({ posted: { status: 409, text: 'used' } });
    expect(posted[1]!.body.equals(posted[0]!.body)).toBe(true);
  });

  it('only looks when it fetches', async () => {
    expect((await phone('p-10004', 'fetch')).json).toMatchObject({ status: 200, forms: 1, options: { challenge, rpId: 'localhost' } });
    expect(posted).toEqual([]);
  });

  it.each<[string, string, () => Answer]>([
    ['no_passkey', 'p-10005', () => page({} as Call)],
    ['wrong_site', 'p-10004', () => html({ challenge, rpId: 'evil.example', allowCredentials: [] })],
    ['no_form', 'p-10004', () => ({ status: 410, type: 'text/html', body: '<p>used</p>' })],
  ])('signs nothing when there is %s', async (why, person, answer) => {
    const shown = answer();
    page = () => shown;
    expect((await phone(person, 'approve')).json).toMatchObject({ posted: null, why });
    expect(posted).toEqual([]);
  });

  it('opens nothing that is not on this machine, and is steered from it alone', async () => {
    for (const url of ['http://10.0.0.1/', 'https://localhost.evil.example/', 'file:///etc/passwd', 'nonsense']) expect((await phone('p-10004', 'fetch', url)).status).toBe(400);
    const headers = { origin: 'https://evil.example' };
    expect((await ask('POST', `${sandbox.addresses.phones!}/phones/p-10004/approve`, { body: { url: link }, headers })).status).toBe(403);
    expect((await phone('p-10004', 'fetch', 'http://localhost:1/')).status).toBe(502);
  });

  it('keeps its passkey for ever', async () => {
    const before = await enrolledAs('p-10004');
    await sandbox.stop();
    sandbox = await startedSandbox({ data });
    expect(await enrolledAs('p-10004')).toEqual(before);
    expect(await enrolledAs('p-10005')).not.toEqual(before);
  });
});
