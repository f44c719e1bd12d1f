import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { httpsUrl, httpUrl } from '../../dist/apps/console/addresses.js';
import { type App } from '../../dist/apps/console/parts.js';
import { foldersOf } from '../../dist/apps/console/set-up.js';
import { bookFaults, readBooks, verification } from './books.js';
import { ends, file, type Leaver, leavers, steadily } from './crowd.js';
import { setStage, type Stage } from './stage.js';

interface Outcome {
  readonly code: number;
  readonly words: string;
}
function run(program: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd }, (_, out, err) => resolve({ code: child.exitCode ?? -1, words: out + err }));
  });
}

/** What readers of the store run, in the order of their end. */
const READERS: readonly App[] = ['admin', 'notary', 'gatekeeper', 'doer'];

let stage: Stage, folder: string, people: readonly Leaver[];
const operator = (name: string, ...args: readonly string[]): Promise<Outcome> => {
  const port = stage.addresses.hris.split(':')[1] ?? '';
  return run(process.execPath, [`dist/apps/console/${name}.js`, ...args, '--data', stage.data, ...(name === 'restore' ? [] : ['--base-port', port])]);
};
const end = async (...apps: readonly App[]): Promise<void> => {
  for (const app of apps) await stage.stack.end(app);
};
const start = async (...apps: readonly App[]): Promise<void> => {
  for (const app of apps) await stage.stack.start(stage.parts[app]);
};
/** What an app's readiness lacks. */
const missing = async (app: 'gatekeeper' | 'doer' | 'notary'): Promise<string> => {
  const { addresses, client } = stage;
  const url = app === 'doer' ? httpUrl(addresses.doerHealth) : httpsUrl(addresses[app]);
  return JSON.stringify((await client.ask(`${url}/ready`)).body.missing);
};
const says = (app: 'gatekeeper' | 'doer' | 'notary', words: string): Promise<true> =>
  steadily(`${app} to say ${words}`, async () => ((await missing(app)).includes(words) ? true : undefined));
const offboarded = async (leaver: Leaver): Promise<void> => {
  expect(await ends(stage.client, [await file(stage.client, leaver)])).toEqual(['done']);
};
/** A checkpoint over all that stands in a book now. */
const checkpointOver = (book: 'ledger' | 'journal', entries: number): Promise<string> =>
  steadily(`a checkpoint over ${entries} entries of the ${book}`, async () => {
    const { status, text } = await stage.client.notary(`/v1/tenants/acme/${book}/log/checkpoint`);
    return status === 200 && Number(text.split('\n')[1]) >= entries ? text : undefined;
  });
const pinned = async (note: string): Promise<JsonObject> => (await stage.client.notary(`/v1/tenants/acme/ledger/verification?checkpoint=${Buffer.from(note).toString('base64url')}`)).body;
const keep = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-restore-'));
  stage = await setStage({ basePort: 7_700, windowSeconds: 1 });
  people = await leavers(stage.client, { quiet: 4, approved: 0, rejected: 0 });
});
afterAll(async () => {
  await stage.strike();
  rmSync(folder, { recursive: true });
});

describe('a store that is restored from a backup', () => {
  let backedUp: number, before: string, after: string;

  it('is backed up while it runs', async () => {
    await offboarded(people[0]!);
    before = await checkpointOver('ledger', (await readBooks(stage.client)).ledger.length);
    const { code, words } = await operator('backup', join(folder, 'backup.db'));
    expect([code, words]).toEqual([0, expect.stringMatching(/: \d+ events of 3 streams/)]);
    backedUp = (await readBooks(stage.client)).ledger.length;
    await offboarded(people[1]!);
    after = await checkpointOver('ledger', (await readBooks(stage.client)).ledger.length);
    expect(Number(after.split('\n')[1])).toBeGreaterThan(backedUp);
  });

  it('is not restored over while it runs', async () => {
    expect(await operator('restore', join(folder, 'backup.db'))).toEqual({ code: 1, words: expect.stringContaining('a store runs on') });
  });

  it('while all were down keeps gatekeeper, doer and notary stopped, and nothing is accepted', async () => {
    await end(...READERS, 'store');
    expect(await operator('restore', join(folder, 'backup.db'))).toMatchObject({ code: 0, words: expect.stringContaining('what was there is now') });
    await start('store', 'doer', 'gatekeeper', 'notary');
    await Promise.all([says('gatekeeper', 'acme: store_behind'), says('doer', 'acme: store_behind'), says('notary', 'acme: stopped: cut')]);
    const { status } = await stage.client.gatekeeper('/v1/requests', { token: stage.client.token('requester-hr'), json: { text: `Please offboard ${people[2]!.address}, last day today` } });
    expect(status).toBe(503);
    expect(await verification(stage.client)).toMatchObject({ verdict: 'inconsistent', finding: { code: 'cut' } });
    expect((await readBooks(stage.client)).ledger).toHaveLength(backedUp);
  });

  it('is reopened only when an operator accepts what was lost, which the books then say', async () => {
    const told = await operator('reopen');
    expect(told).toMatchObject({ code: 0, words: expect.stringMatching(/^ledger of acme: entries \d+ to \d+ are gone.*\n.*signed checkpoints.*\njournal of acme: entries .* are gone(.*\n)+Nothing was written/) });
    expect((await readBooks(stage.client)).ledger).toHaveLength(backedUp);
    await says('gatekeeper', 'store_behind');
    expect(await operator('reopen', '--accept')).toMatchObject({ code: 0, words: expect.stringContaining(`accepted: entry ${backedUp} of the ledger`) });
    // those that wait come up by themselves; the notary was stopped for good
    await end('notary');
    await start('notary');
    await Promise.all([says('gatekeeper', '[]'), says('doer', '[]'), says('notary', '[]')]);
    expect(await operator('reopen')).toMatchObject({ code: 0, words: expect.not.stringContaining('gone') });
    expect((await readBooks(stage.client)).ledger[backedUp]).toMatchObject({ type: 'ledger.reopened', actor: 'operator', data: { restored: { entries: backedUp } } });
  });

  it('goes on, is consistent, and says to who holds an older checkpoint what was lost', async () => {
    await offboarded(people[2]!);
    await steadily('all receipts', async () => (bookFaults(await verification(stage.client)).length === 0 ? true : undefined));
    expect(await verification(stage.client)).toMatchObject({ verdict: 'consistent', losses: [{ book: 'ledger', seq: backedUp, from: backedUp }, { book: 'journal' }] });
    expect(await pinned(before)).toMatchObject({ verdict: 'consistent_with_pinned' });
    expect(await pinned(after)).toMatchObject({ verdict: 'inconsistent', finding: { book: 'ledger', seq: backedUp, code: 'lost_in_restore' } });
    await checkpointOver('ledger', backedUp + 1);
  });

  it('is checked offline by every program of ours', async () => {
    const exported = async (book: string): Promise<string> => keep(`${book}.ndjson`, (await stage.client.notary(`/v1/tenants/acme/${book}/export`)).text);
    const books = [await exported('ledger'), await exported('journal')];
    const [old, gone] = [keep('before', before), keep('after', after)];
    const verify = (...args: readonly string[]) => run(process.execPath, ['dist/apps/console/verify.js', ...args]);
    const lost = new RegExp(`^lost: ledger entries ${backedUp} to \\d+, in a restore`, 'm');
    expect(await verify(...books)).toMatchObject({ code: 0, words: expect.stringMatching(lost) });
    expect(await verify(...books, '--pin', old)).toMatchObject({ code: 0 });
    expect(await verify(...books, '--pin', gone)).toMatchObject({ code: 1, words: expect.stringMatching(/^lost: ledger entry .*lost_in_restore/m) });
    expect(await run(process.execPath, ['docs/verify.mjs', ...books])).toMatchObject({ code: 0, words: expect.stringContaining(`ledger entry ${backedUp} says that a restore lost entries ${backedUp} to`) });
    expect(await run('python3', ['docs/verify.py', books[0]!, old])).toMatchObject({ code: 0, words: expect.stringContaining('says that a restore lost') });
    expect(await run('python3', ['docs/verify.py', books[0]!, gone])).toMatchObject({ code: 1, words: expect.stringContaining('says that a restore lost') });
    const shell = [...readFileSync('docs/verify-it-yourself.md', 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, command]) => command ?? '').find((command) => command.includes('while IFS=')) ?? '';
    expect(await run('/bin/sh', ['-ec', shell], folder)).toMatchObject({ code: 0, words: expect.stringContaining('entries, head') });
  });
});

describe('a store that is restored under the running processes', () => {
  it('stops them, and they go on after a reopening and a new start', async () => {
    await checkpointOver('journal', (await readBooks(stage.client)).journal.length);
    const next = join(folder, 'second.db');
    expect(await operator('backup', next)).toMatchObject({ code: 0 });
    await offboarded(people[3]!);
    await end('store');
    expect(await operator('restore', next)).toMatchObject({ code: 0 });
    await start('store');
    await Promise.all([says('gatekeeper', 'acme: store_behind'), says('doer', 'acme: store_behind'), says('notary', 'acme: stopped: store_behind')]);
    expect(readFileSync(join(foldersOf(stage.data).logs, 'gatekeeper.log'), 'utf8')).toContain('"event":"tenant_stopped","tenant":"acme","code":"store_behind"');
    expect(await operator('reopen', '--accept')).toMatchObject({ code: 0, words: expect.stringContaining('accepted') });
    await says('gatekeeper', 'acme: store_behind');
    await end('notary', 'gatekeeper', 'doer');
    await start('doer', 'gatekeeper', 'notary');
    await Promise.all([says('gatekeeper', '[]'), says('doer', '[]'), says('notary', '[]')]);
    await offboarded(people[3]!);
    expect(await verification(stage.client)).toMatchObject({ verdict: 'consistent', losses: { length: 4 } });
  });
});
