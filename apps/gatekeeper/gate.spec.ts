import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { sha256Hex } from '#ledger';
import { bundleKey, fileSource, type PolicyInput, RunningPolicy } from '#policy';
import { KEYS, pem, released } from '../../test/policy/signed-archive.js';
import { CASE, Scenario } from '../../test/lifecycle/scenario.js';
import { DEPENDENCIES } from './dependencies.js';
import { ENTRYPOINTS, Gate } from './gate.js';

const tenantData = JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject;
const WASM = readFileSync('policies/bundle/policy.wasm');
const LATER_WASM = Buffer.concat([WASM, Buffer.from([0, 2, 1, 0x78])]);
const [FIRST, LATER] = [sha256Hex(WASM), sha256Hex(LATER_WASM)];
const first = released('2026-01-01T00:00:00Z');
const later = released('2026-02-01T00:00:00Z', { 'policy.wasm': LATER_WASM, 'manifest.json': readFileSync('policies/bundle/manifest.json', 'utf8').replace(FIRST, LATER) });

let folder: string, policy: RunningPolicy, gate: Gate;
const put = (archive: Uint8Array): Promise<void> => writeFile(join(folder, 'bundle.tar.gz'), archive);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-'));
  const source = fileSource(join(folder, 'bundle.tar.gz'), bundleKey(pem(KEYS.EdDSA.publicKey)));
  policy = new RunningPolicy({ source, entrypoints: Object.values(ENTRYPOINTS), everyMs: 60_000, deadlineMs: 60_000, hear: () => undefined });
});
afterEach(async () => {
  await gate.close();
  await policy.close();
  await rm(folder, { recursive: true });
});

/** A question that the gate answers and a case can take up. */
const judgement = (scenario: Scenario) => scenario.judgement('soft', {});
const question = (subject: string): PolicyInput => ({ ...judgement(new Scenario().requested()).input, subject });

describe('the gate', () => {
  it('answers from another bundle as soon as that runs, and loses no question that was asked before', async () => {
    await put(first);
    gate = await Gate.open(policy, tenantData);
    const before = Array.from({ length: 40 }, (_, i) => gate.decide(ENTRYPOINTS.offboard, question(`p-${String(i)}`)));
    await put(later);
    await policy.look();
    const after = Array.from({ length: 40 }, (_, i) => gate.decide(ENTRYPOINTS.offboard, question(`p-${String(i)}`)));
    for (const [digest, decisions] of [[FIRST, await Promise.all(before)], [LATER, await Promise.all(after)]] as const) {
      expect(new Set(decisions.map(({ policyDigest }) => policyDigest))).toEqual(new Set([digest]));
      expect(decisions.map(({ reasons }) => reasons[0]?.rule)).not.toContain('policy.closed');
    }
  });

  it('decides nothing without a bundle, so that the case waits for one, and goes on once it is there', async () => {
    gate = await Gate.open(policy, tenantData);
    const asked = gate.decide(ENTRYPOINTS.offboard, question('p-2'));
    await expect(asked).rejects.toMatchObject({ code: 'policy_unavailable' });
    expect([gate.fault, DEPENDENCIES.policy_unavailable]).toEqual(['policy.bundle', 'policy']);
    await put(first);
    expect((await gate.decide(ENTRYPOINTS.offboard, question('p-2'))).policyDigest).toBe(FIRST);
    expect(gate.fault).toBeUndefined();
  });

  it('is not opened on tenant data that the rules cannot stand on', async () => {
    gate = await Gate.open(policy, tenantData);
    await expect(Gate.open(policy, { ...tenantData, block_from: 'never' })).rejects.toMatchObject({ code: 'policy_tenant_data' });
  });

  it('refuses what it cannot put to the policy, and the ledger says so', async () => {
    await put(first);
    gate = await Gate.open(policy, tenantData);
    const scenario = new Scenario().requested();
    const wanted = judgement(scenario);
    const input = { ...wanted.input, requester: 'p'.repeat(70_000) };
    const decision = await gate.decide(ENTRYPOINTS.offboard, input);
    expect(decision).toMatchObject({ outcome: 'deny', reasons: [{ rule: 'policy.input' }] });
    const [, , decided] = scenario.in({ ...wanted, input, decision });
    expect(decided).toMatchObject({ type: 'gate.decided', case: CASE, data: { outcome: 'deny', reasons: [{ rule: 'policy.input' }], policy: FIRST, digest: decision.digest } });
    expect(scenario.types()).not.toContain('soft.ordered');
  });
});
