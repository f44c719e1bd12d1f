import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readConfig, snapshotPlace, SnapshotSettings } from './index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = (more: Readonly<Record<string, string>>) => ({
  GATEHOUSE_TLS_CA: 'a', GATEHOUSE_TLS_CERT: 'b', GATEHOUSE_TLS_KEY: 'c', GATEHOUSE_STORE_ADDRESS: 'localhost:1', GATEHOUSE_STORE_USER: 'u', GATEHOUSE_STORE_PASSWORD_FILE: 'p', ...more,
});
const placeIn = (more: Readonly<Record<string, string>>) => snapshotPlace(readConfig(SnapshotSettings, env(more)));

it('is none without a folder, and named by code that two starts agree on', () => {
  const file = join(folder, 'key');
  writeFileSync(file, Buffer.alloc(32, 1).toString('base64url'));
  expect(placeIn({})).toBeUndefined();
  const place = placeIn({ GATEHOUSE_SNAPSHOTS: folder, GATEHOUSE_SNAPSHOT_KEY_FILE: file });
  expect(place).toMatchObject({ folder, code: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(placeIn({ GATEHOUSE_SNAPSHOTS: folder, GATEHOUSE_SNAPSHOT_KEY_FILE: file })).toEqual(place);
});

it('is refused without a key, or with one that is too short to be one', () => {
  expect(() => placeIn({ GATEHOUSE_SNAPSHOTS: folder })).toThrow('GATEHOUSE_SNAPSHOT_KEY_FILE');
  const file = join(folder, 'short');
  writeFileSync(file, 'c2hvcnQ');
  expect(() => placeIn({ GATEHOUSE_SNAPSHOTS: folder, GATEHOUSE_SNAPSHOT_KEY_FILE: file })).toThrow('GATEHOUSE_SNAPSHOT_KEY_FILE');
});
