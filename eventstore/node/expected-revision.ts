/** What the writer believes of the stream. */
export type Expected =
  | { readonly kind: 'exact'; readonly revision: number }
  | { readonly kind: 'no_stream' }
  | { readonly kind: 'any' }
  | { readonly kind: 'stream_exists' };

/** A stream as it stands: `last` is its last event number (-1: none), events below `goneBelow` were deleted. */
export interface StreamHead {
  readonly last: number;
  readonly goneBelow: number;
  readonly tombstoned: boolean;
}

/** What is known of event ids in the stream. */
export interface KnownIds {
  /** The id of the event at this revision. */
  at(revision: number): string | undefined;
  /** The revision of a recently written event with this id. */
  recent(id: string): number | undefined;
}

export type AppendVerdict =
  | { readonly kind: 'append' }
  | { readonly kind: 'repeated'; readonly last: number }
  | { readonly kind: 'wrong_revision' }
  | { readonly kind: 'tombstoned' };

/** Deleted softly: nothing to read, and numbering goes on with the next append. */
export function isSoftDeleted(head: StreamHead): boolean {
  return head.last >= 0 && head.last < head.goneBelow;
}

/**
 * EventStoreDB's append rules: what an append of these event ids means, given the expected revision.
 * An append that repeats an earlier one is answered like the first and writes nothing.
 */
export function decideAppend(head: StreamHead, expected: Expected, ids: readonly string[], known: KnownIds): AppendVerdict {
  if (head.tombstoned) return { kind: 'tombstoned' };
  if (expected.kind === 'any') return decideByRecentIds(ids, known);
  if (expected.kind === 'stream_exists') {
    return head.last < 0 || isSoftDeleted(head) ? { kind: 'wrong_revision' } : decideByRecentIds(ids, known);
  }
  const revision = expected.kind === 'exact' ? expected.revision : -1;
  if (revision === head.last) return { kind: 'append' };
  if (revision > head.last || ids.length === 0) {
    return expected.kind === 'no_stream' && isSoftDeleted(head) ? { kind: 'append' } : { kind: 'wrong_revision' };
  }
  const differs = ids.findIndex((id, offset) => known.at(revision + 1 + offset) !== id);
  if (differs === -1) return { kind: 'repeated', last: revision + ids.length };
  return differs === 0 && expected.kind === 'no_stream' && isSoftDeleted(head) ? { kind: 'append' } : { kind: 'wrong_revision' };
}

/** Without a number to compare, only ids tell a repetition: all known is one, some known is neither new nor old. */
function decideByRecentIds(ids: readonly string[], known: KnownIds): AppendVerdict {
  const [first] = ids;
  if (first === undefined || known.recent(first) === undefined) return { kind: 'append' };
  let last = -1;
  for (const id of ids) {
    const revision = known.recent(id);
    if (revision === undefined) return { kind: 'wrong_revision' };
    last = revision;
  }
  return { kind: 'repeated', last };
}

/** Whether a delete or tombstone under this expectation may go on. */
export function mayRemove(head: StreamHead, expected: Expected): boolean {
  switch (expected.kind) {
    case 'any': return true;
    case 'no_stream': return head.last === -1;
    case 'stream_exists': return head.last >= 0 && !isSoftDeleted(head);
    case 'exact': return head.last === expected.revision;
  }
}

/** EventStoreDB's number for an expectation, as its trailers carry it. */
export function expectedVersionNumber(expected: Expected): string {
  switch (expected.kind) {
    case 'any': return '-2';
    case 'no_stream': return '-1';
    case 'stream_exists': return '-4';
    case 'exact': return String(expected.revision);
  }
}
