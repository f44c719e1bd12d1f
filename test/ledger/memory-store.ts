import { CodedError } from '#decider';
import type { EventStore, NewEvent, StoredEntry } from '#ledger';

/** What befalls one append: refused before or lost after the write, or written only when `landLate` is called. */
export type AppendFault = 'lost_before' | 'lost_after' | 'late' | 'refused';

/** A store in memory that keeps EventStoreDB's rules for appends at an exact revision, and fails as it is told to. */
export class MemoryStore implements EventStore {
  /** Everything fails with `store_unreachable`, subscriptions included. */
  away = false;
  /** Runs after a write, and after subscribers could see it, before the append is acknowledged. */
  beforeAck: () => Promise<void> = () => Promise.resolve();
  /** How many events each append brought that was written. */
  readonly written: number[] = [];
  /** How many appends were tried. */
  tries = 0;
  readonly #streams = new Map<string, StoredEntry[]>();
  readonly #faults: AppendFault[] = [];
  readonly #late: (() => void)[] = [];
  #changed: () => void = () => undefined;
  #change = this.#nextChange();

  /** The next appends fail like this, one after the other. */
  fail(...faults: readonly AppendFault[]): void {
    this.#faults.push(...faults);
  }

  /** The appends that were late arrive now; where the revision no longer fits nothing is written. */
  landLate(): void {
    for (const land of this.#late.splice(0)) land();
  }

  all(stream: string): readonly StoredEntry[] {
    return this.#streams.get(stream) ?? [];
  }

  /** What a restore does: the stream ends earlier, and may go on otherwise. */
  rollBack(stream: string, length: number): void {
    this.#streams.set(stream, this.all(stream).slice(0, length));
  }

  /** What only somebody with their hands in the store can do. */
  tamper(stream: string, events: readonly StoredEntry[]): void {
    this.#streams.set(stream, [...events]);
    this.#tell();
  }

  /** Ends every running subscription, as a lost connection does. */
  cut(): void {
    const before = this.away;
    this.away = true;
    this.#tell();
    this.away = before;
  }

  async append(stream: string, events: readonly NewEvent[], after: number): Promise<void> {
    this.tries += 1;
    this.#reached();
    const fault = this.#faults.shift();
    if (fault === 'refused') throw new CodedError('store_refused', 'not yours');
    if (fault === 'late') this.#late.push(() => this.#fits(stream, after) && this.#write(stream, events));
    if (fault === 'lost_before' || fault === 'late') throw new CodedError('store_unreachable', 'no answer');
    if (!this.#fits(stream, after)) throw new CodedError('wrong_revision', `not after ${after}`);
    this.#write(stream, events);
    if (fault === 'lost_after') throw new CodedError('store_unreachable', 'no answer');
    await this.beforeAck();
  }

  async *read(stream: string, from: number, limit = Infinity): AsyncGenerator<StoredEntry> {
    await Promise.resolve();
    this.#reached();
    for (const stored of this.all(stream).slice(from, from + limit)) {
      yield stored;
      this.#reached();
    }
  }

  async *subscribe(stream: string, after: number, signal: AbortSignal): AsyncGenerator<StoredEntry> {
    const wake = (): void => this.#tell();
    signal.addEventListener('abort', wake);
    try {
      for (let next = after + 1; !signal.aborted; ) {
        this.#reached();
        const stored = this.all(stream)[next];
        if (stored) {
          next += 1;
          yield stored;
        } else {
          await this.#change;
          // a cut is over by the time the subscriber runs: it shows in what woke it
          if (this.#cutOff) throw new CodedError('store_unreachable', 'the connection is gone');
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #cutOff = false;

  #fits(stream: string, after: number): boolean {
    return this.all(stream).length === after + 1;
  }

  #write(stream: string, events: readonly NewEvent[]): void {
    const before = this.all(stream);
    this.#streams.set(stream, [...before, ...events.map((event, i) => ({ ...event, revision: before.length + i }))]);
    this.written.push(events.length);
    this.#tell();
  }

  #reached(): void {
    if (this.away) throw new CodedError('store_unreachable', 'the store is away');
  }

  #tell(): void {
    this.#cutOff = this.away;
    const changed = this.#changed;
    this.#change = this.#nextChange();
    changed();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => (this.#changed = resolve));
  }
}
