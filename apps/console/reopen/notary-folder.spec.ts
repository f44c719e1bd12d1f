import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SignedTreeHead, type StoredEntry } from '#ledger';
import { type Said, sampleBook, sampleStore } from '../../../eventstore/events/sample-book.js';
import { notaryUnderTest, signerOf } from '../../../test/ledger/following-notary.js';
import { NotaryFolder } from './notary-folder.js';

const note = (n: number): Said => ({ type: 'case.ended', case: `c-${n}`, data: { n } });
const opened: Said = { type: 'ledger.opened', case: null, data: {} };
const story = [opened, ...[1, 2, 3, 4, 5].map(note)];
const journal = sampleBook('acme', [{ type: 'journal.opened', case: null, data: {} }]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-reopen-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ledger = (): string => join(folder, 'acme', 'ledger');
/** A notary that signs each of these books in turn, as a store that grew. */
async function signs(...books: readonly (readonly StoredEntry[])[]): Promise<void> {
  for (const book of books) {
    const { notary, logged } = notaryUnderTest({ store: sampleStore(new Map([['ledger-acme', book], ['doer-acme', journal]])), folder });
    await logged('following');
    await notary.close();
  }
}
async function stops(book: readonly StoredEntry[]): Promise<unknown> {
  const { notary, logged } = notaryUnderTest({ store: sampleStore(new Map([['ledger-acme', book], ['doer-acme', journal]])), folder });
  const { code } = await logged('tenant_stopped');
  await notary.close();
  return code;
}
const beyond = (size: number): readonly SignedTreeHead[] => new NotaryFolder(ledger()).heads.filter((head) => head.size > size);
const sizes = (): readonly number[] => new NotaryFolder(ledger()).heads.map(({ size }) => size);

describe("the notary's folder", () => {
  const whole = sampleBook('acme', story);
  const other = sampleBook('acme', [...story.slice(0, 3), ...[7, 8, 9].map(note)]);

  it('gives up lost heads only, keeps them, and lets the notary sign on from the last one that holds', async () => {
    await signs(whole.slice(0, 2), whole.slice(0, 3), whole.slice(0, 5), whole);
    expect(sizes()).toEqual([2, 3, 5, 6]);
    expect(await stops(other.slice(0, 4))).toBe('cut');
    const lost = beyond(3);
    for (let again = 0; again < 2; again += 1) new NotaryFolder(ledger()).setAside(lost);
    expect([sizes(), readFileSync(join(ledger(), 'checkpoint'), 'utf8').split('\n')[1]]).toEqual([[2, 3], '3']);
    expect(readFileSync(join(ledger(), 'lost.ndjson'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { note: string }).note)).toEqual(lost.map((head) => head.note));
    await signs(other.slice(0, 4), other);
    expect(sizes()).toEqual([2, 3, 4, 6]);
    expect(await stops(whole)).toBe('checkpoint_mismatch');
  });

  it('may give up all of them, and is empty where the notary never signed', async () => {
    expect(new NotaryFolder(join(folder, 'nowhere')).heads).toEqual([]);
    await signs(whole);
    new NotaryFolder(ledger()).setAside(beyond(0));
    await signs(other);
    expect(sizes()).toEqual([6]);
  });

  it('passes over a line that a crash cut short, and refuses a head that its key did not sign', async () => {
    await signs(whole);
    const history = join(ledger(), 'history.ndjson');
    writeFileSync(history, `${readFileSync(history, 'utf8')}\n{"at":"2026`);
    expect(sizes()).toEqual([6]);
    writeFileSync(join(ledger(), 'key'), readFileSync(join(folder, 'acme', 'journal', 'key')));
    expect(() => new NotaryFolder(ledger())).toThrow(signerOf('journal').name);
  });
});

describe('the page about backup and restore', () => {
  const page = readFileSync('docs/backup-and-restore.md', 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  it('names commands that there are, with options that they take', () => {
    const commands = [...page.matchAll(/npm run ([a-z:]+)((?: [^`\n|]*)?)/g)].map(([, name = '', rest = '']) => ({ name, options: [...rest.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option) }));
    expect(commands.length).toBeGreaterThan(3);
    for (const { name, options } of commands) {
      const source = /dist\/(\S+)\.js/.exec(scripts[name] ?? '')?.[1] ?? '';
      const text = readFileSync(`${source}.ts`, 'utf8') + readFileSync('apps/console/data-option.ts', 'utf8');
      for (const option of options) expect(text).toContain(option);
    }
  });

  it('names settings and files that there are', () => {
    const sources = ['apps/gatekeeper/settings.ts', 'apps/doer/settings.ts', 'apps/notary/settings.ts', 'eventstore/node/settings.ts'].map((file) => readFileSync(file, 'utf8')).join('');
    for (const [name] of page.matchAll(/GATEHOUSE_[A-Z_]+/g)) expect(sources).toContain(name);
    expect(page).toContain('lost.ndjson');
  });
});
