import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CodedError, type JsonObject } from '#decider';
import { listen } from '#edge';
import type { StoredEntry } from '#ledger';
import { journalKeyPath, ledgerKeyPath, seal } from '#vault';
import { openViews } from '#views';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { ask, loopbackTls } from '../../test/loopback.js';
import { adminApp } from './app.js';
import { Sources } from './queries.js';
import { ViewKeeper } from './view-keeper.js';

const TOKEN = 'a-token-of-an-auditor';
const OTHERS = 'a-token-of-somebody-else';
const tokenOf = (token: string) => [{ name: 'auditor', sha256: createHash('sha256').update(token).digest('hex') }];
const tenants = [{ id: 'acme', tokens: tokenOf(TOKEN) }, { id: 'globex', tokens: tokenOf(OTHERS) }];

const ID = 'c-0f8fad5b-d9cb-469f-a165-70867728950e';
const HOSTILE = 'Offboard ada@acme.example </blockquote><script>alert(1)</script> \u202Egnp.exe';
const caseKey = new Uint8Array(32).fill(1);
const journalKey = new Uint8Array(32).fill(2);
const sealed = (field: string, value: string | JsonObject) => seal(value, caseKey, `acme/${ID}/${field}`);
const told = (type: string, data: JsonObject): JsonObject => ({ v: 1, type, at: '2026-11-23T09:00:00.000Z', case: ID, data });
const stateSealed = seal('{"active":true,"exists":true}', journalKey, JSON.stringify(['state.recorded', 'acme', ID, 'scim', 'u-1', 1, 1]));

const said = (type: string, data: JsonObject, actor = 'gatekeeper'): Said => ({ type, case: ID, data, actor });
const story: readonly Said[] = [
  { type: 'ledger.opened', case: null, data: { by: 'gatekeeper' } },
  said('request.received', { pipeline: 'offboard', requester: 'p-1', channel: 'http', format: 'text', text: sealed('text', HOSTILE), idempotency: null, follows: null }, 'p-1'),
  said('intent.parsed', { action: 'offboard', confidence: 0.93, flags: [], target: sealed('target', { kind: 'address', value: 'ada@acme.example' }), claimedRequester: null, reason: null, model: { name: 'small-1', outcome: 'answered', filled: ['reason'], differs: [], answer: sealed('model/answer', { target: 'ada@acme.example' }) } }),
  said('evidence.taken', { phase: 'soft', person: 'p-2', resolved: 'one', findings: [], plan: [{ portal: 'scim' }], sources: [{ source: 'hris' }, { source: 'hris' }], label: sealed('label/soft', { name: 'Ada Byron', address: 'ada@acme.example', candidates: [] }) }),
  said('risk.scored', { phase: 'soft', score: 0.81, components: [{ name: 'privilege', value: 1, weight: 0.81, because: 'holds administrator rights' }, { name: 'recent_escalation', value: 0, weight: 0.1, because: 'no recent escalation' }] }),
  said('gate.decided', { phase: 'soft', outcome: 'require_hitl', reasons: [{ rule: 'hitl.risk', text: 'the risk is high' }] }),
  said('approval.requested', { number: 1, approvers: ['p-3'], needed: 1, approvable: true, expiresAt: '2026-11-24T09:00:00.000Z' }),
  said('approval.voted', { number: 1, approver: 'p-3', vote: 'approve', strength: 'passkey', proof: { kind: 'passkey', digest: 'd'.repeat(64) } }, 'p-3'),
  said('soft.ordered', { order: 1, acceptBy: '2026-11-23T09:10:00.000Z' }),
  said('receipt.taken', { seq: 1, hash: 'a'.repeat(64), entry: told('state.recorded', { portal: 'scim', account: 'u-1', part: 1, parts: 1, sealed: stateSealed }) }),
  said('receipt.taken', { seq: 2, hash: 'a'.repeat(64), entry: told('state.recorded', { portal: '../../packet-hmac', account: 'u-1', part: 1, parts: 1, sealed: stateSealed }) }),
  said('receipt.taken', { seq: 3, hash: 'a'.repeat(64), entry: told('step.applied', { portal: 'scim', account: 'u-1', effects: 'not a list' }) }),
];

const streams = new Map<string, readonly StoredEntry[]>([['ledger-acme', sampleBook('acme', story)], ['ledger-globex', sampleBook('globex', story.slice(0, 1))]]);
const store = sampleStore(streams);
const secrets = new Map<string, JsonObject>();
const asked: string[] = [];
let vaultAway = false;
const vault = {
  read: (path: string): Promise<JsonObject | undefined> => {
    asked.push(path);
    return vaultAway ? Promise.reject(new CodedError('vault_unreachable', 'away')) : Promise.resolve(secrets.get(path));
  },
};
const keyOf = (bytes: Uint8Array) => ({ key: Buffer.from(bytes).toString('base64url') });

let app: NestExpressApplication;
let ca: Buffer;
let origin: string;
let acme: ViewKeeper, globex: ViewKeeper;
const get = (path: string, token: string | null = TOKEN) => ask(`${origin}${path}`, ca, token === null ? undefined : `Bearer ${token}`);
const jsonAt = async (path: string, token?: string | null) => {
  const { status, headers, text } = await get(path, token);
  return { status, headers, body: JSON.parse(text) as Record<string, unknown> };
};
/** The case once its entry `seq` is in the views. */
async function caseFrom(seq: number): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await jsonAt(`/v1/cases/${ID}`);
    if (Number(body.lastSeq) >= seq) return body;
  }
}

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'admin-')), 'views.db');
  const views = new Map(tenants.map(({ id }) => [id, openViews({ file, tenant: id })]));
  const keeper = (tenant: string): ViewKeeper => new ViewKeeper(store, tenant, views.get(tenant)!, () => undefined);
  [acme, globex] = [keeper('acme'), keeper('globex')];
  acme.start();
  globex.start();
  const tls = await loopbackTls();
  ca = tls.ca;
  const probes = { views: () => acme.trouble };
  app = await adminApp({ tenants, sources: new Sources(views, vault, 'policies/bundle'), probes, tls, log: () => undefined });
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_ADMIN_LISTEN')}`;
  await caseFrom(story.length - 1);
});
afterAll(async () => {
  await app.close();
  await acme.end();
  await globex.end();
});
beforeEach(() => {
  vaultAway = false;
  secrets.set(ledgerKeyPath('acme', 'case', ID), keyOf(caseKey)).set(journalKeyPath('acme', ID, 'scim'), keyOf(journalKey));
  asked.length = 0;
});

interface Story {
  readonly stages: readonly { readonly stage: string; readonly entries: readonly { readonly type: string; readonly words: string; readonly data: JsonObject }[] }[];
}
const entriesAt = async (): Promise<Story['stages'][number]['entries']> => ((JSON.parse((await get(`/v1/cases/${ID}`)).text) as Story).stages).flatMap(({ entries }) => entries);

describe('a case', () => {
  it('is told stage by stage, with every fact and who decided', async () => {
    const { body } = await jsonAt(`/v1/cases/${ID}`);
    expect(body).toMatchObject({
      case: ID, stage: 'execute', phase: 'soft', person: 'p-2', score: 0.81, outcome: null,
      decided: [{ by: 'policy', words: 'Policy asks a human (soft): the risk is high' }, { by: 'p-3', words: 'p-3 approved (passkey)' }],
      stages: [{ stage: 'parse' }, { stage: 'verify' }, { stage: 'score' }, { stage: 'gate' }, { stage: 'approve' }, { stage: 'execute' }],
    });
    const entries = await entriesAt();
    expect(entries.map(({ type }) => type)).toEqual(story.slice(1).map(({ type }) => type));
    expect(entries.find(({ type }) => type === 'approval.voted')?.data.proof).toEqual({ kind: 'passkey', digest: 'd'.repeat(64) });
  });

  it('has its sealed fields opened while their keys exist, and says erased when they do not', async () => {
    const open = await entriesAt();
    expect(open[0]?.data.text).toEqual({ unsealed: HOSTILE });
    expect(open[1]).toMatchObject({ words: 'Understood as offboard, confidence 0.93; the model small-1: answered, filled in: reason', data: { model: { answer: { unsealed: { target: 'ada@acme.example' } } } } });
    expect(open[8]?.data.entry).toMatchObject({ data: { sealed: { unsealed: '{"active":true,"exists":true}' } } });
    secrets.clear();
    const erased = await entriesAt();
    expect([erased[0]?.data.text, erased[1]?.data.target, erased[2]?.data.label]).toEqual([{ erased: true }, { erased: true }, { erased: true }]);
    expect(erased[1]?.data).toMatchObject({ claimedRequester: null, model: { answer: { erased: true } } });
    expect((await get(`/cases/${ID}`)).text).toContain('<bdi>erased</bdi>');
    expect((await get(`/cases/${ID}`)).text).not.toContain('Ada');
  });

  it('is shown while Vault is away, and where a key does not fit', async () => {
    vaultAway = true;
    expect((await entriesAt())[0]?.data.text).toEqual({ unreadable: 'vault_unreachable' });
    vaultAway = false;
    secrets.set(ledgerKeyPath('acme', 'case', ID), keyOf(journalKey));
    expect((await entriesAt())[0]?.data.text).toEqual({ unreadable: 'unseal_failed' });
  });

  it("is read without asking Vault for anything but the case's own keys, whatever a doer says", async () => {
    const entries = await entriesAt();
    expect(new Set(asked)).toEqual(new Set([ledgerKeyPath('acme', 'case', ID), journalKeyPath('acme', ID, 'scim')]));
    expect(entries.at(-1)?.words).toBe('receipt.taken');
  });

  it('shows what is appended meanwhile', async () => {
    const before = streams.get('ledger-acme') ?? [];
    const [next] = sampleBook('acme', [...story, said('case.ended', { as: 'done', into: null })]).slice(-1);
    await store.append('ledger-acme', [next!], before.length - 1);
    expect(await caseFrom(before.length)).toMatchObject({ outcome: 'done' });
  });
});

describe('the list', () => {
  it("shows a tenant's own cases alone, filtered and paged", async () => {
    expect((await jsonAt('/v1/cases?limit=1')).body).toMatchObject({ cases: [{ case: ID }], next: null });
    expect((await jsonAt('/v1/cases?outcome=denied')).body).toEqual({ cases: [], next: null });
    expect((await jsonAt('/v1/cases?cursor=1')).body).toEqual({ cases: [], next: null });
    expect((await jsonAt('/v1/cases', OTHERS)).body).toEqual({ cases: [], next: null });
    expect((await jsonAt(`/v1/cases/${ID}`, OTHERS)).status).toBe(404);
  });

  it.each(['stage=baked', 'outcome=maybe', 'limit=0', 'limit=101', 'cursor=x', 'cursor=-1', 'cursor=', 'cursor=1e3', 'limit=1e1', 'nonsense=1'])('refuses ?%s by name', async (query) => {
    const { status, body } = await jsonAt(`/v1/cases?${query}`);
    expect([status, body.code]).toEqual([422, 'invalid_query']);
    expect(body.errors).toContainEqual({ field: query.split('=')[0], message: expect.any(String) });
  });
});

describe('the pages', () => {
  it('tell the story in words, with hostile text inert', async () => {
    const { text, headers } = await get(`/cases/${ID}`);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    expect(text).toContain('Looked up hris: one person, accounts in scim');
    expect(text).toContain('Risk 0.81 of 1: holds administrator rights (0.81)</p>');
    expect(text).toContain('<bdi>Ada Byron, ada@acme.example</bdi>');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; ⟨U+202E⟩gnp.exe');
    expect(text).not.toMatch(/<script|\u202E|<[^>]+ (?:on\w+|style)=|https?:\/\//);
  });

  it('list the cases and bring their own style, with a viewport for phones', async () => {
    const { text } = await get('/');
    expect(text).toContain(`<a href="/cases/${ID}">`);
    expect(text).toContain('name="viewport"');
    const style = await get('/page.css');
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.text).not.toMatch(/url\(|@import/);
  });
});

describe('what else it serves', () => {
  it('shows the policy that decides, in Rego with its digest', async () => {
    const { body } = await jsonAt('/v1/policy');
    expect(body).toMatchObject({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((body.files as { text: string }[])[0]?.text).toContain('package ');
  });

  it('describes itself in OpenAPI, and has no Swagger UI', async () => {
    const { body } = await jsonAt('/v1/openapi.json');
    expect(Object.keys(body.paths as object).sort()).toEqual(['/health', '/ready', '/v1/cases', '/v1/cases/{id}', '/v1/policy']);
    for (const path of ['/api', '/docs', '/v1/docs', '/api-json', '/swagger-ui.css']) expect((await get(path)).status).toBe(404);
  });

  it('asks for a token everywhere but at health and readiness, and never says what was wrong with it', async () => {
    const answers = await Promise.all([...['/', '/page.css', `/cases/${ID}`, '/v1/cases', '/v1/policy', '/v1/openapi.json', '/nothing'].map((path) => get(path, null)), get('/v1/cases', 'a-token-that-nobody-has'), ask(`${origin}/?token=${TOKEN}`, ca)]);
    for (const { status, text } of answers) expect([status, text]).toEqual([401, answers[0].text]);
    expect((await get('/health', null)).status).toBe(200);
    expect((await get('/ready', null)).status).toBe(200);
    expect((await ask(`${origin}/`, ca, `Basic ${Buffer.from(`auditor:${TOKEN}`).toString('base64')}`)).status).toBe(200);
  });
});
