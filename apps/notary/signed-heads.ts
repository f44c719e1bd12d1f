import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, isJsonObject, type JsonValue } from '#decider';
import { type Cosignature, cosignaturesOf, type NoteVerifier, openCheckpoint, readCheckpoint, type TreeHead, verifierKey, type WitnessKey } from '#ledger';

/** How many notes are proven before others get their turn. */
const AT_ONCE = 256;

/** A tree head that this notary has signed: the note with all signatures, when it was signed, and the cosignatures in the note that hold. */
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
  readonly #history: SignedHead[];

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

  /** Proves the cosignatures in all notes: what lies in the folder is believed as little as what lies in the store. */
  async proveCosignatures(witnesses: readonly WitnessKey[], signal: AbortSignal): Promise<void> {
    for (const [i, head] of this.#history.entries()) {
      if (signal.aborted) return;
      this.#history[i] = { ...head, cosignatures: cosignaturesOf(head.note, witnesses) };
      if (i % AT_ONCE === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
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
    const place = this.#history.findLastIndex(({ size }) => size === head.size);
    if (place >= 0) this.#history[place] = head;
  }

  #write({ at, note }: SignedHead): void {
    const file = join(this.folder, 'history.ndjson');
    // a line of its own even after one that a crash cut short
    write(file, 'a', `${existsSync(file) ? '\n' : ''}${JSON.stringify({ at, note })}`);
  }
}

function headIn(line: string): SignedHead | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (!isJsonObject(value) || typeof value.at !== 'string' || typeof value.note !== 'string') return undefined;
    const { size, root } = readCheckpoint(value.note);
    return { size, root, at: value.at, note: value.note, cosignatures: [] };
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
