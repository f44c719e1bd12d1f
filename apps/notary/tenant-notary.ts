import { join } from 'node:path';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import { type BookName, type EventStore, type HeldHead, type NoteSigner, originOf } from '#ledger';
import { patiently } from './books.js';
import { CheckpointStream, type StoredCheckpoint } from './checkpoint-stream.js';
import { LeafFile } from './leaf-file.js';
import { NotarisedBook } from './notarised-book.js';
import { Outside, type OutsideOptions } from './outside.js';
import { ReadPosition } from './read-position.js';
import { type SignedHead, SignedHeads } from './signed-heads.js';

/** How soon signing is tried again after a fault of the outside. */
const AGAIN_MS = 5_000;

/** What a tenant's notary is made of. */
export interface NotaryOptions {
  readonly store: EventStore;
  readonly tenant: string;
  /** The host in the origins: it names the log for ever, wherever it is served. */
  readonly host: string;
  /** Who signs the checkpoints of a log, by its origin. */
  readonly signerOf: (origin: string) => NoteSigner;
  /** The folder outside the store. */
  readonly folder: string;
  /** Who else takes the checkpoints: nobody where it is absent. */
  readonly outside?: OutsideOptions;
  /** How long an entry waits for a checkpoint at most, in milliseconds. */
  readonly signEveryMs: number;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** Follows both books of a tenant and signs their heads: at a case's end, and at the latest so long after an entry. What does not fit stops it for good. */
export class TenantNotary {
  readonly books: Readonly<Record<BookName, NotarisedBook>>;
  readonly outside: Outside;
  readonly #stream: CheckpointStream;
  readonly #position: ReadPosition;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #following = false;
  #signing: Promise<void> = Promise.resolve();
  #stopped: string | undefined;
  #fault: string | undefined;
  /** Why a book could not be signed when it was due. */
  readonly #unsigned = new Map<BookName, string>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;

  constructor(private readonly options: NotaryOptions) {
    const { store, tenant, host, signerOf, folder, clock, newId, log } = options;
    const bookOf = (book: BookName): NotarisedBook => {
      const signer = signerOf(originOf(host, book, tenant));
      const heads = new SignedHeads(join(folder, tenant, book), signer);
      const witnesses = options.outside?.witnesses?.map(({ key }) => key) ?? [];
      return new NotarisedBook({ store, tenant, book, signer, clock, witnesses, heads, leaves: new LeafFile(join(folder, tenant, book, 'leaves')) });
    };
    this.books = { ledger: bookOf('ledger'), journal: bookOf('journal') };
    this.#stream = new CheckpointStream(store, tenant, newId);
    this.#position = new ReadPosition(join(folder, tenant, 'position'));
    this.outside = new Outside({ tenant, books: this.books, clock, log, signal: this.#ending.signal, cosigned: (book, head) => this.#store(book, head), ...options.outside });
    this.#running = this.#run();
  }

  /** What keeps this tenant from being signed now, in a few words; undefined while nothing does. */
  get missing(): string | undefined {
    const { ledger, journal } = this.books;
    if (this.#stopped !== undefined) return `stopped: ${this.#stopped}`;
    return this.#fault ?? ledger.fault ?? journal.fault ?? [...this.#unsigned.values()][0] ?? (this.#following ? undefined : 'catching up');
  }

  /** Every head that was signed, for a recomputation to be held against. */
  get held(): readonly HeldHead[] {
    return Object.values(this.books).flatMap(({ name, signed }) => signed.map(({ size, root, at, cosignatures }) => ({ book: name, holder: 'notary' as const, size, root, at, cosignatures })));
  }

  /** Signs what is not signed yet, and ends. */
  async close(): Promise<void> {
    if (this.#following) await this.#sign();
    this.#ending.abort();
    await this.#running;
    await this.#signing;
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
      for (const book of books) this.outside.offerLast(book.name);
      void this.#sign();
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
    this.#soon ??= setImmediate(() => void this.#sign());
  }

  #signLater(afterMs = this.options.signEveryMs): void {
    this.#timer ??= setTimeout(() => void this.#sign(), afterMs).unref();
  }

  #sign(): Promise<void> {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = this.#soon = undefined;
    return (this.#signing = this.#signing.then(async () => {
      for (const book of Object.values(this.books)) await this.#signBook(book);
    }));
  }

  async #signBook(book: NotarisedBook): Promise<void> {
    if (this.#stopped !== undefined) return;
    const { log, tenant, signEveryMs } = this.options;
    try {
      const head = await book.sign();
      this.#unsigned.delete(book.name);
      this.#keepLeaves(book);
      if (!head) return;
      log('checkpoint_signed', { tenant, book: book.name, size: head.size });
      this.#store(book.name, head);
      this.outside.offer(book.name, head);
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && !isOfKeyKeeper(code)) {
        this.#stop(error);
        return;
      }
      // the folder cannot be written or the key not be asked: nothing was shown, and it is tried again
      const fault = code ?? 'checkpoints_not_kept';
      if (this.#unsigned.get(book.name) !== fault) log('checkpoint_not_signed', { tenant, book: book.name, code: fault });
      this.#unsigned.set(book.name, fault);
      this.#signLater(Math.min(signEveryMs, AGAIN_MS));
    }
  }

  #store(book: BookName, head: SignedHead): void {
    const { log, tenant } = this.options;
    const stored = this.#stream.append(book, head).then(() => this.#position.write(this.#stream.revision));
    stored.catch((error: unknown) => log('checkpoint_not_stored', { tenant, book, size: head.size, code: codeOf(error) ?? 'unknown' }));
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

/** Whether an error says that the key could not be asked, and nothing about what should be signed. */
function isOfKeyKeeper(code: string): boolean {
  return code.startsWith('vault_');
}
