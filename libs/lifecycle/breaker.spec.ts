import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#decider';
import type { Entry } from '#ledger';
import { fromBase64url, type Packet } from '#packet';
import { openPolicy, type PolicyEngine } from '#policy';
import { DEFAULT_PROFILE, type LeaverLimits, score, SCOPES } from '#risk';
import { caseId, Scenario, TERMS, typesOf } from '../../test/lifecycle/scenario.js';
import { circumstancesOf, type Judge } from './index.js';

const LIMITS: LeaverLimits = { tenant: 5, source: 4, department: 3 };
const HOUR_MS = 3_600_000;
const tenantData = { ...(JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject), leavers_per_hour: LIMITS };

let policy: PolicyEngine;
beforeAll(async () => {
  policy = await openPolicy({ bundleDir: 'policies/bundle', tenantData, deadlineMs: 60_000 });
});
afterAll(() => policy.close());

/** A tenant under the limits, whose judgements are scored and decided as the gatekeeper has it done, by the committed policy. */
class Tenant extends Scenario {
  readonly departments = new Map<string, string | null>();

  constructor() {
    super({ ...TERMS, leaverLimits: LIMITS });
  }

  leaves(n: number, { channel = 'api', department = null as string | null } = {}): string {
    const id = caseId(n);
    this.departments.set(id, department);
    this.requested({ id, channel });
    return id;
  }

  /** Looks at the world and asks policy; what it said is put on record later, or never. */
  async look(id: string): Promise<Judge | undefined> {
    const asked = this.next(id);
    if (!asked || !('task' in asked) || asked.task.do !== 'judge') return undefined;
    const found = this.found(id);
    const { phase } = asked.task;
    const department = this.departments.get(id) ?? null;
    const circumstances = circumstancesOf(this.state, found, department, DEFAULT_PROFILE.thresholds, this.now);
    const told = this.judgement(phase, { person: `p-1${id.slice(-3)}` }, id);
    const { score: sum, components } = score({ facts: told.input.evidence.facts, findings: [], resolved: 'one', confidence: 1, circumstances }, DEFAULT_PROFILE);
    const input = { ...told.input, risk: { score: sum, components: components.map(({ name, value, weight }) => ({ name, value, weight })) }, circumstances };
    return { ...told, input, risk: { phase, score: sum, components }, evidence: { ...told.evidence, department }, decision: await policy.decide('gatehouse/offboard/decision', input) };
  }

  async judgedNow(id: string): Promise<readonly Entry[]> {
    const judge = await this.look(id);
    return judge ? this.in(judge, id) : [];
  }
}

const rulesOf = (scenario: Tenant, id: string): readonly string[] => scenario.found(id).judgements.soft?.gate?.reasons.map(({ rule }) => rule) ?? [];
const packetIn = ({ data }: Entry): Packet => JSON.parse(Buffer.from(fromBase64url(data.packet as string)!).toString()) as Packet;

describe('the breaker', () => {
  test('lets as many leave as the limit says, and has two people decide about each further one, with its reason in words', async () => {
    const tenant = new Tenant();
    for (let n = 1; n <= 3; n += 1) expect(typesOf(await tenant.judgedNow(tenant.leaves(n, { department: 'sales' })))).toContain('soft.ordered');
    const held = tenant.leaves(4, { department: 'sales' });
    expect(typesOf(await tenant.judgedNow(held))).toContain('approval.requested');
    expect(tenant.found(held).judgements.soft?.gate).toMatchObject({
      quorum: 2,
      reasons: [{ rule: 'hitl.leavers_department', text: 'More people of one department lose access within an hour than this tenant lets go without two people' }],
    });
    // of another department one more may go, then one more through another channel, then nobody
    expect(typesOf(await tenant.judgedNow(tenant.leaves(5, { department: 'it' })))).toContain('soft.ordered');
    const sixth = tenant.leaves(6, { department: 'it' });
    expect([typesOf(await tenant.judgedNow(sixth)).includes('soft.ordered'), rulesOf(tenant, sixth)]).toEqual([false, ['hitl.leavers_source']]);
    expect(typesOf(await tenant.judgedNow(tenant.leaves(7, { department: 'it', channel: 'tickets' })))).toContain('soft.ordered');
    const last = tenant.leaves(8, { channel: 'hris' });
    expect([typesOf(await tenant.judgedNow(last)).includes('soft.ordered'), rulesOf(tenant, last)]).toEqual([false, ['hitl.leavers']]);
    tenant.voted('p-7', 'approve', { id: last });
    expect(tenant.found(last).orders).toEqual([]);
    tenant.voted('p-8', 'approve', { id: last });
    expect(typesOf(await tenant.judgedNow(last))).toContain('soft.ordered');
  });

  test('holds deletions, too, of those who left before it tripped, and lets go again when the hour is over', async () => {
    const tenant = new Tenant();
    const ids = [1, 2, 3].map((n) => tenant.leaves(n, { department: 'sales' }));
    for (const id of ids) {
      await tenant.judgedNow(id);
      tenant.finished('done', id);
    }
    const fourth = tenant.leaves(4, { department: 'sales' });
    await tenant.judgedNow(fourth);
    for (const approver of ['p-7', 'p-9']) tenant.voted(approver, 'approve', { id: fourth });
    await tenant.judgedNow(fourth);
    tenant.later(TERMS.windowSeconds);
    expect(typesOf(await tenant.judgedNow(ids[0]!))).toContain('approval.requested');
    tenant.later(3_660);
    expect(typesOf(await tenant.judgedNow(ids[1]!))).toContain('hard.ordered');
    expect(typesOf(await tenant.judgedNow(tenant.leaves(5, { department: 'sales' })))).toContain('soft.ordered');
  });

  test('asks policy again where others left while it was being asked', async () => {
    const tenant = new Tenant();
    const ids = [1, 2, 3, 4, 5].map((n) => tenant.leaves(n, { department: 'sales' }));
    const judgements = await Promise.all(ids.map((id) => tenant.look(id)));
    const written = ids.map((id, i) => typesOf(tenant.in(judgements[i]!, id)).includes('soft.ordered'));
    expect(written).toEqual([true, true, true, false, false]);
    expect(tenant.types(ids[4])).toEqual(['request.received', 'intent.parsed']);
    expect(typesOf(await tenant.judgedNow(ids[4]!))).toContain('approval.requested');
  });

  test('keeps the most unusual hour that a case was judged in: an hour later it is as risky as before', async () => {
    const tenant = new Tenant();
    for (let n = 1; n <= 60; n += 1) {
      const id = tenant.leaves(n);
      await tenant.judgedNow(id);
      for (const approver of ['p-7', 'p-8']) if (tenant.found(id).approval) tenant.voted(approver, 'approve', { id });
      await tenant.judgedNow(id);
    }
    const held = tenant.leaves(61);
    await tenant.judgedNow(held);
    const crowd = { scope: 'department', last: 61, usual: 0 };
    expect(tenant.found(held).judgements.soft?.gate?.input.circumstances?.worst).toEqual(crowd);
    tenant.later(7_200);
    expect(circumstancesOf(tenant.state, tenant.found(held), null, DEFAULT_PROFILE.thresholds, tenant.now)).toMatchObject({ worst: crowd, leavers: { department: { last: 1 } } });
  });
});

const nth = fc.nat({ max: 11 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('leave' as const), channel: fc.constantFrom('api', 'api', 'tickets'), department: fc.constantFrom('sales', 'sales', 'it', null) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('look' as const), n: nth }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('record' as const), n: nth }) },
  { weight: 16, arbitrary: fc.record({ what: fc.constant('judge' as const), n: nth }) },
  { weight: 10, arbitrary: fc.record({ what: fc.constant('vote' as const), n: nth, people: fc.subarray(['p-7', 'p-8', 'p-9']) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('finish' as const), n: nth }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('wait' as const), seconds: fc.constantFrom(1, 1, 59, 301, 301, 301, 900, 3_599) }) },
);

async function play(tenant: Tenant, steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): Promise<void> {
  const looked = new Map<string, Judge>();
  const ids: string[] = [];
  for (const one of steps) {
    const id = 'n' in one && ids.length > 0 ? ids[one.n % ids.length] : undefined;
    if (one.what === 'leave') ids.push(tenant.leaves(ids.length + 1, one));
    if (one.what === 'wait') tenant.later(one.seconds);
    if (id === undefined) continue;
    if (one.what === 'look') {
      const judge = await tenant.look(id);
      if (judge) looked.set(id, judge);
    }
    const judge = looked.get(id);
    if (one.what === 'record' && judge) tenant.in(judge, id);
    if (one.what === 'vote' && tenant.found(id).approval) for (const person of one.people) tenant.voted(person, 'approve', { id });
    if (one.what === 'judge' || one.what === 'vote') await tenant.judgedNow(id);
    if (one.what === 'finish' && tenant.found(id).orders.at(-1)?.finished === null) tenant.finished('done', id);
  }
}

test('no sequence of requests beyond the limit executes with fewer than two approvals', async () => {
  const seen = { within: 0, beyond: 0, hard: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 80, maxLength: 160, size: 'max' }), async (steps) => {
      const tenant = new Tenant();
      await play(tenant, steps);
      const taken = tenant.log.filter(({ type }) => type === 'soft.ordered' || type === 'hard.ordered');
      const first = taken.filter(({ type, case: id }, i) => type === 'soft.ordered' && taken.findIndex((one) => one.case === id) === i);
      for (const ordered of taken) {
        const belongs = (id: string | null): readonly unknown[] => ['', tenant.found(id!).request.received.channel, tenant.departments.get(id!) ?? null];
        const around = first.filter(({ seq, at }) => seq <= ordered.seq && Date.parse(at) > Date.parse(ordered.at) - HOUR_MS);
        const beyond = SCOPES.some((scope, i) => around.filter((one) => belongs(one.case)[i] === belongs(ordered.case)[i]).length > LIMITS[scope]);
        seen[beyond ? 'beyond' : 'within'] += 1;
        if (!beyond) continue;
        if (ordered.type === 'hard.ordered') seen.hard += 1;
        const voters = new Set(tenant.log.filter(({ type, case: id, seq }) => type === 'approval.voted' && id === ordered.case && seq < ordered.seq).map(({ data }) => data.approver));
        expect([packetIn(ordered).approvals === null, voters.size >= 2]).toEqual([false, true]);
      }
    }),
    { numRuns: 200 },
  );
  // a law that is never put to the test proves nothing
  expect([seen.within > 100, seen.beyond > 20, seen.hard > 0, seen]).toEqual([true, true, true, seen]);
}, 300_000);
