import type { JsonValue } from '#decider';
import type { Head } from './chain.js';
import type { TreeHash } from './tree.js';

/** A named piece of a state; names differ within a snapshot. */
export interface SnapshotPart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A fold as parts, and back: whatever `encode` says, `decode` answers a state that decides and evolves alike. */
export interface StateCodec<State> {
  /** Lazily, since a large state is written with pauses. */
  encode(state: State): Iterable<SnapshotPart>;
  decode(parts: readonly SnapshotPart[]): State;
}

/** What a book was folded to at `head`; `peaks` are the tree over the same entries, as `CompactRange` holds it. */
export interface Folded<State> {
  readonly head: Head;
  readonly peaks: readonly TreeHash[];
  readonly state: State;
}

/** Where a book's snapshots are kept. */
export interface Snapshots<State> {
  /** The last one, where it can be believed; what it says of the store is for the reader to check. */
  read(): Promise<Folded<State> | undefined>;
  /** Replaces it. Never rejects: what cannot be kept is only slower the next time. */
  write(folded: Folded<State>): Promise<void>;
}

/** A part that holds JSON. */
export function jsonPart(name: string, value: JsonValue): SnapshotPart {
  return { name, bytes: Buffer.from(JSON.stringify(value), 'utf8') };
}

/** What such a part holds. */
export function jsonIn({ bytes }: SnapshotPart): JsonValue {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as JsonValue;
}

/** Data that JSON brings back as it was; anything else in a state (a Map, a Date, bytes) turns to `never`, and does not compile. */
export type PlainData<T> = T extends null | boolean | number | string | undefined
  ? T
  : T extends readonly (infer Member)[]
    ? readonly PlainData<Member>[]
    : T extends ReadonlyMap<never, unknown> | ReadonlySet<unknown> | Date | Uint8Array | ((...args: never[]) => unknown)
      ? never
      : T extends object
        ? { readonly [Key in keyof T]: PlainData<T[Key]> }
        : never;
