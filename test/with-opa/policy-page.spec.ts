import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { openPolicy, type PolicyInput } from '#policy';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { describeWith } from '../programs.js';

const PAGE = readFileSync('docs/policy.md', 'utf8');
const SECTION = /## A rule in ten minutes\n(.*?)\n## /s.exec(PAGE)?.[1] ?? '';
const MINUTES = 60_000;

/** A copy of what the page works on: the repository's own policies stay as they are. */
const folder = mkdtempSync(join(tmpdir(), 'policy-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const files = [...SECTION.matchAll(/`(policies\/[a-z_/]+\.rego)`:\n\n```rego\n(.*?)```/gs)].map(([, path = '', text = '']) => ({ path, text }));
/** Each command, and what the page says that it prints, if it says so. */
const commands = [...SECTION.matchAll(/```sh\n(.*?)```(?:(?:\n\n[^`#\n][^\n]*)?\n\n```\n(.*?)```)?/gs)].map(([, command = '', prints]) => ({ command, prints }));

// started by `npm run policy:check`, which has built both
describeWith('opa', 'regal')('docs/policy.md, a rule in ten minutes', () => {
  beforeAll(async () => {
    for (const part of ['policies', 'tools', 'docs/policy.md', 'package.json']) cpSync(part, join(folder, part), { recursive: true });
    for (const part of ['node_modules', 'dist']) symlinkSync(resolve(part), join(folder, part));
    // the programs in dist are built already
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { noEmit: true, types: [] }, files: ['nothing.d.ts'] }));
    writeFileSync(join(folder, 'nothing.d.ts'), '');
    writeFileSync(join(folder, 'ledger.ndjson'), await exported(['employee', 'contractor', 'unknown']));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }, MINUTES);

  it('shows a rule and its test as the tools want them', () => {
    expect(files.map(({ path }) => path)).toEqual(['contractor', 'contractor_test'].map((name) => `policies/gatehouse/rules/contractor/${name}.rego`));
    run('opa', 'fmt', '--fail', '--diff', 'policies');
    run('opa', 'check', '--strict', 'policies');
    run('regal', 'lint', '--config-file', 'tools/regal/config.yaml', 'policies');
  }, MINUTES);

  it('says what its commands do, run as they are written', () => {
    expect(commands.map(({ prints }) => prints !== undefined)).toEqual([true, false, true, true]);
    for (const { command, prints } of commands) {
      const printed = run('/bin/sh', '-ec', command).replaceAll(/[0-9a-f]{64}/g, '<digest>');
      if (prints !== undefined) expect(printed).toBe(prints);
    }
    expect(readFileSync(join(folder, 'docs/policy.md'), 'utf8')).toContain('| `hitl.contractor` | require_hitl | The subject is a contractor |');
  }, 5 * MINUTES);
});

/** An export of decisions that the committed policy made, about one leaver of each employment. */
async function exported(employments: readonly PolicyInput['evidence']['facts']['employment'][]): Promise<Buffer> {
  const tenantData = JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject;
  const policy = await openPolicy({ bundleDir: 'policies/bundle', tenantData, deadlineMs: 10_000 });
  const said: JsonObject[] = [];
  for (const employment of employments) {
    const input: PolicyInput = {
      v: 1, tenant: 'acme', pipeline: 'offboard', phase: 'soft', at: '2026-11-23T09:00:00.000Z', requester: 'p-1', requesters: ['p-1'], subject: 'p-2',
      accounts: [{ portal: 'scim', account: 's-2' }], approvers: [], intent: { action: 'offboard', confidence: 0.93, flags: [], source: 'text' },
      evidence: { resolved: 'one', findings: [], facts: { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'terminated', employment, accounts: 1 } },
      risk: { score: 0.11, components: [] },
    };
    const { outcome, reasons, quorum, policyDigest, dataDigest, digest } = await policy.decide('gatehouse/offboard/decision', input);
    said.push({ phase: 'soft', outcome, reasons, quorum, policy: policyDigest, tenantData: dataDigest, digest, input });
  }
  await policy.close();
  const book = sampleBook('acme', [{ type: 'ledger.opened', case: null, data: { by: 'gatekeeper' } }, ...said.map((data, i) => ({ type: 'gate.decided', case: `c-${i + 1}`, data }))]);
  return Buffer.concat(book.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
}
