import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { decisionOf, openPolicy, type PolicyInput } from '#policy';
import { sampleBook } from '../../eventstore/events/sample-book.js';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (file: string): JsonObject => JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
const tenantData = read('policies/tenant/data.json');

/** An export that holds these decisions. */
function exported(name: string, decisions: readonly JsonObject[]): string {
  const book = sampleBook('acme', [{ type: 'ledger.opened', case: null, data: { by: 'gatekeeper' } }, ...decisions.map((data) => ({ type: 'gate.decided', case: 'c-1', data }))]);
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat(book.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])));
  return file;
}

function run(...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/apps/console/policy-replay.js', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('npm run policy:replay', () => {
  let ledger: string, lied: string, stricter: string;

  beforeAll(async () => {
    const sampled = read('eventstore/events/ledger/gate.decided.json').sample as JsonObject & { data: JsonObject };
    const input = sampled.data.input as PolicyInput;
    const policy = await openPolicy({ bundleDir: 'policies/bundle', tenantData, deadlineMs: 5_000 });
    const decision = await policy.decide('gatehouse/offboard/decision', input);
    await policy.close();
    const { policyDigest, dataDigest, inputDigest, outcome, reasons, quorum, digest } = decision;
    const recorded = { phase: 'soft', outcome, reasons, quorum, policy: policyDigest, tenantData: dataDigest, digest, input };
    const kinder = decisionOf('gatehouse/offboard/decision', { policyDigest, dataDigest, inputDigest }, { outcome: 'allow', reasons, quorum: 1 });
    ledger = exported('ledger.ndjson', [recorded, recorded]);
    lied = exported('lied.ndjson', [recorded, { ...recorded, outcome: 'allow', quorum: 1, digest: kinder.digest }]);
    stricter = join(folder, 'stricter.json');
    writeFileSync(stricter, JSON.stringify({ ...tenantData, require_hitl_from: 0.5, block_from: 0.6 }));
  });

  it('ends well where nothing changes', () => {
    expect(run(ledger)).toMatchObject({ code: 0, out: expect.stringMatching(/^2 decisions asked again of policy [0-9a-f]{64}: 0 would change, 0 for other reasons, 0 not reproduced\n$/) });
  });

  it('lists what would change, and fails above the limit', () => {
    const text = run(ledger, '--data', stricter);
    expect(text).toMatchObject({ code: 1, out: expect.stringContaining('  changed        entry 1, c-1, soft: require_hitl of 2 → block   (') });
    expect(run(ledger, '--data', stricter, '--limit', '2').code).toBe(0);
    const told = JSON.parse(run(ledger, '--data', stricter, '--limit', '1', '--json').out) as JsonValue;
    expect(isJsonObject(told) && told).toMatchObject({ decisions: 2, changed: 2, limit: 1, changes: [{ entry: 1, fate: 'changed' }, { entry: 2 }] });
  });

  it('fails, whatever the limit, where the policy never said what the ledger holds', () => {
    expect(run(lied, '--limit', '100')).toMatchObject({ code: 1, out: expect.stringContaining('not_reproduced entry 2') });
  });

  it('concludes nothing from what it cannot believe or read', () => {
    const changed = join(folder, 'changed.ndjson');
    writeFileSync(changed, readFileSync(ledger, 'utf8').replace('"p-10042"', '"p-10043"'));
    expect(run(changed)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('prev_mismatch') });
    expect(run(exported('odd.ndjson', [{ phase: 'soft' }]))).toMatchObject({ code: 2, err: expect.stringContaining('entry 1 holds no decision') });
    expect(run(join(folder, 'none'))).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
    expect(run(ledger, '--bundle', folder)).toMatchObject({ code: 2, err: expect.stringContaining('policy.bundle') });
    expect(run(ledger, '--limit', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('usage:') });
    expect(run().code).toBe(2);
  });
});
