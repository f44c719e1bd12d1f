import { afterAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { readFileSync } from 'node:fs';
import { type Decision, openPolicy, type PolicyEngine, recordedDecision, replay } from './index.js';

const BUNDLE = 'policies/bundle';
const tenantData = JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject;
const { sample } = JSON.parse(readFileSync('eventstore/events/ledger/gate.decided.json', 'utf8')) as { sample: { data: JsonObject } };

const opened: PolicyEngine[] = [];
afterAll(() => Promise.all(opened.map((engine) => engine.close())));
async function policyWith(data: JsonObject = {}): Promise<PolicyEngine> {
  const engine = await openPolicy({ bundleDir: BUNDLE, tenantData: { ...tenantData, ...data }, deadlineMs: 60_000 });
  opened.push(engine);
  return engine;
}
const recorded = (decision: Decision, input: JsonObject) => {
  const { policyDigest: policy, dataDigest, ...rest } = decision;
  return recordedDecision({ ...rest, policy, tenantData: dataDigest, input });
};

describe('a recorded decision, asked again', () => {
  const input = sample.data.input as JsonObject & { risk: JsonObject };

  it('is the same under the policy that gave it', async () => {
    const policy = await policyWith();
    const { decision } = await replay(recordedDecision(sample.data)!, policy);
    expect(await replay(recorded(decision, input)!, policy)).toMatchObject({ fate: 'same', decision: { digest: decision.digest } });
  });

  it('is not reproduced where the ledger says otherwise than the very same policy', async () => {
    const policy = await policyWith();
    const { decision } = await replay(recordedDecision(sample.data)!, policy);
    const kinder = recorded({ ...decision, outcome: 'allow' }, input)!;
    expect(await replay({ ...kinder, digest: 'f'.repeat(64) }, policy)).toMatchObject({ fate: 'not_reproduced' });
  });

  it('changes with the limits, by outcome and by quorum, and says where only the reasons are others', async () => {
    const calm = { ...input, intent: { ...(input.intent as JsonObject), flags: [] }, evidence: { ...(input.evidence as JsonObject), findings: [] }, risk: { ...input.risk, score: 0.8 } };
    const { decision } = await replay(recorded((await replay(recordedDecision(sample.data)!, await policyWith())).decision, calm)!, await policyWith());
    const was = recorded(decision, calm)!;
    expect(decision.reasons.map(({ rule }) => rule)).toContain('hitl.risk');
    expect((await replay(was, await policyWith({ require_hitl_from: 0.7, two_people_from: 0.75 }))).fate).toBe('same');
    expect((await replay(was, await policyWith({ block_from: 0.79, require_hitl_from: 0.7 }))).fate).toBe('changed');
    expect((await replay(was, await policyWith({ confidence_from: 0.95 }))).fate).toBe('reasons');
  });

  it.each(['outcome', 'quorum', 'reasons', 'policy', 'tenantData', 'digest', 'input'])('is none without its %s', (member) => {
    expect(recordedDecision({ ...sample.data, [member]: null })).toBeUndefined();
  });
});
