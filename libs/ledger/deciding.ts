import type { Instant, JsonObject } from '#decider';
import type { Head } from './chain.js';
import { type Entry, entryHash } from './entry.js';
import type { EntrySeal } from './entry-seal.js';

/** What a decision wants written; the book adds number, time, chain and identity. */
export interface NewEntry {
  readonly type: string;
  readonly case: string | null;
  readonly actor: string;
  readonly data: JsonObject;
}

/** The machine that a book runs on: what may be written, and what it means. */
export interface BookMachine<State, Command> {
  readonly initial: State;
  evolve(state: State, entry: Entry): State;
  decide(command: Command, state: State, now: Instant): readonly NewEntry[];
  /** How many entries the case has. */
  entriesOf(state: State, caseId: string): number;
}

/** An entry in its place in the chain: its bytes, and the head that it makes. */
export interface Chained {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly head: Head;
}

/** What one command led to: entries, or the error that the decision threw. */
export type Verdict = { readonly chained: readonly Chained[] } | { readonly error: unknown };

/** What deciding needs from the outside. */
export interface Circumstances {
  readonly tenant: string;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Gives each entry its id. */
  readonly seal: EntrySeal;
}

/** Puts a wanted entry after `head`. */
export function chain(wanted: NewEntry, head: Head, caseSeq: number | null, at: Instant, command: string, where: Circumstances): Chained {
  const incarnation = head.incarnation ?? where.newId();
  const { entry, bytes } = where.seal.sealed({ v: 1, tenant: where.tenant, incarnation, seq: head.seq + 1, caseSeq, at, command, prev: head.hash, ...wanted });
  return { entry, bytes, head: { seq: entry.seq, hash: entryHash(bytes), incarnation, at } };
}

/**
 * Decides commands one after the other, each on what the ones before it led to; nothing is written yet.
 * A command whose decision throws leaves no trace for the ones after it.
 */
export function decideAll<State, Command>(
  machine: BookMachine<State, Command>,
  from: { readonly state: State; readonly head: Head },
  commands: readonly { readonly id: string; readonly command: Command }[],
  where: Circumstances,
): readonly Verdict[] {
  let { state, head } = from;
  return commands.map(({ id, command }) => {
    const clock = where.clock().toISOString();
    const now = clock > head.at ? clock : head.at;
    try {
      let [after, tip] = [state, head];
      const chained = machine.decide(command, state, now).map((wanted) => {
        const link = chain(wanted, tip, wanted.case === null ? null : machine.entriesOf(after, wanted.case), now, id, where);
        [after, tip] = [machine.evolve(after, link.entry), link.head];
        return link;
      });
      [state, head] = [after, tip];
      return { chained };
    } catch (error) {
      return { error };
    }
  });
}

// EventStoreDB takes 1 MiB at once and counts more than the bytes of the entries
const MOST_BYTES_AT_ONCE = 900_000;
const BYTES_BESIDE = 512;

/** How many of the verdicts, from the first on, one append can carry; one at least, since a command is written whole. */
export function fitting(verdicts: readonly Verdict[]): number {
  let bytes = 0;
  const tooMuch = verdicts.findIndex((verdict) => {
    if ('chained' in verdict) for (const link of verdict.chained) bytes += link.bytes.length + BYTES_BESIDE;
    return bytes > MOST_BYTES_AT_ONCE;
  });
  return tooMuch < 0 ? verdicts.length : Math.max(1, tooMuch);
}
