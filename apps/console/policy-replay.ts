import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { codeOf, CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { exportedEntries, verifyChain } from '#ledger';
import { type Fate, move, openPolicy, type PolicyEngine, type RecordedDecision, recordedDecision, replay } from '#policy';
import { tenantOf } from './tenant-of.js';

/** Puts every decision of a ledger's export to another policy. Exit codes: 0 within the limit, 1 above it, 2 could not. */
const USAGE = `usage: npm run policy:replay -- <ledger export> [--bundle <folder>] [--data <tenant data>] [--limit <changes>] [--json]
  --bundle   the policy to ask (default policies/bundle)    --data   the tenant's data (default policies/tenant/data.json)
  --limit    how many decisions may change (default 0)      --json   one JSON object instead of text`;
const DEADLINE_MS = 10_000;

interface Asked {
  readonly seq: number;
  readonly case: string | null;
  readonly recorded: RecordedDecision;
}

/** One decision that would be another one. */
interface Change {
  readonly entry: number;
  readonly case: string | null;
  readonly phase: string;
  readonly fate: Fate;
  readonly move: string;
  readonly was: readonly string[];
  readonly is: readonly string[];
}

/** The decisions of an export whose chain holds. @throws CodedError where it does not: nothing is concluded from a changed ledger. */
async function decisionsIn(file: string): Promise<readonly Asked[]> {
  const tenant = await tenantOf(file);
  const found: Asked[] = [];
  const verdict = await verifyChain(exportedEntries(createReadStream(file)), tenant, ({ type, seq, case: about, data }) => {
    if (type !== 'gate.decided') return;
    const recorded = recordedDecision(data);
    if (!recorded) throw new CodedError('decision_shape', `entry ${String(seq)} holds no decision that can be asked again`);
    found.push({ seq, case: about, recorded });
  });
  if (!verdict.consistent) throw new CodedError(verdict.code, `the ledger does not hold at entry ${String(verdict.at)}: ${verdict.message}`);
  return found;
}

async function changesUnder(policy: PolicyEngine, asked: readonly Asked[]): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const { seq, case: about, recorded } of asked) {
    const { fate, decision } = await replay(recorded, policy);
    if (fate === 'same') continue;
    const rules = ({ reasons }: Pick<RecordedDecision, 'reasons'>): readonly string[] => reasons.map(({ rule }) => rule);
    changes.push({ entry: seq, case: about, phase: recorded.input.phase, fate, move: move(recorded, decision), was: rules(recorded), is: rules(decision) });
  }
  return changes;
}

function inWords({ entry, case: about, phase, fate, move: moved, was, is }: Change): string {
  return `  ${fate.padEnd(14)} entry ${String(entry)}, ${about ?? 'no case'}, ${phase}: ${moved}   (${was.join(', ')} → ${is.join(', ')})`;
}

function tenantData(file: string): JsonObject {
  const data = JSON.parse(readFileSync(file, 'utf8')) as JsonValue;
  if (!isJsonObject(data)) throw new CodedError('policy_tenant_data', `${file}: not an object`);
  return data;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { bundle: { type: 'string', default: 'policies/bundle' }, data: { type: 'string', default: 'policies/tenant/data.json' }, limit: { type: 'string', default: '0' }, json: { type: 'boolean', default: false } },
  });
  const [file, ...others] = positionals;
  const limit = Number(values.limit);
  if (file === undefined || others.length > 0 || !Number.isSafeInteger(limit) || limit < 0) throw new CodedError('usage', USAGE);
  const policy = await openPolicy({ bundleDir: values.bundle, tenantData: tenantData(values.data), deadlineMs: DEADLINE_MS });
  try {
    if (policy.fault !== undefined) throw new CodedError(policy.fault, `${values.bundle} holds no policy that can be asked`);
    const asked = await decisionsIn(file);
    const changes = await changesUnder(policy, asked);
    const count = (fate: Fate): number => changes.filter((change) => change.fate === fate).length;
    const summary = { decisions: asked.length, changed: count('changed'), reasons: count('reasons'), not_reproduced: count('not_reproduced'), limit, policy: policy.digest };
    if (values.json) console.log(JSON.stringify({ ...summary, changes }, null, 2));
    else {
      for (const change of changes) console.log(inWords(change));
      console.log(`${String(summary.decisions)} decisions asked again of policy ${policy.digest}: ${String(summary.changed)} would change, ${String(summary.reasons)} for other reasons, ${String(summary.not_reproduced)} not reproduced`);
    }
    return summary.not_reproduced > 0 || summary.changed > limit ? 1 : 0;
  } finally {
    await policy.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`could not replay: ${error instanceof Error ? error.message : 'unknown'} (${codeOf(error) ?? 'fault'})`);
  process.exitCode = 2;
}
