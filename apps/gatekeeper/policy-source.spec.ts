import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, test } from '@jest/globals';
import { KEYS, pem } from '../../test/policy/signed-archive.js';
import { policySource } from './policy-source.js';

const folder = mkdtempSync(join(tmpdir(), 'policy-source-'));
const [good, bad] = [join(folder, 'key.pem'), join(folder, 'bad.pem')];
writeFileSync(good, pem(KEYS.EdDSA.publicKey));
writeFileSync(bad, 'a secret');
afterAll(() => rmSync(folder, { recursive: true }));
const CA = Buffer.from('');

it.each([
  [{ GATEHOUSE_POLICY_DIR: 'policies/bundle' }, 'folder'],
  [{ GATEHOUSE_POLICY_BUNDLE: '/var/lib/gatehouse/bundle.tar.gz', GATEHOUSE_POLICY_KEY_FILE: good }, 'file'],
  [{ GATEHOUSE_POLICY_BUNDLE: 'https://bundles.acme.example/gatehouse.tar.gz', GATEHOUSE_POLICY_KEY_FILE: good }, 'server'],
])('%j is a %s', (settings, kind) => {
  expect(policySource(settings, CA).kind).toBe(kind);
});

test.each([
  ['GATEHOUSE_POLICY_BUNDLE', {}],
  ['GATEHOUSE_POLICY_BUNDLE', { GATEHOUSE_POLICY_BUNDLE: 'bundle.tar.gz' }],
  ['GATEHOUSE_POLICY_BUNDLE', { GATEHOUSE_POLICY_DIR: 'policies/bundle', GATEHOUSE_POLICY_KEY_FILE: good }],
  ['GATEHOUSE_POLICY_BUNDLE', { GATEHOUSE_POLICY_DIR: 'policies/bundle', GATEHOUSE_POLICY_BUNDLE: 'bundle.tar.gz', GATEHOUSE_POLICY_KEY_FILE: good }],
  ['GATEHOUSE_POLICY_BUNDLE', { GATEHOUSE_POLICY_BUNDLE: 'ftp://bundles.acme.example/b.tar.gz', GATEHOUSE_POLICY_KEY_FILE: good }],
  ['GATEHOUSE_POLICY_BUNDLE', { GATEHOUSE_POLICY_BUNDLE: 'https://user:pass@bundles.acme.example/b.tar.gz', GATEHOUSE_POLICY_KEY_FILE: good }],
  ['GATEHOUSE_POLICY_KEY_FILE', { GATEHOUSE_POLICY_BUNDLE: 'bundle.tar.gz', GATEHOUSE_POLICY_KEY_FILE: join(folder, 'absent.pem') }],
  ['GATEHOUSE_POLICY_KEY_FILE', { GATEHOUSE_POLICY_BUNDLE: 'bundle.tar.gz', GATEHOUSE_POLICY_KEY_FILE: bad }],
])('%s that cannot be meant stops the process: %j', (variable, settings) => {
  expect(() => policySource(settings, CA)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining(`${variable}: `) }));
});
