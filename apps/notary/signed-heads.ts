import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, isJsonObject, type JsonValue } from '#decider';
import { type Cosignature, type NoteVerifier, openCheckpoint, readCheckpoint, type TreeHead, verifierKey } from '#ledger';

/** A tree head that this notary has signed: the note with all signatures, when it was signed, and the cosignatures that were taken, which held. */
export interface SignedHead extends TreeHead {
  readonly note: string;
  readonly at: Instant;
  readonly cosignatures: readonly Cosignature[];
}

/**
 * What the notary has signed for one book, in a folder outside the store: `checkpoint` (the last one), `history.ndjson` (all of them,
 * each with its time, and once more with each cosignature) and `key` (who verifies them).
 */
export class SignedHeads {
  #history: SignedHead[] = [];

  constructor(
    private readonly folder: string,
    private readonly verifier: NoteVerifier,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replace(join(folder, 'key'), `${verifierKey(verifier)}\n`);
    const file = join(folder, 'history.ndjson');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    // the last line of a head holds all that was taken for it
    this.#history = [...new Map(lines.flatMap((line) => headIn(line) ?? []).map((head) => [`${head.size} ${Buffer.from(head.root).toString('hex')}`, head])).values()];
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
    this.#write(head);
    replace(join(this.folder, 'checkpoint'), head.note);
    this.#history.push(head);
  }

  /** Keeps a head of the history with what was taken for it since. */
  keepCosigned(head: SignedHead): void {
    this.#write(head);
    if (this.latest()?.size === head.size) replace(join(this.folder, 'checkpoint'), head.note);
    this.#history = this.#history.map((one) => (one.size === head.size ? head : one));
  }

  #write({ at, note, cosignatures }: SignedHead): void {
    const file = join(this.folder, 'history.ndjson');
    const line = JSON.stringify({ at, note, ...(cosignatures.length > 0 && { cosignatures }) });
    // a line of its own even after one that a crash cut short
    write(file, 'a', `${existsSync(file) ? '\n' : ''}${line}`);
  }
}

function headIn(line: string): SignedHead | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (!isJsonObject(value) || typeof value.at !== 'string' || typeof value.note !== 'string') return undefined;
    const { size, root } = readCheckpoint(value.note);
    return { size, root, at: value.at, note: value.note, cosignatures: Array.isArray(value.cosignatures) ? value.cosignatures.flatMap(cosignatureIn) : [] };
  } catch {
    // a line that a crash cut short was shown to nobody
    return undefined;
  }
}

function cosignatureIn(value: JsonValue): readonly Cosignature[] {
  return isJsonObject(value) && typeof value.witness === 'string' && typeof value.at === 'string' ? [{ witness: value.witness, at: value.at }] : [];
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
