import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf, CodedError } from '#decider';
import { exportedEntries, layTiles, readCheckpoint } from '#ledger';
import { tenantOf } from './tenant-of.js';

/** Lays an export out as the tiled log (C2SP tlog-tiles) of a checkpoint, for programs that others wrote. Exit codes: 0 done, 1 they do not fit, 2 could not. */
const USAGE = 'usage: npm run tiles -- <export> <checkpoint> <new folder>';
const MISFITS = new Set(['cut', 'checkpoint_mismatch', 'prev_mismatch', 'seq_gap', 'tenant_mismatch', 'incarnation_mismatch', 'reopening_malformed', 'time_backwards', 'not_canonical', 'entry_shape', 'entry_too_large']);

async function lay(file: string, note: string, folder: string): Promise<void> {
  const checkpoint = readCheckpoint(note);
  mkdirSync(folder);
  await layTiles(exportedEntries(createReadStream(file)), await tenantOf(file), checkpoint, (path, bytes) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  });
  // last, so that a folder with a checkpoint is whole
  writeFileSync(join(folder, 'checkpoint'), note);
  console.log(`${folder}: the log ${checkpoint.origin} of ${checkpoint.size} entries`);
}

try {
  const [file, checkpoint, folder, ...others] = parseArgs({ allowPositionals: true }).positionals;
  if (file === undefined || checkpoint === undefined || folder === undefined || others.length > 0) throw new CodedError('usage', USAGE);
  await lay(file, readFileSync(checkpoint, 'utf8'), folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : 'unknown fault');
  process.exitCode = MISFITS.has(codeOf(error) ?? '') ? 1 : 2;
}
