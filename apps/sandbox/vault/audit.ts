import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppendFile } from '../append-file.js';

/** One answered request: who asked for what, and which token or wrapping came of it; accessors only, never a token. */
export interface AuditLine {
  readonly at: string;
  readonly operation: string;
  readonly path: string;
  readonly status: number;
  /** The asking token's accessor and metadata. */
  readonly accessor?: string;
  readonly meta?: Readonly<Record<string, string>>;
  readonly issued?: { readonly accessor: string; readonly ttlSeconds: number; readonly meta: Readonly<Record<string, string>> };
  readonly wrapped?: { readonly accessor: string; readonly ttlSeconds: number };
}

/** The audit device: a file. */
export function openAudit(folder: string): AppendFile<AuditLine> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return AppendFile.open<AuditLine>(join(folder, 'vault-audit.jsonl'), () => undefined);
}
