import { join } from 'node:path';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import { type BookName, type EventStore, type HeldHead, noteSigner, originOf } from '#ledger';
import { patiently } from './books.js';
import { CheckpointStream, type StoredCheckpoint } from './checkpoint-stream.js';
import { LeafFile } from './leaf-file.js';
import { NotarisedBook } from './notarised-book.js';
import { ReadPosition } from './read-position.js';
import { SignedHeads } from './signed-heads.js';

/** What a tenant's notary is made of. */
export interface NotaryOptions {
  readonly store: EventStore;
  readonly tenant: string;
  /** The host in the origins: it names the log for ever, wherever it is served. */
  readonly host: string;
  /** The Ed25519 seed, 32 bytes. */
  readonly seed: Uint8Array;
  /** The folder outside the store. */
  readonly folder: string;
  /** How long an entry waits for a checkpoint at most, in milliseconds. */
  readonly signEveryMs: number;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** Follows both books of a tenant and signs their heads: at a case's end, and at the latest so long after an entry. What does not fit stops it for good. */
export class TenantNotary {
  readonly books: Readonly<Record<BookName, NotarisedBook>>;
  readonly #stream: CheckpointStream;
  readonly #position: ReadPosition;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #following = false;
  #stopped: string | undefined;
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;

  constructor(private readonly options: NotaryOptions) {
    const { store, tenant, host, seed, folder, clock, newId } = options;
    const bookOf = (book: BookName): NotarisedBook => {
      const signer = noteSigner(originOf(host, book, tenant), seed);
      const heads = new SignedHeads(join(folder, tenant, book), signer);
      return new NotarisedBook({ store, tenant, book, signer, clock, heads, leaves: new LeafFile(join(folder, tenant, book, 'leaves')) });
    };
    this.books = { ledger: bookOf('ledger'), journal: bookOf('journal') };
    this.#stream = new CheckpointStream(store, tenant, newId);
    this.#position = new ReadPosition(join(folder, tenant, 'position'));
    this.#running = this.#run();
  }

  /** What keeps this tenant from being signed now, in a few words; undefined while nothing does. */
  get missing(): string | undefined {
    const { ledger, journal } = this.books;
    if (this.#stopped !== undefined) return `stopped: ${this.#stopped}`;
    return this.#fault ?? ledger.fault ?? journal.fault ?? (this.#following ? undefined : 'catching up');
  }

  /** Every head that was signed, for a recomputation to be held against. */
  get held(): readonly HeldHead[] {
    return Object.values(this.books).flatMap(({ name, signed }) => signed.map(({ size, root, at }) => ({ book: name, holder: 'notary' as const, size, root, at })));
  }

  /** Signs what is not signed yet, and ends. */
  async close(): Promise<void> {
    if (this.#following) this.#sign();
    this.#ending.abort();
    await this.#running;
    await this.#stream.settled();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    const books = Object.values(this.books);
    try {
      const restored = await Promise.all(books.map((book) => book.restore(signal)));
      if (restored.every(Boolean)) this.#stream.skipTo(this.#position.read());
      const stored = await this.#notesIn(this.#stream);
      await Promise.all(books.map((book) => book.catchUp(stored(book), signal)));
      this.#following = true;
      const { ledger, journal } = this.books;
      this.options.log('following', { tenant: this.options.tenant, ledger: ledger.tree.size, journal: journal.tree.size });
      this.#sign();
      const followed = books.map((book) => book.follow(({ type }) => (type === 'case.ended' ? this.#signSoon() : this.#signLater()), signal));
      await Promise.all([...followed, ...(restored.some(Boolean) ? [this.#reverify()] : [])]);
    } catch (error) {
      if (!signal.aborted) this.#stop(error);
    } finally {
      clearTimeout(this.#timer);
      clearImmediate(this.#soon);
    }
  }

  /** Looks, beside all else, at what was taken over unread; what does not fit there stops the tenant as anything else does. */
  async #reverify(): Promise<void> {
    const { signal } = this.#ending;
    const { store, tenant, newId, log } = this.options;
    const stored = await this.#notesIn(new CheckpointStream(store, tenant, newId));
    for (const book of Object.values(this.books)) log('reverified', { tenant, book: book.name, entries: await book.reverify(stored(book), signal) });
  }

  /** The checkpoints that are not read yet, by book. */
  async #notesIn(stream: CheckpointStream): Promise<(book: NotarisedBook) => readonly string[]> {
    const { signal } = this.#ending;
    const stored: StoredCheckpoint[] = [];
    await patiently(signal, (fault) => (this.#fault = fault), async () => void stored.push(...(await stream.readOn(signal))));
    return ({ name }) => stored.filter(({ book }) => book === name).map(({ note }) => note);
  }

  // a turn later, so that entries which came together are signed together
  #signSoon(): void {
    this.#soon ??= setImmediate(() => this.#sign());
  }

  #signLater(): void {
    this.#timer ??= setTimeout(() => this.#sign(), this.options.signEveryMs).unref();
  }

  #sign(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = this.#soon = undefined;
    if (this.#stopped !== undefined) return;
    const { log, tenant } = this.options;
    for (const book of Object.values(this.books)) {
      try {
        const head = book.sign();
        this.#fault = undefined;
        this.#keepLeaves(book);
        if (!head) continue;
        log('checkpoint_signed', { tenant, book: book.name, size: head.size });
        this.#stream.append(book.name, head).then(() => this.#position.write(this.#stream.revision)).catch((error: unknown) => log('checkpoint_not_stored', { tenant, book: book.name, size: head.size, code: codeOf(error) ?? 'unknown' }));
      } catch (error) {
        if (codeOf(error) !== undefined) return this.#stop(error);
        // the folder cannot be written: nothing was shown, and it is tried again
        this.#fault = 'checkpoints_not_kept';
        log('checkpoint_not_kept', { tenant, book: book.name });
        this.#signLater();
      }
    }
  }

  /** Without them the next start only takes longer. */
  #keepLeaves(book: NotarisedBook): void {
    try {
      book.keepLeaves();
    } catch {
      this.options.log('leaves_not_kept', { tenant: this.options.tenant, book: book.name });
    }
  }

  #stop(error: unknown): void {
    this.#stopped ??= codeOf(error) ?? 'fault';
    this.#ending.abort();
    this.options.log('tenant_stopped', { tenant: this.options.tenant, code: this.#stopped, why: codeOf(error) === undefined ? 'a fault on this side' : (error as Error).message });
  }
}
