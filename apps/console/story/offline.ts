import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '../client.js';
import { TENANT } from '../set-up.js';

/** A checker of 40 lines that uses nothing of Gatehouse. */
const CHECKER = fileURLToPath(new URL('../../../../docs/verify.mjs', import.meta.url));
/** The program behind `npm run verify`. */
const VERIFIER = fileURLToPath(new URL('../verify.js', import.meta.url));
const BOOKS = ['ledger', 'journal'] as const;

/** What a program that needs no network came to: its exit code, and its own words. */
export interface Checked {
  readonly status: number | null;
  readonly words: readonly string[];
}

/** One book, as the notary hands it out. */
export async function exported(client: Client, book: (typeof BOOKS)[number]): Promise<string> {
  return taken(client, `${book}/export`);
}

/** Takes both books away and gives them to the checker. */
export async function checkExport(client: Client, folder: string): Promise<Checked> {
  return run(CHECKER, await booksIn(client, folder));
}

/** Takes the signed checkpoints away and then both books, and gives all of it to the offline verifier. */
export async function verifyPinned(client: Client, folder: string): Promise<Checked> {
  const keep = async (name: string, path: string): Promise<string> => {
    writeFileSync(join(folder, name), await taken(client, path));
    return join(folder, name);
  };
  const trust: string[] = [];
  for (const book of BOOKS) trust.push('--pin', await keep(`${book}.checkpoint`, `${book}/log/checkpoint`), '--key', await keep(`${book}.key`, `${book}/log/key`));
  return run(VERIFIER, [...(await booksIn(client, folder)), ...trust]);
}

/** Ledger first: what it has taken up is then in the journal. */
async function booksIn(client: Client, folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const book of BOOKS) {
    const file = join(folder, `${book}.ndjson`);
    writeFileSync(file, await exported(client, book));
    files.push(file);
  }
  return files;
}

async function taken(client: Client, path: string): Promise<string> {
  return (await client.notary(`/v1/tenants/${TENANT}/${path}`)).text;
}

function run(program: string, args: readonly string[]): Checked {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, words: `${stdout}${stderr}`.trim().split('\n') };
}
