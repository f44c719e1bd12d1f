import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { sha256Hex } from '#ledger';
import { readPolicyText } from './index.js';

const RISK = 'gatehouse/rules/risk/risk.rego';

describe('the policy text', () => {
  let policies: string;
  const bundle = () => join(policies, 'bundle');
  beforeEach(async () => {
    policies = await mkdtemp(join(tmpdir(), 'policies-'));
    await cp('policies', policies, { recursive: true });
  });

  it('is the Rego that the Wasm was built from, with its rules in words', async () => {
    const { digest, entrypoints, rules, files } = await readPolicyText(bundle());
    expect(digest).toBe(sha256Hex(await readFile('policies/bundle/policy.wasm')));
    expect(entrypoints).toContain('gatehouse/offboard/decision');
    expect(rules.find(({ id }) => id === 'block.risk')).toMatchObject({ package: 'gatehouse.rules.risk' });
    expect(files.find(({ path }) => path === RISK)?.text).toBe(await readFile(join('policies', RISK), 'utf8'));
    expect(files.filter(({ path }) => path.endsWith('_test.rego'))).toEqual([]);
  });

  it('is refused when it was changed after the build', async () => {
    await appendFile(join(policies, RISK), '# harmless\n');
    await expect(readPolicyText(bundle())).rejects.toMatchObject({ code: 'policy.digest' });
  });

  it('is refused when a file is missing', async () => {
    await rm(join(policies, RISK));
    await expect(readPolicyText(bundle())).rejects.toMatchObject({ code: 'policy.bundle' });
  });

  it('never comes from outside the policies folder', async () => {
    const manifest = JSON.parse(await readFile(join(bundle(), 'manifest.json'), 'utf8')) as JsonObject;
    for (const path of ['../secret.rego', 'gatehouse/../../secret.rego', '/etc/passwd', 'gatehouse/bundle.json']) {
      await writeFile(join(bundle(), 'manifest.json'), JSON.stringify({ ...manifest, rego: { [path]: sha256Hex(new Uint8Array(0)) } }));
      await expect(readPolicyText(bundle())).rejects.toMatchObject({ code: 'policy.bundle' });
    }
  });
});
