import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, isJsonObject, type JsonValue } from '#decider';
import type { Head } from './chain.js';

/** The newest head of a book that a process has seen, kept outside the store: so it notices at its next start that the store was rolled back meanwhile. */
export interface KeptHead {
  /** Why the newest head is not kept yet; undefined while nothing stands in the way. */
  readonly fault: string | undefined;
  /** The head that was kept last; undefined where none ever was. Makes the folder. @throws CodedError `kept_head_unreadable`. */
  load(): Head | undefined;
  /** Keeps a head soon; of several that come together the last. */
  keep(head: Head): void;
  /** Resolves when the newest head is kept, or once keeping it has failed. */
  settled(): Promise<void>;
}

/** How far the file may be behind the book, in milliseconds: a file that is flushed for each entry would halve the store's own flushes. */
const PAUSE_MS = 100;

/** A kept head in a file of one JSON object; each replaces the one before it whole, and is flushed. */
export class KeptHeadFile implements KeptHead {
  #newest: Head | undefined;
  #writing: Promise<void> | undefined;
  #hurry = new AbortController();
  #fault: string | undefined;

  /** @param path - below a folder that is outside the store and its backups. */
  constructor(private readonly path: string) {}

  get fault(): string | undefined {
    return this.#fault;
  }

  load(): Head | undefined {
    let value: JsonValue;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      if (!existsSync(this.path)) return undefined;
      value = JSON.parse(readFileSync(this.path, 'utf8')) as JsonValue;
    } catch (cause) {
      throw new CodedError('kept_head_unreadable', `${this.path} cannot be read`, { cause });
    }
    const head = headIn(value);
    if (!head) throw new CodedError('kept_head_unreadable', `${this.path} does not hold a head`);
    return head;
  }

  keep(head: Head): void {
    this.#newest = head;
    this.#writing ??= this.#write();
  }

  async settled(): Promise<void> {
    this.#hurry.abort();
    await this.#writing;
    this.#hurry = new AbortController();
  }

  async #write(): Promise<void> {
    while (this.#newest) {
      const head = this.#newest;
      const failed = await replace(this.path, `${JSON.stringify(head)}\n`).then(() => false, () => true);
      this.#fault = failed ? 'head_not_kept' : undefined;
      if (!failed && this.#newest === head) this.#newest = undefined;
      if (failed && this.#hurry.signal.aborted) break;
      await delay(PAUSE_MS, undefined, { signal: this.#hurry.signal, ref: false }).catch(() => undefined);
    }
    // in the same turn as the last look, so that no head falls between
    this.#writing = undefined;
  }
}

function headIn(value: JsonValue): Head | undefined {
  if (!isJsonObject(value)) return undefined;
  const { seq, hash, incarnation, at } = value;
  if (!Number.isSafeInteger(seq) || Number(seq) < 0 || typeof hash !== 'string' || typeof incarnation !== 'string' || typeof at !== 'string') return undefined;
  return { seq: Number(seq), hash, incarnation, at };
}

async function replace(path: string, content: string): Promise<void> {
  await flushed(`${path}.new`, 'w', (file) => file.writeFile(content));
  await rename(`${path}.new`, path);
  // the name itself is on disk only after its folder is
  await flushed(dirname(path), 'r', () => Promise.resolve());
}

async function flushed(path: string, flag: 'r' | 'w', work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
