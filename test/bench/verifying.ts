import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { exportedEntries, jcs, pagesOf, sha256Hex, type StoredEntry } from '#ledger';
import type { JsonValue } from '#decider';
import { DIST } from '../../apps/console/gatehouse.js';
import { usageOf } from './processes.js';
import { reach, type StoreStage } from './store-stage.js';

const MOST_MEGABYTES = 150;
const LOOK_MS = 50;

/** The offline program over both exports of a tenant against a bare loop of JCS and SHA-256 over the same lines, each a process of its own. */
export async function measureVerifying(stage: StoreStage, tenant: string, scratch: string): Promise<readonly string[]> {
  const files = [join(scratch, 'ledger.ndjson'), join(scratch, 'journal.ndjson')];
  await exportTo(pagesOf(stage.open('gatekeeper'), `ledger-${tenant}`), files[0] ?? '');
  await exportTo(pagesOf(stage.open('doer'), `doer-${tenant}`), files[1] ?? '');
  const bare = await run([fileURLToPath(import.meta.url), ...files]);
  const whole = await run([join(DIST, 'apps/console/verify.js'), ...files]);
  const bareAgain = await run([fileURLToPath(import.meta.url), ...files]);
  const bareMs = (bare.ms + bareAgain.ms) / 2;
  const memory = `  memory while verifying: ${whole.peak.toFixed()} MB (under ${MOST_MEGABYTES}) ${whole.peak < MOST_MEGABYTES ? 'reached' : 'NOT REACHED'}`;
  return [reach('offline verify to a bare loop of JCS and SHA-256', bareMs / whole.ms, { least: 0.6 }, `${(whole.ms / 1_000).toFixed(1)} s and ${(bareMs / 1_000).toFixed(1)} s`), memory];
}

async function exportTo(pages: AsyncIterable<readonly StoredEntry[]>, file: string): Promise<void> {
  const newline = Buffer.from('\n');
  async function* lines() {
    for await (const page of pages) yield Buffer.concat(page.flatMap(({ bytes }) => [bytes, newline]));
  }
  await pipeline(Readable.from(lines(), { objectMode: false }), createWriteStream(file));
}

/** Runs a program to its end: how long it took in milliseconds, and its memory at its highest in MB. @throws Error where it did not end well. */
async function run(args: readonly string[]): Promise<{ readonly ms: number; readonly peak: number }> {
  const begun = performance.now();
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const looking = setInterval(() => {
    try {
      peak = Math.max(peak, usageOf(child.pid ?? 0).peak || 0);
    } catch {
      // it has ended between two looks
    }
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args[0] ?? ''} ended with ${String(code)}`);
  return { ms: performance.now() - begun, peak };
}

/** Started by itself this file is the bare loop. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    let prev = '0'.repeat(64);
    for await (const { bytes } of exportedEntries(createReadStream(file))) {
      const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly prev: string } & JsonValue;
      if (value.prev !== prev) throw new Error('the chain of the bench does not hold');
      prev = sha256Hex(jcs(value));
    }
  }
}
