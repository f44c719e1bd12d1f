import type { NewEvent, StreamRow } from './database.js';
import type { EventLog } from './event-log.js';
import { decideAppend, expectedVersionNumber, mayRemove } from './expected-revision.js';
import type { Expected } from './expected-revision.js';
import { GroupCommit, sqliteCode } from './group-commit.js';
import type { Log } from './log.js';
import { RecentIds } from './recent-ids.js';
import { Refusal, streamDeleted } from './refusal.js';
import type { CommitSignals } from './signals.js';

/** What became of an append. `revision` and `current` are -1 while the stream has no events. */
export type AppendOutcome =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong_revision'; readonly current: number };

/** An append: `abandoned` is asked just before writing, so that nothing is written for a caller that has gone. */
export interface AppendRequest {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
  readonly abandoned: () => Refusal | undefined;
}

const REMEMBERED_IDS = 32_768;

/** The only writer of the store: every change of it passes here, grouped into transactions. */
export class Writer {
  readonly #commits: GroupCommit;
  readonly #recent = new RecentIds(REMEMBERED_IDS);
  readonly #touched = new Set<string>();
  #idsKnown = true;

  constructor(
    private readonly events: EventLog,
    private readonly signals: CommitSignals,
    private readonly clock: () => Date,
    private readonly log: Log,
  ) {
    this.#reloadRecent();
    this.#commits = new GroupCommit((work) => this.#transaction(work), (error) => this.#failed(error));
  }

  /** Appends by EventStoreDB's rules. Rejects with stream-deleted, store-failed, or what `abandoned` says. */
  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.#commits.submit(() => this.#append(request));
  }

  /** Hides (soft) or closes for ever (tombstone) a stream; answers the position of the store's head. */
  remove(name: string, expected: Expected, how: 'soft' | 'tombstone'): Promise<number> {
    return this.#commits.submit(() => {
      const stream = this.events.stream(name) ?? { key: 0, last: -1, goneBelow: 0, tombstoned: false };
      if (stream.tombstoned) throw streamDeleted(name);
      if (!mayRemove(stream, expected)) throw wrongVersion(name, stream, expected);
      if (how === 'tombstone') this.events.tombstone(this.events.openStream(name));
      else if (stream.last >= 0) this.events.softDelete(stream);
      this.#touched.add(name);
      return this.events.headPosition();
    });
  }

  /** Commits what is waiting now: for an orderly end. */
  flush(): void {
    this.#commits.flush();
  }

  #append({ stream: name, expected, events, abandoned }: AppendRequest): AppendOutcome {
    const gone = abandoned();
    if (gone !== undefined) throw gone;
    if (!this.#idsKnown && (expected.kind === 'any' || expected.kind === 'stream_exists')) throw new Refusal('store-failed', 'a page of the store is damaged: a repeated append cannot be told apart from a new one');
    const present = this.events.stream(name);
    const stream = present ?? { key: 0, last: -1, goneBelow: 0, tombstoned: false };
    const verdict = decideAppend(stream, expected, events.map((event) => event.id), {
      at: (revision) => this.events.idAt(stream, revision),
      recent: (id) => this.#recent.revisionOf(stream.key, id),
    });
    switch (verdict.kind) {
      case 'tombstoned': throw streamDeleted(name);
      case 'wrong_revision': return { kind: 'wrong_revision', current: stream.last };
      case 'repeated': return { kind: 'appended', revision: verdict.last, position: this.events.positionAt(stream, verdict.last) };
      case 'append': return this.#write(name, present, events);
    }
  }

  #write(name: string, present: StreamRow | undefined, events: readonly NewEvent[]): AppendOutcome {
    if (events.length === 0) return { kind: 'appended', revision: present?.last ?? -1, position: undefined };
    const stream = present ?? this.events.openStream(name);
    const position = this.events.append(stream, events, this.clock().getTime());
    events.forEach((event, offset) => this.#recent.remember(stream.key, event.id, stream.last + 1 + offset));
    this.#touched.add(name);
    return { kind: 'appended', revision: stream.last + events.length, position };
  }

  #transaction(work: () => void): void {
    this.#touched.clear();
    this.events.transaction(work);
    this.signals.raise(this.#touched);
  }

  /** After a rollback the remembered ids may name events that are not there. */
  #failed(error: unknown): void {
    this.log('write_failed', { code: sqliteCode(error) });
    this.#reloadRecent();
  }

  /** A damaged page must not keep the rest of the store from its readers. */
  #reloadRecent(): void {
    this.#recent.clear();
    this.#idsKnown = true;
    try {
      for (const { streamKey, id, revision } of this.events.latestIds(REMEMBERED_IDS)) this.#recent.remember(streamKey, id, revision);
    } catch (error) {
      this.#idsKnown = false;
      this.log('recent_ids_unreadable', { code: sqliteCode(error) });
    }
  }
}

function wrongVersion(name: string, stream: StreamRow, expected: Expected): Refusal {
  const trailers = { 'stream-name': name, 'expected-version': expectedVersionNumber(expected) };
  return new Refusal('wrong-expected-version', `stream '${name}' is at another revision than expected`,
    stream.last < 0 ? trailers : { ...trailers, 'actual-version': String(stream.last) });
}
