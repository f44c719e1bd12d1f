import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addressesAt } from '../../dist/apps/console/addresses.js';
import { Client } from '../../dist/apps/console/client.js';
import { partsOf } from '../../dist/apps/console/parts.js';
import { enrolTenant, foldersOf, prepare } from '../../dist/apps/console/set-up.js';
import { type Part, Stack } from '../../dist/apps/console/stack.js';
import { verification } from './books.js';
import { ends, file, leavers } from './crowd.js';
import { freeBase } from './stage.js';

const ROOT = process.cwd();

/** What design.md's doors open to each app, with what those libs themselves stand on; and which of the guarded packages come along. */
const IMAGES = {
  gatekeeper: { libs: ['approvals', 'decider', 'evidence', 'execution', 'intake', 'ledger', 'lifecycle', 'packet', 'policy', 'portals', 'risk', 'signing', 'transport', 'vault'], guarded: ['@eventstore', '@open-policy-agent', '@simplewebauthn', 'node-vault'] },
  doer: { libs: ['decider', 'execution', 'ledger', 'packet', 'portals', 'transport', 'vault'], guarded: ['@eventstore', 'node-vault'] },
  approvals: { libs: ['approvals', 'decider', 'ledger'], guarded: ['@eventstore', '@simplewebauthn', '@slack'] },
  notary: { libs: ['decider', 'ledger', 'vault'], guarded: ['@eventstore', 'node-vault'] },
  admin: { libs: ['approvals', 'decider', 'execution', 'ledger', 'lifecycle', 'policy', 'vault', 'views'], guarded: ['@eventstore', '@open-policy-agent', 'libsql', 'node-vault'] },
} as const;
const GUARDED = ['@eventstore', '@open-policy-agent', '@simplewebauthn', '@slack', 'libsql', 'node-vault', 'scimmy', 'typescript', 'jest'];
type Pruned = keyof typeof IMAGES;
const PRUNED = Object.keys(IMAGES) as readonly Pruned[];

describe('each app from the files that its image carries, and no others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pruned-'));
  const image = (app: Pruned): string => join(folder, app);
  const rooms = new Map<Pruned, readonly string[]>();

  beforeAll(async () => {
    for (const app of PRUNED) {
      const { stdout } = await promisify(execFile)(process.execPath, ['tools/image-files.mjs', app, image(app)], { cwd: ROOT });
      rooms.set(app, (JSON.parse(stdout) as { rooms: string[] }).rooms);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(PRUNED)('%s carries no room that its doors do not open', (app) => {
    const open = [`apps/${app}`, 'apps/edge', ...IMAGES[app].libs.map((lib) => `libs/${lib}`)];
    expect((rooms.get(app) ?? []).filter((room) => !open.some((one) => room === one || room.startsWith(`${one}/`)))).toEqual([]);
  });

  it.each(PRUNED)('%s carries no guarded package but those of its rooms', (app) => {
    const carried = GUARDED.filter((name) => existsSync(join(image(app), 'node_modules', name)));
    expect(carried.filter((name) => !IMAGES[app].guarded.some((one) => one === name))).toEqual([]);
  });

  it('start, and together see a leaver to the end', async () => {
    const data = join(folder, 'data');
    const addresses = addressesAt(await freeBase(21_800));
    const choices = { data, addresses, windowSeconds: 1, approvalSeconds: 600 };
    await prepare(choices);
    const dist = join(ROOT, 'dist');
    const parts = partsOf(data, addresses, join(image('gatekeeper'), 'policies', 'bundle'));
    const stack = new Stack(dist, foldersOf(data).logs);
    const pruned = (app: Pruned): Part => ({ ...parts[app], entry: relative(dist, join(image(app), 'dist', parts[app].entry)) });
    try {
      await stack.start(parts.sandbox);
      await enrolTenant(choices);
      await stack.start(parts.store);
      for (const app of PRUNED) await stack.start(pruned(app));
      const client = new Client(addresses, data);
      try {
        const [leaver] = await leavers(client, { quiet: 1, approved: 0, rejected: 0 });
        const id = await file(client, leaver!);
        expect(await ends(client, [id])).toEqual(['done']);
        expect(await verification(client)).toMatchObject({ verdict: 'consistent' });
        expect(await client.admin(`/v1/cases/${id}`)).toMatchObject({ status: 200 });
      } finally {
        client.close();
      }
    } finally {
      await stack.endAll();
    }
  });
});
