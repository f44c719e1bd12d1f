import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IsNotEmpty, IsOptional, ValidateIf } from 'class-validator';
import { readKey } from './configuration.js';
import { StoreSettings } from './identity.js';

/** The environment of a process that folds a book and may keep the fold: a folder of its own, and the secret that it believes its files by. */
export class SnapshotSettings extends StoreSettings {
  @IsOptional() @IsNotEmpty() GATEHOUSE_SNAPSHOTS?: string;
  @ValidateIf(({ GATEHOUSE_SNAPSHOTS: folder }: SnapshotSettings) => folder !== undefined) @IsNotEmpty() GATEHOUSE_SNAPSHOT_KEY_FILE?: string;
}

/** Where a process keeps its folds, what it believes them by, and which code folds. */
export interface SnapshotPlace {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly code: string;
}

/** The place that the settings name; none without a folder. @throws CodedError `configuration` for a key that cannot be used. */
export function snapshotPlace({ GATEHOUSE_SNAPSHOTS: folder, GATEHOUSE_SNAPSHOT_KEY_FILE: keyFile }: SnapshotSettings): SnapshotPlace | undefined {
  if (folder === undefined || keyFile === undefined) return undefined;
  return { folder, key: readKey('GATEHOUSE_SNAPSHOT_KEY_FILE', keyFile), code: codeVersion() };
}

/** A digest of every file of code that can fold, and of the engine that runs it: nobody has to remember to raise a number. */
function codeVersion(): string {
  const libs = fileURLToPath(new URL('../../libs', import.meta.url));
  const digest = createHash('sha256').update(process.version);
  const files = readdirSync(libs, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && /\.[jt]s$/.test(file.name));
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) digest.update(`\0${relative(libs, path)}\0`).update(readFileSync(path));
  return digest.digest('hex');
}
