import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '#decider';
import { jcs, sha256Hex } from '#ledger';
import { type Decision, type ErasureInput, openPolicy, type PolicyEngine, type PolicyInput } from './index.js';

const BUNDLE = 'policies/bundle';
const OFFBOARD = 'gatehouse/offboard/decision';
const tenantData = JSON.parse(await readFile('policies/tenant/data.json', 'utf8')) as JsonObject;

const leaver: PolicyInput = {
  v: 1,
  tenant: 'acme',
  pipeline: 'offboard',
  phase: 'soft',
  at: '2026-11-23T09:00:00.000Z',
  requester: 'p-1',
  requesters: ['p-1'],
  subject: 'p-2',
  accounts: [{ portal: 'scim', account: 's-2' }],
  approvers: [],
  intent: { action: 'offboard', confidence: 0.93, flags: [], source: 'text' },
  evidence: {
    resolved: 'one',
    findings: [],
    facts: {
      privilege: 'none',
      production_owner: false,
      recent_escalation: false,
      hris_status: 'terminated',
      employment: 'employee',
      accounts: 2,
    },
  },
  risk: { score: 0.11, components: [{ name: 'parse_confidence', value: 0.07, weight: 0.1 }] },
};

const crowd = (last: number) => ({ last, usual: 4 });
const around = (last: number): NonNullable<PolicyInput['circumstances']> => ({
  source: 'api',
  department: 'sales',
  leavers: { tenant: crowd(last), source: crowd(1), department: crowd(1) },
  worst: { scope: 'tenant', ...crowd(last) },
  requests: { all: 90, by_requester: 9, around_hour: 30 },
});

const opened: PolicyEngine[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((engine) => engine.close()));
});
async function open(options: Partial<Parameters<typeof openPolicy>[0]> = {}): Promise<PolicyEngine> {
  const engine = await openPolicy({ bundleDir: BUNDLE, tenantData, deadlineMs: 60_000, ...options });
  opened.push(engine);
  return engine;
}
const rules = (decision: Decision) => decision.reasons.map(({ rule }) => rule);
/** A copy of the committed bundle, to be damaged. */
async function copied(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await cp(BUNDLE, folder, { recursive: true });
  return folder;
}

describe('the committed policy', () => {
  it.each<[string, Partial<PolicyInput>, string, string[], number]>([
    ['allows an ordinary leaver', {}, 'allow', ['allow.leaver'], 1],
    ['asks a human about a risky one', { risk: { score: 0.8, components: [] } }, 'require_hitl', ['hitl.risk'], 1],
    ['asks two people from 0.85', { risk: { score: 0.85, components: [] } }, 'require_hitl', ['hitl.risk'], 2],
    ['blocks from 0.95', { risk: { score: 0.95, components: [] } }, 'block', ['block.risk', 'hitl.risk'], 2],
    ['refuses a request about oneself', { requesters: ['p-1', 'p-2'] }, 'deny', ['deny.own_access'], 1],
    ['refuses an approval by someone who asked', { approvers: ['p-7', 'p-1'] }, 'deny', ['deny.own_approval'], 1],
    ['has a human look at a request about nobody', { subject: null }, 'require_hitl', ['hitl.no_target'], 1],
    ['refuses a later order about nobody', { subject: null, phase: 'hard' }, 'deny', ['deny.no_target'], 1],
    ['lets as many leave as the limit says', { circumstances: around(10_000) }, 'allow', ['allow.leaver'], 1],
    ['has two people decide about each one more', { circumstances: around(10_001) }, 'require_hitl', ['hitl.leavers'], 2],
    ['gives access back', { phase: 'reinstate' }, 'allow', ['allow.reinstate'], 1],
    [
      'asks a human about a flagged text',
      { intent: { ...leaver.intent, flags: ['prompt_injection_suspected'], confidence: 0.3 } },
      'require_hitl',
      ['hitl.confidence', 'hitl.injection'],
      1,
    ],
  ])('%s', async (_, change, outcome, expected, quorum) => {
    const decision = await (await open()).decide(OFFBOARD, { ...leaver, ...change });
    expect({ outcome: decision.outcome, rules: rules(decision), quorum: decision.quorum }).toEqual({ outcome, rules: expected, quorum });
  });

  it.each<[string, Partial<ErasureInput>, string, string[]]>([
    ['has two people decide about an erasure', {}, 'require_hitl', ['hitl.erasure']],
    ['erases nobody who has an open case', { cases: { open: 1, closed: 2 } }, 'deny', ['deny.erasure_open_case', 'hitl.erasure']],
    ['erases nobody who asks for it themselves', { requester: 'p-2' }, 'deny', ['deny.own_erasure', 'hitl.erasure']],
  ])('%s', async (_, change, outcome, expected) => {
    const asked: ErasureInput = { v: 1, tenant: 'acme', procedure: 'erasure', requester: 'p-1', subject: 'p-2', cases: { open: 0, closed: 2 } };
    const decision = await (await open()).decide('gatehouse/erasure/decision', { ...asked, ...change });
    expect({ outcome: decision.outcome, rules: rules(decision), quorum: decision.quorum }).toEqual({ outcome, rules: expected, quorum: 2 });
  });

  it('takes its limits and protected people from the tenant', async () => {
    const strict = await open({ tenantData: { ...tenantData, require_hitl_from: 0.1 } });
    expect((await strict.decide(OFFBOARD, leaver)).outcome).toBe('require_hitl');
    const guarded = await open({ tenantData: { ...tenantData, protected_people: ['p-2'] } });
    expect(rules(await guarded.decide(OFFBOARD, leaver))).toEqual(['block.protected']);
  });

  it.each<[string, JsonObject, string[], number]>([
    ['break-glass accounts', { break_glass_accounts: [{ portal: 'scim', account: 's-2' }] }, ['block.break_glass'], 1],
    ['a change freeze', { freezes: [{ from: leaver.at, until: '2027-01-01T00:00:00.000Z' }] }, ['hitl.freeze'], 2],
    ['the right to ask', { may_request: { hr: { people: ['p-3'], actions: ['offboard'] } } }, ['deny.requester'], 1],
  ])('takes %s from the tenant', async (_, lists, expected, quorum) => {
    const decision = await (await open({ tenantData: { ...tenantData, ...lists } })).decide(OFFBOARD, leaver);
    expect({ rules: rules(decision), quorum: decision.quorum }).toEqual({ rules: expected, quorum });
  });

  it('denies an input that lacks any of its members', async () => {
    const engine = await open();
    for (const name of Object.keys(leaver)) {
      const lacking = Object.fromEntries(Object.entries(leaver).filter(([key]) => key !== name)) as typeof leaver;
      expect(rules(await engine.decide(OFFBOARD, lacking))).toContain('deny.input');
    }
  });

  it('never allows more when the score rises', async () => {
    const engine = await open();
    const severity = ['allow', 'require_hitl', 'deny', 'block'];
    const at = async (score: number) => severity.indexOf((await engine.decide(OFFBOARD, { ...leaver, risk: { score, components: [] } })).outcome);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), async (a, b) => {
        expect(await at(Math.max(a, b))).toBeGreaterThanOrEqual(await at(Math.min(a, b)));
      }),
    );
  });
});

describe('a decision', () => {
  it('names by digests all that it rests on, and can be computed again from them', async () => {
    const decision = await (await open()).decide(OFFBOARD, leaver);
    const { outcome, reasons, quorum, policyDigest, dataDigest, inputDigest } = decision;
    expect(policyDigest).toBe(sha256Hex(await readFile(join(BUNDLE, 'policy.wasm'))));
    expect(dataDigest).toBe(sha256Hex(jcs(tenantData)));
    expect(inputDigest).toBe(sha256Hex(jcs(leaver)));
    const covered = { v: 1, entrypoint: OFFBOARD, policy: policyDigest, data: dataDigest, input: inputDigest, outcome, reasons, quorum };
    expect(decision.digest).toBe(sha256Hex(jcs(covered)));
  });

  it('is the same for the same question, and another for another', async () => {
    const engine = await open();
    const other = await open({ tenantData: { ...tenantData, two_people_from: 0.9 } });
    const digests = await Promise.all([
      engine.decide(OFFBOARD, leaver),
      engine.decide(OFFBOARD, leaver),
      engine.decide(OFFBOARD, { ...leaver, subject: 'p-3' }),
      other.decide(OFFBOARD, leaver),
    ]);
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(3);
  });
});

describe('the gate stays shut', () => {
  it.each<[string, (folder: string) => Promise<void>, string]>([
    ['without a bundle', (folder) => writeFile(join(folder, 'manifest.json'), '{}'), 'policy.bundle'],
    ['with a manifest that is no JSON', (folder) => writeFile(join(folder, 'manifest.json'), '{'), 'policy.bundle'],
    ['with a changed Wasm', (folder) => writeFile(join(folder, 'policy.wasm'), 'changed'), 'policy.digest'],
  ])('%s', async (_, damage, rule) => {
    const folder = await copied();
    await damage(folder);
    const engine = await open({ bundleDir: folder });
    const decision = await engine.decide(OFFBOARD, leaver);
    expect(engine.fault).toBe(rule);
    expect({ outcome: decision.outcome, rules: rules(decision), quorum: decision.quorum }).toEqual({ outcome: 'deny', rules: [rule], quorum: 2 });
  });

  it('when the folder is not there', async () => {
    const engine = await open({ bundleDir: '/nowhere' });
    expect(rules(await engine.decide(OFFBOARD, leaver))).toEqual(['policy.bundle']);
    expect(engine.text()).toEqual([]);
  });

  it('when the Wasm is damaged and its manifest says that it should be', async () => {
    const folder = await copied();
    const wasm = (await readFile(join(folder, 'policy.wasm'))).subarray(0, 50_000);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as JsonObject;
    await writeFile(join(folder, 'policy.wasm'), wasm);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, wasm: sha256Hex(wasm) }));
    const engine = await open({ bundleDir: folder });
    expect(rules(await engine.decide(OFFBOARD, leaver))).toEqual(['policy.bundle']);
    expect(rules(await engine.decide(OFFBOARD, leaver))).toEqual(['policy.bundle']);
  });

  it('when the bundle is another than the expected one', async () => {
    const engine = await open({ expectedDigest: sha256Hex(new Uint8Array(1)) });
    expect(rules(await engine.decide(OFFBOARD, leaver))).toEqual(['policy.digest']);
    const right = await open({ expectedDigest: (await open()).digest });
    expect((await right.decide(OFFBOARD, leaver)).outcome).toBe('allow');
  });

  it('for an unknown entrypoint', async () => {
    const engine = await open();
    for (const name of ['gatehouse/provision/decision', '', 'constructor', '0']) {
      expect(rules(await engine.decide(name, leaver))).toEqual(['policy.entrypoint']);
    }
  });

  it('for an input that is not JSON or far too long', async () => {
    const engine = await open();
    const inputs = [{ ...leaver, subject: '\ud800' }, { ...leaver, risk: { score: NaN, components: [] } }, { ...leaver, requesters: ['p'.repeat(70_000)] }];
    for (const input of inputs) expect(rules(await engine.decide(OFFBOARD, input))).toEqual(['policy.input']);
  });

  it('for an input of 10 MB, and answers the next one', async () => {
    const engine = await open();
    const huge = { ...leaver, evidence: { ...leaver.evidence, findings: Array.from({ length: 100_000 }, () => 'x'.repeat(100)) } };
    expect(rules(await engine.decide(OFFBOARD, huge))).toEqual(['policy.input']);
    expect((await engine.decide(OFFBOARD, leaver)).outcome).toBe('allow');
  });

  it('for an input whose fields have any other type than they should', async () => {
    const engine = await open();
    const kind = (value: JsonValue | undefined): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
    const others: readonly JsonValue[] = [null, true, 7, 'text', [], {}];
    for (const [name, right] of Object.entries(leaver))
      for (const value of others.filter((other) => kind(other) !== kind(right))) {
        const decision = await engine.decide(OFFBOARD, { ...leaver, [name]: value });
        // nobody in particular is a subject, too, whom a human must look at
        expect([name, value, decision.outcome]).toEqual([name, value, name === 'subject' && value === null ? 'require_hitl' : 'deny']);
      }
  });

  it('once it is closed', async () => {
    const engine = await open();
    await engine.close();
    expect(rules(await engine.decide(OFFBOARD, leaver))).toEqual(['policy.closed']);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a missing limit', { protected_people: [] }, /confidence_from must be a number/u],
    ['a limit above 1', { ...tenantData, block_from: 95 }, /block_from must be a number/u],
    ['a text for a limit', { ...tenantData, two_people_from: '0.8' }, /two_people_from must be a number/u],
    ['a human asked only above refusal', { ...tenantData, require_hitl_from: 0.97 }, /require_hitl_from must not be above/u],
    ['people that are no list', { ...tenantData, protected_people: 'p-1' }, /protected_people must be a list/u],
    ['a misspelt member', { ...tenantData, protected_poeple: [] }, /protected_poeple is not a member/u],
  ])('and is not opened at all on tenant data with %s', async (_, data, message) => {
    const opening = open({ tenantData: data });
    await expect(opening).rejects.toMatchObject({ code: 'policy_tenant_data' });
    await expect(opening).rejects.toThrow(message);
  });
});
