import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CASE, ERASURE_VIEW, HOSTILE, OPTIONS, PAGE, TOKEN, VIEW } from './rehearsal/sample.js';
import { type Got, ORIGIN, Stage } from './rehearsal/stage.js';

const stage = new Stage();
const receipt = { case: VIEW.case, seq: 41, hash: 'e'.repeat(64) };
const problem = (status: number, code: string) => ({ status, body: { type: `urn:gatehouse:problem:${code}`, title: code, status, code, detail: `The gatekeeper says ${code}.` } });
let answer: { status: number; body?: unknown };
let page: { status: number; body?: unknown };

beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(() => {
  stage.got.length = 0;
  stage.logged.length = 0;
  page = { status: 200, body: PAGE };
  answer = { status: 200, body: { outcome: 'granted', receipt } };
  stage.gatekeeper = ({ method }) => (method === 'GET' ? page : answer);
});

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const posts = () => stage.got.filter(({ method }) => method === 'POST');

/** Opens the page as a browser does: what to send back with the form. */
async function opened(): Promise<{ cookie: string; csrf: string; got: Got }> {
  const got = await stage.browse('GET', `/a/${TOKEN}`);
  const cookie = got.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(got.body)?.[1] ?? '', got };
}

describe('looking at a link', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('changes nothing by %s, however often', async (method) => {
    for (let i = 0; i < 3; i++) expect((await stage.browse(method, `/a/${TOKEN}`)).status).toBe(method === 'OPTIONS' ? 204 : 200);
    expect(stage.got.filter((one) => one.method !== 'GET')).toEqual([]);
  });

  it('tells who, when, by whom, why, what, and what cannot be undone', async () => {
    const { body } = (await opened()).got;
    for (const text of [
      'Dana Fields', 'dana.fields@acme.example', VIEW.effective, 'Rob Lane', VIEW.hris, 'Owns payments-db', 'A score from 0.75', 'disables the account', 'directory: ends every session',
      'directory: deletes the account', '2026-11-24 09:58 UTC', VIEW.shortCode, '1 of 2 given', VIEW.digest, 'Hard phase', 'Before the accounts go', 'It owns systems: they need another owner.',
    ]) expect(body).toContain(text);
    expect(body).toContain(VIEW.canonical.replaceAll('"', '&quot;'));
    expect(body.indexOf('production ownership')).toBeLessThan(body.indexOf('parse confidence'));
  });

  it('carries what a passkey needs, as JSON', async () => {
    const { body } = (await opened()).got;
    const [, json = ''] = /<script type="application\/json" id="webauthn-options">(.*?)<\/script>/s.exec(body) ?? [];
    expect(JSON.parse(json)).toEqual(OPTIONS);
  });

  it('cannot be framed, kept, referred to or made to load anything of others', async () => {
    const { headers, body } = (await opened()).got;
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['set-cookie']?.[0]).toMatch(/^__Host-gatehouse=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax/);
    expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\/| style=| on\w+=/);
  });

  it('tells of an erasure why it is asked for and what is destroyed for good', async () => {
    page = { status: 200, body: { ...PAGE, view: { ...ERASURE_VIEW, reason: HOSTILE } } };
    const { body } = (await opened()).got;
    for (const said of ['Erase Dana Fields', 'Erasure: as soon as it is approved', `destroys the keys of 1 closed case: ${CASE}`, 'cannot be undone', 'two people decide', '&lt;script&gt;alert(1)']) expect(body).toContain(said);
    expect(body).not.toMatch(/HRIS|<script>alert|undefined|<meter/);
  });

  it('keeps hostile text inert wherever it stands', async () => {
    const component = { name: HOSTILE, value: 1, weight: 1, because: HOSTILE };
    const view = {
      ...VIEW, title: HOSTILE, effective: HOSTILE, hris: HOSTILE, preconditions: [HOSTILE], subject: { id: HOSTILE, name: HOSTILE, address: HOSTILE }, requester: { id: HOSTILE, name: HOSTILE },
      risk: { ...VIEW.risk, components: [component] }, reasons: [{ rule: HOSTILE, text: HOSTILE }], flagged: { markers: [HOSTILE], text: HOSTILE },
      plan: [{ phase: 'soft', portal: HOSTILE, portalSays: HOSTILE, account: HOSTILE, effects: [{ effect: HOSTILE, says: HOSTILE, reversible: false }] }],
    };
    page = { status: 200, body: { ...PAGE, view, options: { ...OPTIONS, rpId: '</script><script>alert(3)</script>' } } };
    const { body } = (await opened()).got;
    expect(body).not.toMatch(/<script>|<img|<\/pre><\/script>|<!channel>/);
    expect(body.match(/<script/g)).toHaveLength(2);
    expect(body).toContain('⟨U+202E⟩gnp.exe');
    expect(body).not.toMatch(/[\u202E\u200B\0]/);
  });

  it('shows the text that a model had a part in reading, and does not call it suspicious', async () => {
    page = { status: 200, body: { ...PAGE, view: { ...VIEW, flagged: { markers: [], text: HOSTILE } } } };
    const { body } = (await opened()).got;
    expect(body).toContain('A model had a part in reading it');
    expect(body).not.toMatch(/Suspicious|instruct the machine|<script>alert/);
  });

  it('offers no approval where nothing can be done', async () => {
    page = { status: 200, body: { ...PAGE, view: { ...VIEW, subject: null, plan: [] } } };
    const { body } = (await opened()).got;
    expect(body).not.toContain('Approve with passkey');
    expect(body).toContain('value="reject"');
  });

  it.each([['used', 409], ['closed', 409], ['expired', 410]] as const)('shows nothing of the case once it is %s', async (state, status) => {
    page = { status: 200, body: { ...PAGE, state } };
    const got = await stage.browse('GET', `/a/${TOKEN}`);
    expect(got.status).toBe(status);
    expect(got.body).not.toMatch(/Dana|name="vote"|webauthn/);
  });

  it('is the same 404 for strangers, whatever they try', async () => {
    page = problem(404, 'unknown_link');
    const tried = [TOKEN, 'x', `${TOKEN}x`, '..%2f..%2fhealth', '%00', `${'A'.repeat(5000)}.${'B'.repeat(43)}`];
    const answers = await Promise.all(tried.map((token) => stage.browse('GET', `/a/${token}`)));
    expect(new Set(answers.map(({ status, body }) => `${String(status)}${body}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
    expect(stage.got.map(({ path }) => path)).toEqual([`/internal/v1/links/${TOKEN}`]);
  });

  it.each([
    ['is away', () => ({ status: 503 }), 503], ['does not speak JSON as agreed', () => ({ status: 200, body: { state: 'open' } }), 502],
    ['has another challenge than the text', () => ({ status: 200, body: { ...PAGE, options: { ...OPTIONS, challenge: 'AAAA' } } }), 502],
    ['shows another text than the digest', () => ({ status: 200, body: { ...PAGE, view: { ...VIEW, digest: 'f'.repeat(64) } } }), 502],
  ])('says so when the gatekeeper %s', async (_, reply, status) => {
    page = reply();
    const got = await stage.browse('GET', `/a/${TOKEN}`);
    expect(got.status).toBe(status);
    expect(got.body).not.toMatch(/Dana|at \w+ \(/);
  });

  it('never writes a token into the log', async () => {
    page = { status: 503 };
    await stage.browse('GET', `/a/${TOKEN}`);
    await stage.browse('POST', `/a/${TOKEN}`, { headers: FORM, body: 'vote=reject' });
    expect(stage.logged.length).toBeGreaterThan(0);
    expect(stage.logged.join()).not.toContain(TOKEN.slice(0, 20));
  });
});

describe('deciding on the page', () => {
  it("hands the passkey's assertion back and shows the receipt", async () => {
    const { cookie, csrf } = await opened();
    const got = await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie, origin: ORIGIN, 'sec-fetch-site': 'same-origin' }, body: form({ csrf, vote: 'approve', assertion: '{"id":"x"}' }) });
    expect(got.status).toBe(200);
    expect(posts()).toMatchObject([{ path: `/internal/v1/links/${TOKEN}/decision`, body: JSON.stringify({ vote: 'approve', assertion: { id: 'x' } }) }]);
    for (const text of ['You approved', receipt.hash, receipt.case, "sed -n '42p'"]) expect(got.body).toContain(text);
  });

  it('rejects by link and form alone, with a reason or none', async () => {
    const { cookie, csrf } = await opened();
    answer = { status: 200, body: { outcome: 'rejected', receipt } };
    for (const reason of [' not her last day ', '  ']) await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie }, body: form({ csrf, vote: 'reject', reason }) });
    expect(posts().map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ vote: 'reject', reason: 'not her last day' }, { vote: 'reject' }]);
  });

  it('takes the form again after the link was opened in a second tab', async () => {
    const { cookie, csrf } = await opened();
    expect((await stage.browse('GET', `/a/${TOKEN}`, { headers: { cookie } })).headers['set-cookie']).toBeUndefined();
    expect((await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie }, body: form({ csrf, vote: 'reject' }) })).status).toBe(200);
  });

  it.each([
    ['no cookie', { cookie: '' }, {}], ['no token', {}, { csrf: '' }], ['another token', {}, { csrf: 'A'.repeat(43) }], ["another browser's cookie", { cookie: `__Host-gatehouse=${'A'.repeat(43)}` }, {}],
    ['two cookies', { cookie: `__Host-gatehouse=${'A'.repeat(43)}; __Host-gatehouse=${'B'.repeat(43)}` }, {}], ['another site', { 'sec-fetch-site': 'cross-site' }, {}],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, {}], ['no site', { 'sec-fetch-site': 'none' }, {}], ['another origin', { origin: 'https://evil.example' }, {}], ['an opaque origin', { origin: 'null' }, {}],
    ['a body of JSON', { 'content-type': 'application/json' }, {}],
  ])('refuses a form of %s', async (_, headers, fields) => {
    const { cookie, csrf } = await opened();
    const got = await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie, ...headers }, body: form({ csrf, vote: 'reject', ...fields }) });
    expect(got.status).toBe(403);
    expect(posts()).toEqual([]);
  });

  it("refuses another link's form", async () => {
    const { cookie, csrf } = await opened();
    const got = await stage.browse('POST', `/a/B${TOKEN.slice(1)}`, { headers: { ...FORM, cookie }, body: form({ csrf, vote: 'reject' }) });
    expect([got.status, posts().length]).toEqual([403, 0]);
  });

  it.each([
    [{ vote: 'maybe' }, 422], [{}, 422], [{ vote: 'approve' }, 422], [{ vote: 'approve', assertion: '{' }, 422], [{ vote: 'reject', reason: 'x'.repeat(2001) }, 422], [{ vote: 'reject', reason: 'x'.repeat(40_000) }, 413],
  ])('refuses the fields %#', async (fields, status) => {
    const { cookie, csrf } = await opened();
    const got = await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie }, body: form({ csrf, ...(fields as Record<string, string>) }) });
    expect([got.status, posts().length]).toEqual([status, 0]);
    expect(got.headers['content-type']).toContain('text/html');
  });

  it.each([
    [problem(409, 'link_used'), 409, 'This link was used'], [problem(410, 'link_expired'), 410, 'has expired'], [problem(409, 'link_closed'), 409, 'is closed'], [problem(409, 'vote_not_eligible'), 409, 'The gatekeeper says'],
    [problem(422, 'assertion_signature'), 422, 'The gatekeeper says'], [problem(404, 'unknown_link'), 404, 'nothing here'], [problem(403, 'forbidden'), 502, 'cannot be shown'], [{ status: 503 }, 503, 'Not now'],
  ])('shows what the gatekeeper refused: %#', async (reply, status, text) => {
    const { cookie, csrf } = await opened();
    answer = reply;
    const got = await stage.browse('POST', `/a/${TOKEN}`, { headers: { ...FORM, cookie }, body: form({ csrf, vote: 'reject' }) });
    expect(got.status).toBe(status);
    expect(got.body).toContain(text);
  });
});

it.each(['PUT', 'PATCH', 'DELETE'])('%s of a link does nothing, and says what does', async (method) => {
  expect(await stage.browse(method, `/a/${TOKEN}`)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS, POST', 'content-type': 'text/html; charset=utf-8' } });
});
