import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { readConfig } from '#edge';
import { modelBounds, modelPlace, promptDigest } from './model-client.js';
import { Settings } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const without: Readonly<Record<string, string>> = {
  GATEHOUSE_GATEKEEPER_LISTEN: '127.0.0.1:0', GATEHOUSE_VAULT_URL: 'http://127.0.0.1:1', GATEHOUSE_VAULT_TOKEN_FILE: 't', GATEHOUSE_APPROVALS_URL: 'https://127.0.0.1:2', GATEHOUSE_APPROVALS_PUBLIC_URL: 'https://localhost:3',
  GATEHOUSE_LINK_KEY_FILE: 'k', GATEHOUSE_SLACK_SIGNING_SECRET_FILE: 's', GATEHOUSE_POLICY_DIR: 'p', GATEHOUSE_TENANTS: 't.json', GATEHOUSE_KEPT_HEADS: 'h', GATEHOUSE_ENTRY_KEY_FILE: 'e',
  GATEHOUSE_TLS_CA: 'ca.pem', GATEHOUSE_TLS_CERT: 'g.pem', GATEHOUSE_TLS_KEY: 'g.key', GATEHOUSE_STORE_ADDRESS: 'localhost:4', GATEHOUSE_STORE_USER: 'gatekeeper', GATEHOUSE_STORE_PASSWORD_FILE: 'w',
};
const place = { GATEHOUSE_MODEL_URL: 'https://models.example/v1', GATEHOUSE_MODEL_NAME: 'org/small-1:4b' };
const placeOf = (more: Readonly<Record<string, string>>) => modelPlace(readConfig(Settings, { ...without, ...more }));

describe('the model that the environment names', () => {
  it('is none unless it does', () => {
    expect(placeOf({})).toBeUndefined();
  });

  it('needs an address and a name, and may have a key, which is in a file', () => {
    const file = join(folder, 'model-key');
    writeFileSync(file, 'secret-key\n', { mode: 0o600 });
    expect(placeOf(place)).toEqual({ url: 'https://models.example/v1', name: 'org/small-1:4b' });
    expect(placeOf({ ...place, GATEHOUSE_MODEL_KEY_FILE: file })).toMatchObject({ key: 'secret-key' });
  });

  test.each([
    ['GATEHOUSE_MODEL_URL', { ...place, GATEHOUSE_MODEL_URL: 'https://key@models.example/v1' }],
    ['GATEHOUSE_MODEL_URL', { ...place, GATEHOUSE_MODEL_URL: 'models.example' }],
    ['GATEHOUSE_MODEL_NAME', { GATEHOUSE_MODEL_URL: place.GATEHOUSE_MODEL_URL }],
    ['GATEHOUSE_MODEL_NAME', { ...place, GATEHOUSE_MODEL_NAME: 'the model\n' }],
    ['GATEHOUSE_MODEL_KEY_FILE', { ...place, GATEHOUSE_MODEL_KEY_FILE: join(folder, 'nowhere') }],
  ])('keeps the gatekeeper from starting while %s is wrong', (name, more) => {
    expect(() => placeOf(more)).toThrow(new RegExp(`^${name}: `));
  });
});

it('docs/intake.md tells its bounds, its outcomes and the digest of its prompt', () => {
  const page = readFileSync('docs/intake.md', 'utf8');
  const { schema } = JSON.parse(readFileSync('eventstore/events/ledger/intent.parsed.json', 'utf8')) as { schema: { properties: { model: { properties: { outcome: { enum: string[] } } } } } };
  const table = page.split('| outcome | what happened |\n|---|---|\n')[1]?.split('\n\n')[0] ?? '';
  expect(table.split('\n').map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual(schema.properties.model.properties.outcome.enum);
  expect(page).toContain(promptDigest);
  expect(page).toContain(`at most ${String(modelBounds.longestAnswer / 1024)} KiB of \`application/json\` within ${String(modelBounds.deadlineMs / 1000)} seconds`);
  expect(page).toContain(`less than ${String(modelBounds.restMs / 1000)} seconds ago`);
});
