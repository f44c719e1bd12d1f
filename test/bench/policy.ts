import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '#decider';
import { openPolicy, type PolicyInput } from '#policy';
import { perSecond, quantile, underLoad } from './load.js';
import { fixed, table } from './table.js';

const POLICIES = new URL('../../../policies/', import.meta.url);
const EVALUATIONS = 20_000;
const WARM_UP = 2_000;

/** An ordinary leaver, whom the policy allows. */
export const LEAVER: PolicyInput = {
  v: 1,
  tenant: 'acme',
  pipeline: 'offboard',
  phase: 'soft',
  at: '2026-11-23T09:00:00.000Z',
  requester: 'p-10003',
  requesters: ['p-10003'],
  subject: 'p-10042',
  accounts: [{ portal: 'scim', account: 's-2' }],
  approvers: [],
  intent: { action: 'offboard', confidence: 1, flags: [], source: 'text' },
  evidence: {
    resolved: 'one',
    findings: [],
    facts: { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'leaving', employment: 'employee', accounts: 2 },
  },
  risk: { score: 0.05, components: [{ name: 'parse_confidence', value: 0, weight: 0.1 }] },
};

/** Wasm evaluations a second through `#policy`: canonical input, worker thread, deadline and digests included. */
export async function measurePolicy(write: (line: string) => void): Promise<void> {
  const tenantData = JSON.parse(readFileSync(new URL('tenant/data.json', POLICIES), 'utf8')) as JsonObject;
  const policy = await openPolicy({ bundleDir: fileURLToPath(new URL('bundle', POLICIES)), tenantData, deadlineMs: 1_000 });
  const evaluate = async (): Promise<number> => {
    const begun = performance.now();
    const { outcome } = await policy.decide('gatehouse/offboard/decision', LEAVER);
    if (outcome !== 'allow') throw new Error(`the policy says ${outcome} of an ordinary leaver`);
    return performance.now() - begun;
  };
  const times = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
  await underLoad(times(WARM_UP), 16, evaluate);
  const rows: string[][] = [];
  for (const inFlight of [1, 16]) {
    const measured = await underLoad(times(EVALUATIONS), inFlight, evaluate);
    rows.push([`${fixed(inFlight)} in flight`, fixed(perSecond(measured)), fixed(quantile(measured, 0.5), 3), fixed(quantile(measured, 0.99), 3)]);
  }
  await policy.close();
  for (const line of ['Policy evaluations in Wasm', ...table(['', 'a second', 'p50 ms', 'p99 ms'], rows)]) write(line);
}
