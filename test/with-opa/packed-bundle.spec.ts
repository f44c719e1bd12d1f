import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { sha256Hex } from '#ledger';
import { bundleKey, fileSource } from '#policy';
import { KEYS, pem } from '../policy/signed-archive.js';
import { describeWith } from '../programs.js';

const folder = mkdtempSync(join(tmpdir(), 'packed-'));
afterAll(() => rmSync(folder, { recursive: true }));

describeWith('opa')('a bundle that tools/policy-pack.sh has packed and OPA signed', () => {
  it.each(['ES256', 'RS256'] as const)('by %s is taken with its Rego and its time', async (algorithm) => {
    const [key, out] = [join(folder, `${algorithm}.pem`), join(folder, `${algorithm}.tar.gz`)];
    writeFileSync(key, KEYS[algorithm].privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const { status, stderr } = spawnSync('tools/policy-pack.sh', [key, out, '2026-02-01T00:00:00Z'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const release = await fileSource(out, bundleKey(pem(KEYS[algorithm].publicKey))).latest(undefined);
    expect(release?.bundle).toMatchObject({ digest: sha256Hex(readFileSync('policies/bundle/policy.wasm')), revision: '2026-02-01T00:00:00Z' });
    expect(release?.bundle.text.map(({ path }) => path)).toContain('gatehouse/rules/risk/risk.rego');
  });
});
