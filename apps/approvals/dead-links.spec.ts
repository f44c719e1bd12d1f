import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApprovalView } from '#approvals';
import { PAGE, TOKEN, VIEW } from './rehearsal/sample.js';
import { type Got, type Reply, Stage } from './rehearsal/stage.js';

const stage = new Stage();
const PATH = `/a/${TOKEN}/renewal`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
let page: Reply;
let answer: Reply;
const posts = () => stage.got.filter(({ method }) => method === 'POST').map(({ path }) => path);

beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(() => {
  stage.got.length = 0;
  stage.logged.length = 0;
  page = { status: 200, body: { ...PAGE, state: 'expired' } };
  answer = { status: 202 };
  stage.gatekeeper = ({ method }) => (method === 'GET' ? page : answer);
});

/** The dead page as a browser gets it: where its form goes and what it sends. */
async function opened(): Promise<{ got: Got; action: string; cookie: string; csrf: string }> {
  const got = await stage.browse('GET', `/a/${TOKEN}`);
  return {
    got,
    action: /<form method="post" action="([^"]+)"/.exec(got.body)?.[1] ?? '',
    cookie: got.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
    csrf: /name="csrf" value="([^"]+)"/.exec(got.body)?.[1] ?? '',
  };
}

async function asked(headers: Readonly<Record<string, string>> = {}, csrf?: string): Promise<Got> {
  const form = await opened();
  return stage.browse('POST', form.action, { headers: { ...FORM, cookie: form.cookie, ...headers }, body: new URLSearchParams({ csrf: csrf ?? form.csrf }).toString() });
}

describe('an expired link', () => {
  it('offers a new one, and looking asks for none', async () => {
    const { got, action } = await opened();
    expect([got.status, action]).toEqual([410, PATH]);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      await stage.browse(method, `/a/${TOKEN}`);
      expect((await stage.browse(method, PATH)).status).toBe(405);
    }
    expect(posts()).toEqual([]);
  });

  it('has a new one sent by its form, to Slack and not to the page', async () => {
    const got = await asked();
    expect([got.status, posts()]).toEqual([202, [`/internal/v1/links/${TOKEN}/renewal`]]);
    expect(got.body).toContain('A new link is on its way');
    expect(got.body).not.toMatch(/Dana|href="[^"]*\/a\//);
    expect(stage.logged.join()).toContain('link_renewal_handed_on');
    expect(stage.logged.join()).not.toContain(TOKEN);
  });

  it.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }, undefined],
    ['of a browser that was never here', { cookie: '' }, undefined],
    ['with a made-up csrf token', {}, 'A'.repeat(43)],
  ])('sends nothing for a form %s', async (_, headers, csrf) => {
    expect((await asked(headers, csrf)).status).toBe(403);
    expect(posts()).toEqual([]);
  });

  it.each([
    ['link_open', 409, 'This was not accepted'],
    ['link_used', 409, 'This link was used'],
    ['link_closed', 409, 'This request is closed'],
    ['vote_not_eligible', 409, 'This was not accepted'],
    ['unknown_link', 404, 'There is nothing here'],
  ])('says so when the gatekeeper refuses with %s', async (code, status, says) => {
    answer = { status, body: { code, detail: 'The gatekeeper says no.' } };
    const got = await asked();
    expect([got.status, got.body.includes(says)]).toEqual([status, true]);
  });

  it('promises nothing while the gatekeeper is away', async () => {
    answer = { status: 503 };
    const got = await asked();
    expect([got.status, got.body.includes('on its way')]).toEqual([503, false]);
  });
});

describe('a closed link', () => {
  it.each<[ApprovalView['outcome'], string]>([
    ['granted', 'Enough people approved'],
    ['rejected', 'It was rejected'],
    ['expired', 'The time ran out'],
    ['superseded', 'what the HRIS says'],
  ])('says that the request was %s, offers nothing, and names nobody', async (outcome, says) => {
    page = { status: 200, body: { ...PAGE, state: 'closed', view: { ...VIEW, outcome, because: outcome === 'superseded' ? ['facts.hris_status'] : [] } } };
    const { got, action } = await opened();
    expect([got.status, action, got.body.includes(says)]).toEqual([409, '', true]);
    expect(got.body).not.toMatch(/Dana|p-1000|webauthn/);
  });

  it('is not shown with an outcome that nobody knows', async () => {
    page = { status: 200, body: { ...PAGE, state: 'closed', view: { ...VIEW, outcome: 'maybe' } } };
    expect((await opened()).got.status).toBe(502);
  });
});
