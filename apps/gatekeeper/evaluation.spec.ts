import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { listen } from '#edge';
import type { Employee, Hris } from '#evidence';
import { folderSource, RunningPolicy } from '#policy';
import { type Connector, PortalError } from '#portals';
import { parseProfile } from '#risk';
import { type Answer, exchange } from '#vault';
import { authority } from '../../test/certificates/authority.js';
import { Scenario } from '../../test/lifecycle/scenario.js';
import { gatekeeperApp } from './app.js';
import { Decisions } from './decisions.js';
import { ENTRYPOINTS, Gate } from './gate.js';
import { IntakeLimits } from './intake-limits.js';
import type { TenantSettings } from './settings.js';
import type { TenantRuntime } from './tenant.js';
import { Tenants } from './tenants.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const TOKEN = 'a-token-of-the-people-team';
const LIMIT = { burst: 120, perSecond: 1 };
const tenantData = { ...(JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject), protected_people: ['p-1'] };
const person = (employeeNumber: string, status: Employee['status']): Employee => ({
  employeeNumber, status, displayName: `Person ${employeeNumber}`, workEmail: `p${employeeNumber}@acme.example`, aliases: [], formerNames: [], formerEmails: [],
  employmentType: 'employee', lastDay: status === 'active' ? null : '2026-11-23',
});
const PEOPLE = [person('1', 'leaving'), person('2', 'leaving'), person('3', 'active'), person('4', 'leaving'), person('9', 'leaving')];

/** A portal in which person 4 is an administrator; it only ever looks. */
const portal = (asked: string[], down: () => boolean): Connector => {
  const never = (): never => {
    throw new Error('an evaluation only looks');
  };
  return {
    kind: 'directory', portal: 'directory', unrestorable: [], effects: () => [], inspect: never, plan: never, apply: never,
    holds: (state) => (state.exists ? { privilege: state.admin === true ? 'admin' : 'none', production_owner: false, recent_escalation: false } : {}),
    find: async (subject) => {
      await Promise.resolve();
      asked.push('directory');
      if (down()) throw new PortalError('portal_unreachable', 'down');
      const employee = 'employee' in subject ? subject.employee : '';
      return PEOPLE.every(({ employeeNumber }) => employeeNumber !== employee) ? [] : [{ portal: 'directory', account: `d-${employee}`, employee, label: {}, matchedOn: 'employee', state: { exists: true, admin: employee === '4' } }];
    },
  };
};

let app: NestExpressApplication, origin: string, ca: string, policy: RunningPolicy, gate: Gate, down: boolean;
const asked: string[] = [];
const logged: object[] = [];
const scenario = new Scenario();

beforeAll(async () => {
  const identity = await (await authority())('gatekeeper');
  ca = identity.ca.toString();
  policy = new RunningPolicy({ source: folderSource('policies/bundle'), entrypoints: Object.values(ENTRYPOINTS), everyMs: 60_000, deadlineMs: 60_000, hear: () => undefined });
  gate = await Gate.open(policy, tenantData);
  const settings = { id: 'acme', zone: 'UTC', tokens: [{ sha256: createHash('sha256').update(TOKEN).digest('hex'), requester: 'p-9' }], portals: [] as TenantSettings['portals'], feeds: [] as TenantSettings['feeds'] } as TenantSettings;
  const hris: Hris = { find: (query) => Promise.resolve(PEOPLE.filter(({ employeeNumber }) => 'employeeNumber' in query && query.employeeNumber === employeeNumber)) };
  // a ledger that can be read and nothing else: whatever would write fails
  const ledger = { state: scenario.state, head: { seq: 0 } } as TenantRuntime['ledger'];
  const runtime = { settings, risk: parseProfile({}, 'acme.risk'), ledger, policy: gate, hris, portals: [portal(asked, () => down)] as TenantRuntime['portals'] } as TenantRuntime;
  const tenants = new Tenants([settings], () => undefined);
  await tenants.open(() => Promise.resolve(runtime), () => undefined);
  const decisions = new Decisions(tenants, { linkKey: new Uint8Array(32), slackSigningSecret: 'x', publicUrl: 'https://localhost' }, () => NOW, () => undefined);
  app = await gatekeeperApp(tenants, decisions, { ...identity, minVersion: 'TLSv1.2' }, (event, facts) => void logged.push({ event, ...facts }), () => NOW, new IntakeLimits(LIMIT, () => NOW));
  origin = `https://${await listen(app, '127.0.0.1:0', 'X')}`;
});
beforeEach(() => {
  down = false;
  asked.length = 0;
  logged.length = 0;
});
afterAll(async () => {
  await app.close();
  await gate.close();
  await policy.close();
});

const QUESTION = { subject: { type: 'person', id: 'p-9' }, action: { name: 'offboard' }, resource: { type: 'person', id: 'p-2' } };
const about = (id: string, more: JsonObject = {}): JsonObject => ({ ...QUESTION, resource: { type: 'person', id }, ...more });
const post = (body: JsonValue | undefined, { path = 'evaluation', headers = {} }: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Answer> =>
  exchange({ method: 'POST', url: `${origin}/access/v1/${path}`, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers }, ca, timeoutMs: 60_000, ...(body !== undefined && { body: JSON.stringify(body) }) });
const bodyOf = ({ text }: Answer): JsonObject => {
  const body = JSON.parse(text) as JsonValue;
  return isJsonObject(body) ? body : {};
};
const said = (answer: JsonValue | undefined) => {
  const { decision, context } = answer !== undefined && isJsonObject(answer) ? answer : {};
  const { outcome, quorum, reasons } = context !== undefined && isJsonObject(context) ? context : {};
  return [decision, outcome, quorum, Array.isArray(reasons) ? reasons.map((reason: JsonValue) => isJsonObject(reason) && reason.rule) : reasons];
};

describe('POST /access/v1/evaluation', () => {
  it.each<[string, JsonObject, unknown[]]>([
    ['an ordinary leaver', QUESTION, [true, 'allow', 1, ['allow.leaver']]],
    ['somebody who is not leaving', about('p-3'), [false, 'require_hitl', 1, ['hitl.hris_not_terminated']]],
    ['another last day than the HRIS has', about('p-2', { context: { effective: '2026-12-24T09:00:00Z' } }), [false, 'require_hitl', 1, ['hitl.hris_date']]],
    ['an administrator', about('p-4'), [true, 'allow', 1, ['allow.leaver']]],
    ['somebody protected', about('p-1'), [false, 'block', 1, ['block.protected']]],
    ['somebody unknown', about('p-5'), [false, 'require_hitl', 2, expect.arrayContaining(['hitl.identity', 'hitl.no_target'])]],
    ['oneself', about('p-9'), [false, 'deny', 1, ['deny.own_access']]],
    ['access back', about('p-3', { action: { name: 'reinstate' } }), [true, 'allow', 1, ['allow.reinstate']]],
    ['an erasure', about('p-2', { action: { name: 'erase' } }), [false, 'require_hitl', 2, ['hitl.erasure']]],
  ])('says what the gate would say of %s', async (_, body, expected) => {
    const answer = await post(body);
    expect([answer.status, ...said(bodyOf(answer))]).toEqual([200, ...expected]);
  });

  it('names by digests what the answer rests on, and gives the same answer again', async () => {
    const [first, second] = [bodyOf(await post(QUESTION)), bodyOf(await post(QUESTION))];
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/u);
    expect(first.context).toMatchObject({ policy: policy.bundle?.digest, tenantData: digest, input: digest, digest });
    expect(second).toEqual(first);
  });

  it('believes nothing that the asker says of people, and overlooks what it does not know', async () => {
    const properties = { hris_status: 'terminated', privilege: 'none' };
    const body = { ...about('p-3'), resource: { type: 'person', id: 'p-3', properties }, context: { time: '2026-11-23T10:00-07:00', risk: 0 }, future: true };
    expect(said(bodyOf(await post(body)))[0]).toBe(false);
  });

  it('takes a silent source for what it is, at once', async () => {
    down = true;
    const answer = bodyOf(await post(QUESTION));
    expect(said(answer)).toEqual([false, 'require_hitl', 2, expect.arrayContaining(['hitl.source_unknown'])]);
  });

  it('writes nothing and touches nothing', async () => {
    const before = scenario.log.length;
    await post(QUESTION);
    expect([scenario.log.length, asked]).toEqual([before, ['directory']]);
  });

  it.each<[string, JsonValue | undefined, string | undefined]>([
    ['no subject', { ...QUESTION, subject: null }, 'subject'],
    ['a text for a subject', { ...QUESTION, subject: 'p-9' }, 'subject'],
    ['a list of subjects', { ...QUESTION, subject: [QUESTION.subject] }, 'subject'],
    ['a subject without an id', { ...QUESTION, subject: { type: 'person' } }, 'subject.id'],
    ['an address for an id', { ...QUESTION, resource: { type: 'person', id: 'jane@acme.example' } }, 'resource.id'],
    ['a resource of another type', { ...QUESTION, resource: { type: 'document', id: 'p-2' } }, 'resource.type'],
    ['an action without a name', { ...QUESTION, action: {} }, 'action.name'],
    ['an action that is none here', { ...QUESTION, action: { name: 'promote' } }, 'action.name'],
    ['a day that is none', { ...QUESTION, context: { effective: 'soonish' } }, 'context.effective'],
    ['a leap second', { ...QUESTION, context: { effective: '2026-12-31T23:59:60Z' } }, 'context.effective'],
    ['a list', [QUESTION], undefined],
    ['nothing', undefined, undefined],
  ])('refuses %s, and names the field', async (_, body, field) => {
    const answer = await post(body);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(bodyOf(answer)).toMatchObject({ code: 'invalid_body', ...(field !== undefined && { errors: expect.arrayContaining([expect.objectContaining({ field })]) }) });
    expect(asked).toEqual([]);
  });

  it('answers nobody in the name of another', async () => {
    const answer = await post({ ...QUESTION, subject: { type: 'person', id: 'p-3' } });
    expect([answer.status, bodyOf(answer)]).toEqual([403, expect.objectContaining({ code: 'forbidden', errors: [expect.objectContaining({ field: 'subject.id' })] })]);
    expect([asked, logged]).toEqual([[], []]);
  });

  it('keeps in the log who asked about whom', async () => {
    await post(about('p-1'));
    expect(logged).toEqual([{ event: 'evaluated', tenant: 'acme', requester: 'p-9', action: 'offboard', person: 'p-1', outcome: 'block' }]);
  });

  it('gives everybody their X-Request-ID back, and answers nobody without a token', async () => {
    const id = { 'x-request-id': 'bfe9eb29' };
    const answers = [await post(QUESTION, { headers: id }), await post({}, { headers: id }), await post(QUESTION, { headers: { ...id, authorization: 'Bearer of-nothing-at-all' } })];
    expect(answers.map(({ status, headers }) => [status, headers['x-request-id']])).toEqual([[200, 'bfe9eb29'], [400, 'bfe9eb29'], [401, 'bfe9eb29']]);
  });
});

describe('POST /access/v1/evaluations', () => {
  const several = async (body: JsonObject) => {
    const { evaluations } = bodyOf(await post(body, { path: 'evaluations' }));
    return Array.isArray(evaluations) ? evaluations.map((one: JsonValue) => said(one)[0]) : evaluations;
  };
  const { resource: _, ...defaults } = QUESTION;
  const ids = (...people: readonly string[]): JsonObject[] => people.map((id) => ({ resource: { type: 'person', id } }));

  it.each<[string, boolean[]]>([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('answers in order, with what holds for all, and ends as %s says', async (evaluations_semantic, expected) => {
    expect(await several({ ...defaults, evaluations: ids('p-2', 'p-3', 'p-2'), options: { evaluations_semantic } })).toEqual(expected);
  });

  it('denies the one that cannot be read, and answers the others', async () => {
    const answer = bodyOf(await post({ ...defaults, evaluations: [...ids('p-2'), {}] }, { path: 'evaluations' }));
    expect(answer).toMatchObject({ evaluations: [{ decision: true }, { decision: false, context: { error: { status: 400, errors: [{ field: 'resource', message: 'resource must be an object' }] } } }] });
  });

  it('takes a body that lists none for one question', async () => {
    for (const body of [QUESTION, { ...QUESTION, evaluations: [] }]) expect(bodyOf(await post(body, { path: 'evaluations' }))).toMatchObject({ decision: true });
  });

  it.each([
    ['a list that is none', { evaluations: 'all' }],
    ['more than it answers at once', { evaluations: Array.from({ length: 21 }, () => QUESTION) }],
    ['another way to go on', { evaluations: [QUESTION], options: { evaluations_semantic: 'sometimes' } }],
  ])('refuses %s', async (_name, body) => {
    expect((await post(body, { path: 'evaluations' })).status).toBe(400);
  });

  it('counts each question, and answers none beyond the limit', async () => {
    for (let count = 0; count < LIMIT.burst; count += 20) await post({ ...defaults, evaluations: ids(...Array.from({ length: 20 }, () => 'p-2')) }, { path: 'evaluations' });
    asked.length = 0;
    const answer = await post(QUESTION);
    expect([answer.status, answer.headers['retry-after'], bodyOf(answer).code, asked]).toEqual([429, '1', 'too_many_requests', []]);
  });
});
