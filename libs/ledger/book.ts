import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, CodedError, isCoded } from '#decider';
import type { BookOptions, Committed } from './book-options.js';
import { EMPTY_HEAD, follow, type Head } from './chain.js';
import { chain, type Chained, decideAll, fitting } from './deciding.js';
import type { Entry } from './entry.js';
import { HeadGuard } from './head-guard.js';
import { pagesOf } from './pages.js';
import type { Folded } from './snapshot.js';
import { keptFold, SnapshotSchedule } from './snapshot-schedule.js';
import { assertNotBehind, followBook } from './subscription.js';
import { CompactRange, leafHash } from './tree.js';

interface Waiting<State, Command> {
  readonly id: string;
  readonly command: Command;
  readonly resolve: (committed: Committed<State>) => void;
  readonly reject: (error: unknown) => void;
}

const LARGEST_BATCH = 64;

/** Faults of the store that pass: what waited is rejected, and the next command is tried as ever. */
const PASSING: ReadonlySet<string | undefined> = new Set(['store_unreachable', 'store_refused']);

/**
 * The only writer of one stream in this process: queued commands are decided on the folded state, chained, and appended
 * together at the exact revision. On a wrong revision, or an outcome that is unknown, it reads on and decides all again.
 */
export class Book<State, Command> {
  #state: State;
  #head: Head = EMPTY_HEAD;
  #tree = new CompactRange();
  #queue: Waiting<State, Command>[] = [];
  #draining: Promise<void> | undefined;
  #inDoubt = true;
  #stopped: CodedError | undefined;
  #fault: string | undefined;
  readonly #listeners: ((entry: Entry, state: State) => void)[] = [];
  readonly #following = new AbortController();
  readonly #guard: HeadGuard;
  readonly #schedule: SnapshotSchedule<State> | undefined;

  private constructor(private readonly options: BookOptions<State, Command>) {
    this.#state = options.machine.initial;
    this.#guard = new HeadGuard(options.store, options.stream, options.kept);
    this.#schedule = options.snapshots && new SnapshotSchedule(options.snapshots, () => ({ state: this.#state, head: this.#head, peaks: this.#tree.peaks }));
  }

  /**
   * Folds the stream from its snapshot on, or from its start, and writes the opening entry where there is none.
   * @throws CodedError of what does not fit, also with the heads that this process kept.
   */
  static async open<State, Command>(options: BookOptions<State, Command>): Promise<Book<State, Command>> {
    const book = new Book(options);
    const { kept, contradiction } = await keptFold(options);
    if (kept && !contradiction) book.#restore(kept);
    await book.#readOn();
    await book.#guard.assertKept(contradiction ? kept?.head : undefined);
    if (book.#head.seq < 0) await book.#open();
    book.#guard.keepFrom(book.#head);
    return book;
  }

  get state(): State {
    return this.#state;
  }

  get head(): Head {
    return this.#head;
  }

  /** Why the tenant was stopped, or why the store is not reached; undefined while all is well. */
  get trouble(): string | undefined {
    return this.#stopped?.code ?? this.#fault ?? this.#guard.fault;
  }

  /** True once the chain or the store did not fit: nothing is written or done for this tenant until an operator has looked. */
  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Hears every entry once, in order, from now on, with the state after it. */
  onEntry(listener: (entry: Entry, state: State) => void): void {
    this.#listeners.push(listener);
  }

  /** Follows what other processes append until `close`; a chain that does not fit stops the tenant. */
  async follow(): Promise<void> {
    const { store, stream, tenant } = this.options;
    try {
      await followBook({
        store,
        stream,
        tenant,
        head: () => this.#head,
        take: async (entry, head, bytes) => {
          // while this process writes, its own entries come with the acknowledgement, and are looked for there when it is lost
          while (this.#draining) await this.#draining;
          if (entry.seq > this.#head.seq) this.#advance(this.options.seal.proven(entry, bytes), head, bytes);
          this.#schedule?.look(this.#head.seq);
        },
        heard: (fault) => (this.#fault = fault),
        signal: this.#following.signal,
      });
    } catch (error) {
      this.stop(error);
    }
  }

  /**
   * Decides a command and writes what it led to.
   * @throws what the decision throws; CodedError `store_unreachable` when the store stayed away, `store_refused` without the right to write,
   *   `tenant_stopped` after a broken chain.
   */
  commit(command: Command, id: string = this.options.newId()): Promise<Committed<State>> {
    if (this.#stopped) return Promise.reject(tenantStopped(this.#stopped));
    return new Promise((resolve, reject) => {
      this.#queue.push({ id, command, resolve, reject });
      // a turn later, so that what arrives together is appended together
      this.#draining ??= Promise.resolve().then(() => this.#drain());
    });
  }

  /** Writes out what is queued, stops following, and keeps the fold for the next start. */
  async close(): Promise<void> {
    await this.#draining;
    this.#following.abort();
    await this.#guard.settled();
    if (!this.#stopped) await this.#schedule?.finish();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, LARGEST_BATCH);
      try {
        await this.#write(batch);
      } catch (error) {
        const reason = PASSING.has(codeOf(error)) ? error : tenantStopped(this.stop(error));
        for (const item of batch) item.reject(reason);
      }
    }
    this.#draining = undefined;
  }

  async #write(batch: readonly Waiting<State, Command>[]): Promise<void> {
    const giveUpAt = this.options.clock().getTime() + this.options.patienceMs;
    for (let failures = 0, open = batch, contested = -2; open.length > 0; ) {
      try {
        if (this.#stopped) throw this.#stopped;
        if (this.#inDoubt) open = this.#settleFound(open, await this.#readOn());
        const decided = decideAll(this.options.machine, { state: this.#state, head: this.#head }, open, this.options);
        const verdicts = decided.slice(0, fitting(decided));
        await this.#append(verdicts.flatMap((verdict) => ('chained' in verdict ? verdict.chained : [])));
        verdicts.forEach((verdict, i) => {
          if ('error' in verdict) open[i]?.reject(verdict.error);
          else open[i]?.resolve({ entries: verdict.chained.map(({ entry }) => entry), state: this.#state });
        });
        open = open.slice(verdicts.length);
      } catch (error) {
        const code = codeOf(error);
        this.#inDoubt = true;
        if (code === 'wrong_revision' && contested !== this.#head.seq) {
          // somebody else was faster; that is no outage as long as the book moves on
          contested = this.#head.seq;
          continue;
        }
        this.#fault = code === 'wrong_revision' ? 'store_unreachable' : code;
        if (this.#fault !== 'store_unreachable') throw error;
        if (this.options.clock().getTime() >= giveUpAt) throw new CodedError('store_unreachable', 'the store stayed away', { cause: error });
        failures += 1;
        await delay(Math.min(1_000, 25 * 2 ** failures));
      }
    }
  }

  async #append(links: readonly Chained[]): Promise<void> {
    if (links.length === 0) return;
    const events = links.map(({ entry: { id, type }, bytes }) => ({ id, type, bytes }));
    await this.options.store.append(this.options.stream, events, this.#head.seq);
    for (const { entry, head, bytes } of links) {
      // the subscription may have brought an entry before the append was acknowledged
      if (entry.seq > this.#head.seq) this.#advance(entry, head, bytes);
    }
    this.#schedule?.look(this.#head.seq);
  }

  async #open(): Promise<void> {
    const { opening, clock, newId } = this.options;
    const first = chain(opening, EMPTY_HEAD, null, clock().toISOString(), newId(), this.options);
    await this.#append([first]).catch(async (error: unknown) => {
      if (codeOf(error) !== 'wrong_revision') throw error;
      await this.#readOn();
    });
  }

  async #readOn(): Promise<readonly Entry[]> {
    const { store, stream, tenant } = this.options;
    await assertNotBehind(store, stream, this.#head);
    const found: Entry[] = [];
    const first = this.#head.seq + 1;
    for await (const page of pagesOf(store, stream, first)) {
      for (const stored of page) {
        if (stored.revision <= this.#head.seq) continue;
        const next = follow(this.#head, stored, tenant);
        this.#advance(this.options.seal.proven(next.entry, stored.bytes), next.head, stored.bytes);
        // at the start nobody waits for an answer among them
        if (first > 0) found.push(next.entry);
      }
    }
    this.#inDoubt = false;
    this.#fault = undefined;
    return found;
  }

  /** After an unknown outcome: commands of ours that are in the tail after all are answered from there. */
  #settleFound(batch: readonly Waiting<State, Command>[], tail: readonly Entry[]): readonly Waiting<State, Command>[] {
    return batch.filter((item) => {
      const entries = tail.filter(({ command }) => command === item.id);
      if (entries.length > 0) item.resolve({ entries, state: this.#state });
      return entries.length === 0;
    });
  }

  #restore({ state, head, peaks }: Folded<State>): void {
    [this.#state, this.#head, this.#tree] = [state, head, CompactRange.over(head.seq + 1, peaks)];
    this.#schedule?.keptAt(head.seq);
  }

  #advance(entry: Entry, head: Head, bytes: Uint8Array): void {
    this.#state = this.options.machine.evolve(this.#state, entry);
    this.#head = head;
    this.#tree.append(leafHash(bytes));
    this.#guard.entry(entry, head);
    for (const listener of this.#listeners) listener(entry, this.#state);
  }

  /** Stops the tenant, for what does not fit here or in the book beside this one; only a new start, after an operator has looked, undoes it. */
  stop(error: unknown): CodedError {
    this.#stopped ??= isCoded(error) ? error : new CodedError('fault', 'the book failed', { cause: error });
    this.#following.abort();
    return this.#stopped;
  }
}

function tenantStopped(cause: CodedError): CodedError {
  return new CodedError('tenant_stopped', cause.message, { cause });
}
