/** What one identity may do, by stream name prefix; `*` stands for every stream and for `$all`. */
export interface Grant {
  readonly append: readonly string[];
  readonly read: readonly string[];
}

/** Streams that are evidence: nobody deletes them, and nobody hides a part of them through metadata. */
const PROTECTED = ['ledger-', 'doer-', 'checkpoints-'];

/** The stream that a metadata stream speaks of, or undefined for an ordinary stream. */
export function describedStream(stream: string): string | undefined {
  return stream.startsWith('$$') ? stream.slice(2) : undefined;
}

/** True for streams that refuse metadata, delete and tombstone. */
export function isProtected(stream: string): boolean {
  return PROTECTED.some((prefix) => stream.startsWith(prefix));
}

/** May events be appended here? Metadata needs the right to append to the stream that it describes. */
export function mayAppend(grant: Grant, stream: string): boolean {
  const described = describedStream(stream);
  if (described === undefined) return covers(grant.append, stream);
  return !described.startsWith('$$') && !isProtected(described) && covers(grant.append, described);
}

/** May this stream be deleted or tombstoned? A metadata stream goes with its stream, never alone. */
export function mayRemoveStream(grant: Grant, stream: string): boolean {
  return describedStream(stream) === undefined && !isProtected(stream) && covers(grant.append, stream);
}

/** May this stream (or its metadata) be read? */
export function mayRead(grant: Grant, stream: string): boolean {
  return covers(grant.read, describedStream(stream) ?? stream);
}

/** May `$all` be read? Only by those who may read everything. */
export function mayReadAll(grant: Grant): boolean {
  return grant.read.includes('*');
}

function covers(prefixes: readonly string[], stream: string): boolean {
  return prefixes.some((prefix) => prefix === '*' || stream.startsWith(prefix));
}
