import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, isJsonObject, type JsonValue } from '#decider';
import { type NoteVerifier, openCheckpoint, readCheckpoint, type TreeHead, verifierKey } from '#ledger';

/** A tree head that this notary has signed: the note, and when it was signed. */
export interface SignedHead extends TreeHead {
  readonly note: string;
  readonly at: Instant;
}

/**
 * What the notary has signed for one book, in a folder outside the store: `checkpoint` (the last one), `history.ndjson` (all of them,
 * each with its time) and `key` (who verifies them).
 */
export class SignedHeads {
  readonly #history: SignedHead[] = [];

  constructor(
    private readonly folder: string,
    private readonly verifier: NoteVerifier,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replace(join(folder, 'key'), `${verifierKey(verifier)}\n`);
    const file = join(folder, 'history.ndjson');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    this.#history = lines.flatMap((line) => headIn(line) ?? []);
  }

  /** All of them, oldest first. */
  get history(): readonly SignedHead[] {
    return this.#history;
  }

  /**
   * The last one, read anew from the folder, since another instance may have signed since.
   * @throws CodedError of `openCheckpoint` where the folder holds what this notary has not signed.
   */
  latest(): TreeHead | undefined {
    const file = join(this.folder, 'checkpoint');
    return existsSync(file) ? openCheckpoint(readFileSync(file, 'utf8'), this.verifier) : undefined;
  }

  /** Keeps a head before anybody is shown it: after this it survives a power cut. */
  keep(head: SignedHead): void {
    const file = join(this.folder, 'history.ndjson');
    // a line of its own even after one that a crash cut short
    write(file, 'a', `${existsSync(file) ? '\n' : ''}${JSON.stringify({ at: head.at, note: head.note })}`);
    replace(join(this.folder, 'checkpoint'), head.note);
    this.#history.push(head);
  }
}

function headIn(line: string): SignedHead | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (!isJsonObject(value) || typeof value.at !== 'string' || typeof value.note !== 'string') return undefined;
    const { size, root } = readCheckpoint(value.note);
    return { size, root, at: value.at, note: value.note };
  } catch {
    // a line that a crash cut short was shown to nobody
    return undefined;
  }
}

function replace(path: string, content: string): void {
  write(`${path}.new`, 'w', content);
  renameSync(`${path}.new`, path);
  const folder = openSync(join(path, '..'), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function write(path: string, flag: 'a' | 'w', content: string): void {
  const file = openSync(path, flag, 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
