import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '#decider';
import { openCheckpoint, parseVerifierKey, type SignedTreeHead } from '#ledger';

/** What the notary has signed for one book, in its own folder (docs/ledger.md): of a restored store, heads may be no longer of the book. */
export class NotaryFolder {
  readonly #lines: readonly string[];
  readonly #heads: ReadonlyMap<string, SignedTreeHead>;

  /** @throws CodedError where the folder holds a checkpoint that its key did not sign. */
  constructor(private readonly folder: string) {
    this.#lines = this.#linesOf('history.ndjson');
    const last = this.#text('checkpoint');
    const notes = [...this.#lines.flatMap((line) => noteIn(line) ?? []), ...(last === '' ? [] : [last])];
    const signer = notes.length === 0 ? undefined : parseVerifierKey(this.#text('key').trim());
    this.#heads = new Map(signer && notes.map((note) => [note, { ...openCheckpoint(note, signer), note }]));
  }

  get heads(): readonly SignedTreeHead[] {
    return [...this.#heads.values()];
  }

  /** Moves heads that an operator has given up to `lost.ndjson`, so that the notary signs on from the last one that holds. May be repeated. */
  setAside(lost: readonly SignedTreeHead[]): void {
    const gone = new Set(lost.map(({ note }) => note));
    const kept = this.#lines.filter((line) => !gone.has(noteIn(line) ?? ''));
    const at = (name: string): string => join(this.folder, name);
    const known = new Set([...kept, ...this.#linesOf('lost.ndjson')]);
    appendFileSync(at('lost.ndjson'), this.#lines.filter((line) => !known.has(line)).map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true });
    const last = this.heads.filter(({ note }) => !gone.has(note)).toSorted((a, b) => a.size - b.size).at(-1);
    if (last) replace(at('checkpoint'), last.note);
    else rmSync(at('checkpoint'), { force: true });
    replace(at('history.ndjson'), kept.join('\n'));
    flush(this.folder);
  }

  #text(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #linesOf(name: string): readonly string[] {
    return this.#text(name).split('\n').filter((line) => line !== '');
  }
}

/** The note of one line; a line that a crash cut short was shown to nobody. */
function noteIn(line: string): string | undefined {
  try {
    const value = JSON.parse(line) as JsonValue;
    return isJsonObject(value) && typeof value.note === 'string' ? value.note : undefined;
  } catch {
    return undefined;
  }
}

function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

function flush(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
