import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEntry } from '#ledger';
import type { Books } from './books.js';

/** What the offline program ended with: its exit code, and its last line but what the verdict rests on. */
export interface Offline {
  readonly code: number;
  readonly words: string;
}

/** A book as its export: one entry a line. */
export function linesOf(entries: readonly StoredEntry[]): Buffer {
  return Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
}

/** Runs `npm run verify`'s program over exports of these books, beside the checkpoints and verifier keys that an auditor keeps. */
export async function verifyOffline({ ledger, journal }: Books, pins: readonly string[] = [], keys: readonly string[] = []): Promise<Offline> {
  return inFolder(async (file) => {
    const kept = (option: string, texts: readonly string[]): string[] => texts.flatMap((text, i) => [`--${option}`, file(`${option}-${i}`, text)]);
    return runVerify([file('ledger', linesOf(ledger)), file('journal', linesOf(journal)), ...kept('pin', pins), ...kept('key', keys)]);
  });
}

/** Runs the program as it is built. */
export function runVerify(args: readonly string[]): Promise<Offline> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/apps/console/verify.js', ...args], (_, out, err) => resolve({ code: child.exitCode ?? -1, words: (out + err).trimEnd() }));
  });
}

/** Gives `work` a way to write files that are gone once it is done. */
export async function inFolder<T>(work: (file: (name: string, content: string | Uint8Array) => string, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tamper-'));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    return await work(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The line that says what was found, without notes about keys that were not given. */
export function said(words: string): string {
  return words.split('\n').find((line) => !line.startsWith('note: ')) ?? '';
}
