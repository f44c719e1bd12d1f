import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '#ledger';
import { type Files, KEYS, pem, released, tarGz } from '../../test/policy/signed-archive.js';
import { bundleKey, type BundleNews, type BundleSource, fileSource, folderSource, RunningPolicy } from './index.js';

const [JAN, FEB, MAR] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'] as const;
const KEY = bundleKey(pem(KEYS.EdDSA.publicKey));
const committedDigest = sha256Hex(await readFile('policies/bundle/policy.wasm'));
/** Another policy than the committed one, with the same entrypoints: a Wasm may carry sections that nothing reads. */
const otherWasm = Buffer.concat([await readFile('policies/bundle/policy.wasm'), Buffer.from([0, 2, 1, 0x78])]);
const otherDigest = sha256Hex(otherWasm);
const other = async (): Promise<Files> => ({ 'policy.wasm': otherWasm, 'manifest.json': (await readFile('policies/bundle/manifest.json', 'utf8')).replace(committedDigest, otherDigest) });

let folder: string, news: BundleNews[], policy: RunningPolicy;
const at = () => join(folder, 'bundle.tar.gz');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'running-'));
  news = [];
});
afterEach(async () => {
  await policy.close();
  await rm(folder, { recursive: true });
});
const run = (source: BundleSource, more: Partial<ConstructorParameters<typeof RunningPolicy>[0]> = {}): RunningPolicy =>
  (policy = new RunningPolicy({ source, entrypoints: ['gatehouse/offboard/decision', 'gatehouse/erasure/decision'], everyMs: 60_000, deadlineMs: 60_000, hear: (one) => news.push(one), ...more }));
/** As an operator does it: written beside, and renamed over what is there. */
async function put(archive: Uint8Array): Promise<void> {
  await writeFile(`${at()}.new`, archive);
  await rename(`${at()}.new`, at());
}
const events = () => news.map((one) => (one.event === 'policy_loaded' ? `loaded ${one.digest === committedDigest ? 'first' : 'other'} of ${one.revision ?? 'no time'}` : `refused ${one.code}`));

describe('the running policy', () => {
  it('is taken from a file, and another one that is renamed over it takes its place without a restart', async () => {
    run(fileSource(at(), KEY));
    await put(released(JAN));
    await policy.look();
    await policy.look();
    expect([policy.fault, policy.bundle?.digest]).toEqual([undefined, committedDigest]);
    await put(released(FEB, await other()));
    await policy.look();
    expect(policy.bundle?.digest).toBe(otherDigest);
    expect(events()).toEqual([`loaded first of ${JAN}`, `loaded other of ${FEB}`]);
    expect(news[1]).toMatchObject({ before: committedDigest });
    expect(policy.bundle?.text.map(({ path }) => path)).toContain('gatehouse/rules/risk/risk.rego');
  });

  it('is looked for by itself', async () => {
    const heard = new Promise<BundleNews>((resolve) => run(fileSource(at(), KEY), { everyMs: 5, hear: (one) => one.event === 'policy_loaded' && resolve(one) }));
    await put(released(JAN));
    expect(await heard).toMatchObject({ digest: committedDigest, before: null });
  });

  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['unsigned', async () => tarGz({ ...(await other()), '.manifest': JSON.stringify({ revision: MAR }) }), 'policy.signature'],
    ['signed with another key', async () => released(MAR, await other(), { algorithm: 'ES256' }), 'policy.signature'],
    ['older', async () => released(JAN, await other()), 'policy.outdated'],
    ['of the same time, and not the same', async () => released(FEB, await other()), 'policy.outdated'],
    ['of no time', async () => released('v7', await other()), 'policy.bundle'],
    ['of a day that is none', async () => released('2026-02-30T00:00:00Z', await other()), 'policy.bundle'],
    ['another Wasm than its manifest names', () => Promise.resolve(released(MAR, { 'policy.wasm': otherWasm })), 'policy.digest'],
    ['without the Rego that it was built from', () => Promise.resolve(released(MAR, { 'gatehouse/rules/risk/risk.rego': '# harmless' })), 'policy.digest'],
    ['half there', async () => released(MAR, await other()).subarray(0, 20_000), 'policy.bundle'],
    ['no Wasm at all', async () => released(MAR, { 'policy.wasm': 'x', 'manifest.json': (await other())['manifest.json']!.toString().replace(otherDigest, sha256Hex(Buffer.from('x'))) }), 'policy.bundle'],
    ['without an entrypoint that is asked for', async () => released(MAR, { ...(await other()), 'manifest.json': (await other())['manifest.json']!.toString().replace('"gatehouse/erasure/decision"', '"gatehouse/erasure/other"') }), 'policy.entrypoint'],
  ])('stays when the new one is %s, which is said once', async (_, archive, code) => {
    run(fileSource(at(), KEY));
    await put(released(FEB));
    await policy.look();
    const running = policy.bundle;
    await put(await archive());
    await policy.look();
    await policy.look();
    expect([policy.bundle, policy.fault]).toEqual([running, undefined]);
    expect(events()).toEqual([`loaded first of ${FEB}`, `refused ${code}`]);
    expect(news[1]).toMatchObject({ running: committedDigest, why: expect.stringMatching(/^policy bundle: |risk\.rego/u) });
    await put(released(MAR, await other()));
    await policy.look();
    expect(policy.bundle?.digest).toBe(otherDigest);
  });

  it('is none before there was a good one, and none that is older than it may be', async () => {
    run(fileSource(at(), KEY), { notBefore: FEB });
    await policy.look();
    expect([policy.bundle, policy.fault]).toEqual([undefined, 'policy.bundle']);
    await put(released(JAN));
    await policy.look();
    expect([policy.bundle, policy.fault]).toEqual([undefined, 'policy.outdated']);
    await put(released(FEB));
    await policy.look();
    expect(policy.fault).toBeUndefined();
    expect(events()).toEqual(['refused policy.bundle', 'refused policy.outdated', `loaded first of ${FEB}`]);
  });

  it('stays while its file is gone', async () => {
    run(fileSource(at(), KEY));
    await put(released(JAN));
    await policy.look();
    await rm(at());
    await policy.look();
    expect([policy.bundle?.digest, ...events()]).toEqual([committedDigest, `loaded first of ${JAN}`, 'refused policy.bundle']);
  });

  it('comes from a folder, too, where each of the two files may be there before the other', async () => {
    await cp('policies/bundle', folder, { recursive: true });
    run(folderSource(folder));
    await policy.look();
    await writeFile(join(folder, 'policy.wasm'), otherWasm);
    await policy.look();
    expect(policy.bundle?.digest).toBe(committedDigest);
    await writeFile(join(folder, 'manifest.json'), (await other())['manifest.json']!);
    await policy.look();
    expect(policy.bundle?.digest).toBe(otherDigest);
    expect(events()).toEqual(['loaded first of no time', 'refused policy.digest', 'loaded other of no time']);
  });

  it('is asked for once by all who ask at the same time', async () => {
    let asked = 0;
    run({ kind: 'file', latest: () => Promise.resolve(void (asked += 1)).then(() => undefined) });
    await Promise.all(Array.from({ length: 50 }, () => policy.look()));
    expect(asked).toBe(1);
  });
});
