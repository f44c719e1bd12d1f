import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RecordingStore } from '../../test/ledger/recording-store.js';
import { type EmbeddedTarget, startEmbedded } from '../../eventstore/node/contract/target.js';
import { writeStreamRights } from './index.js';

const RIGHTS = { stream: 'plain-acme', read: ['gatekeeper', 'notary'], append: ['gatekeeper'] };

describe('rights as metadata', () => {
  let target: EmbeddedTarget;
  beforeAll(async () => {
    target = await startEmbedded([{ name: 'nobody', append: [], read: ['plain-'] }]);
  });
  afterAll(() => target.stop());
  const access = (user: string) => ({ address: target.address, ca: Buffer.from(target.cert), user, password: `${user}-secret` });

  test('are read back as they were written, replace what was there, and are written once', async () => {
    const client = target.client();
    await client.setStreamMetadata('plain-acme', { maxCount: 3 });
    expect(await writeStreamRights(access('root'), [RIGHTS])).toEqual(['plain-acme']);
    const { metadata } = await client.getStreamMetadata('plain-acme');
    expect(metadata).toEqual({ acl: { readRoles: RIGHTS.read, writeRoles: RIGHTS.append, deleteRoles: ['$admins'], metaReadRoles: ['$admins'], metaWriteRoles: ['$admins'] } });
    expect(await writeStreamRights(access('root'), [RIGHTS])).toEqual([]);
    expect(await writeStreamRights(access('root'), [{ ...RIGHTS, append: [] }])).toEqual(['plain-acme']);
  });

  test('are refused to who may not write them', async () => {
    await expect(writeStreamRights(access('nobody'), [{ ...RIGHTS, stream: 'plain-other' }])).rejects.toMatchObject({ code: 'store_refused' });
  });
});

describe("the operator's command", () => {
  let store: RecordingStore, folder: string;
  beforeAll(async () => {
    store = await RecordingStore.start();
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-rights-'));
    writeFileSync(join(folder, 'ca.pem'), store.cert);
    writeFileSync(join(folder, 'password'), 'admin-secret\n');
  });
  afterAll(() => {
    store.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => store.forget());
  const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly words: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, ['dist/apps/console/store-rights.js', ...args], (_, out, err) => resolve({ code: child.exitCode ?? -1, words: out + err }));
    });
  const reach = (): readonly string[] => ['--store', store.address, '--ca', join(folder, 'ca.pem'), '--user', 'admin', '--password-file', join(folder, 'password')];

  test("sends an EventStoreDB the rights of the users file, as each stream's $acl", async () => {
    const admins = { $d: ['$admins'], $mr: ['$admins'], $mw: ['$admins'] };
    const acl = (read: readonly string[], append: readonly string[]) => ({ $acl: { $r: read, $w: append, ...admins } });
    const { code, words } = await run(...reach(), '--tenant', 'acme');
    expect([code, words]).toEqual([0, 'ledger-acme: gatekeeper may append, gatekeeper, notary, admin, operator may read\ndoer-acme: doer may append, gatekeeper, doer, notary, admin, operator may read\ncheckpoints-acme: notary may append, gatekeeper, notary, operator may read\n']);
    expect(store.appended.map(({ stream, type, authorization, data }) => [stream, type, authorization, JSON.parse(Buffer.from(data).toString()) as unknown])).toEqual([
      ['$$ledger-acme', '$metadata', `Basic ${Buffer.from('admin:admin-secret').toString('base64')}`, acl(['gatekeeper', 'notary', 'admin', 'operator'], ['gatekeeper'])],
      ['$$doer-acme', '$metadata', expect.any(String), acl(['gatekeeper', 'doer', 'notary', 'admin', 'operator'], ['doer'])],
      ['$$checkpoints-acme', '$metadata', expect.any(String), acl(['gatekeeper', 'notary', 'operator'], ['notary'])],
    ]);
    expect(await run(...reach(), '--tenant', 'acme')).toMatchObject({ code: 0, words: expect.stringContaining('(as before)') });
    expect(store.appended).toHaveLength(3);
  });

  test('says when a store does not keep them', async () => {
    store.keeps = false;
    expect(await run(...reach(), '--tenant', 'other')).toEqual({ code: 1, words: 'ledger-other: the store gives back other metadata than was written\n' });
    store.keeps = true;
  });

  test.each([[[]], [['--tenant', 'Not a tenant']]])('with %j says how it is called', async (args) => {
    expect(await run(...(args.length === 0 ? [] : reach()), ...args)).toMatchObject({ code: 2 });
    expect(store.appended).toEqual([]);
  });
});
