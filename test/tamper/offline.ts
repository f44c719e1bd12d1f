import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEntry } from '#ledger';

/** A pair of books as the store gives them. */
export interface Stores {
  readonly ledger: readonly StoredEntry[];
  readonly journal: readonly StoredEntry[];
}

/** What a check of two exports ended with. */
export interface Offline {
  readonly code: number;
  readonly words: string;
}

/** Runs `npm run verify`'s program over exports of these books, beside a checkpoint where one is given. */
export async function verifyOffline({ ledger, journal }: Stores, pin?: string): Promise<Offline> {
  const folder = mkdtempSync(join(tmpdir(), 'tamper-'));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const lines = (entries: readonly StoredEntry[]): Buffer => Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
  const args = ['dist/apps/console/verify.js', file('ledger', lines(ledger)), file('journal', lines(journal)), ...(pin === undefined ? [] : ['--pin', file('pin', pin)])];
  try {
    return await new Promise<Offline>((resolve) => {
      const child = execFile(process.execPath, args, (_, out, err) => resolve({ code: child.exitCode ?? -1, words: out + err }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
