import { codeOf, isJsonObject } from '#decider';
import { type BookName, type EventStore, jcs, parseCanonical, type StoredEntry } from '#ledger';
import { eventsOf } from './books.js';
import type { SignedHead } from './signed-heads.js';

/** One checkpoint as it lies in the store. */
export interface StoredCheckpoint {
  readonly book: BookName;
  readonly note: string;
}

const SIGNED = 'checkpoint.signed';
const COSIGNED = 'checkpoint.cosigned';

/** The stream `checkpoints-<tenant>`: events `checkpoint.signed`, and `checkpoint.cosigned` with the same note under more signatures, of `{v, book, at, note}` in RFC 8785 form. */
export class CheckpointStream {
  readonly #stream: string;
  #revision = -1;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    tenant: string,
    private readonly newId: () => string,
  ) {
    this.#stream = `checkpoints-${tenant}`;
  }

  /** The last event that was read or written; -1 before the first. */
  get revision(): number {
    return this.#revision;
  }

  /** Passes over what was read before, up to that revision. */
  skipTo(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** What was appended since the last call; what is no checkpoint is passed over. @throws what the store throws. */
  async readOn(signal: AbortSignal): Promise<readonly StoredCheckpoint[]> {
    const found: StoredCheckpoint[] = [];
    for await (const stored of eventsOf({ store: this.store, stream: this.#stream, signal }, this.#revision + 1)) {
      this.#revision = stored.revision;
      found.push(...checkpointIn(stored));
    }
    return found;
  }

  /** Appends one after those before it. @throws what the store throws; the checkpoint stands outside all the same. */
  append(book: BookName, { at, note, cosignatures }: SignedHead): Promise<void> {
    const event = { id: this.newId(), type: cosignatures.length === 0 ? SIGNED : COSIGNED, bytes: jcs({ v: 1, book, at, note }) };
    const write = async (): Promise<void> => {
      await this.store.append(this.#stream, [event], this.#revision);
      this.#revision += 1;
    };
    const written = this.#writing.then(() =>
      write().catch(async (error: unknown) => {
        if (codeOf(error) !== 'wrong_revision') throw error;
        await this.readOn(new AbortController().signal);
        await write();
      }),
    );
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

function checkpointIn({ type, bytes }: StoredEntry): readonly StoredCheckpoint[] {
  try {
    const value = parseCanonical(bytes);
    if ((type !== SIGNED && type !== COSIGNED) || !isJsonObject(value) || typeof value.note !== 'string' || (value.book !== 'ledger' && value.book !== 'journal')) return [];
    return [{ book: value.book, note: value.note }];
  } catch {
    return [];
  }
}
