import { CodedError } from '#decider';
import { cosignaturesOf, type HeldHead, type NoteVerifier, openCheckpoint, readCheckpoint, type BookName, type TreeHead, type WitnessKey } from '#ledger';

/** The query of a verification, as it came: `checkpoint` (base64url of a signed note), or `size` and `root` (hex) of the ledger. */
export type HeldQuery = Readonly<Record<string, unknown>>;

/** A head that the auditor holds, and whether it carries this notary's own signature. */
export interface HeldByAuditor extends HeldHead {
  readonly signed: boolean;
}

/**
 * The head that a query says, where it says one, with the cosignatures of these witnesses on it.
 * @throws CodedError `held_malformed`, `held_empty`, and those of `openCheckpoint`.
 */
export function heldIn({ checkpoint, size, root }: HeldQuery, verifiers: Readonly<Record<BookName, NoteVerifier>>, witnesses: readonly WitnessKey[]): HeldByAuditor | undefined {
  if (checkpoint === undefined && size === undefined && root === undefined) return undefined;
  if (checkpoint === undefined) return heldAs('ledger', { size: sizeIn(size), root: rootIn(root) }, false);
  if (size !== undefined || root !== undefined || typeof checkpoint !== 'string' || !/^[A-Za-z0-9_-]{1,22000}$/.test(checkpoint)) throw malformed();
  const note = Buffer.from(checkpoint, 'base64url').toString('utf8');
  const book = readCheckpoint(note).origin === verifiers.journal.name ? 'journal' : 'ledger';
  return { ...heldAs(book, openCheckpoint(note, verifiers[book]), true), cosignatures: cosignaturesOf(note, witnesses) };
}

function sizeIn(text: unknown): number {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(text)) throw malformed();
  return Number(text);
}

function rootIn(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) throw malformed();
  return Buffer.from(text, 'hex');
}

function heldAs(book: BookName, { size, root }: TreeHead, signed: boolean): HeldByAuditor {
  if (size === 0) throw new CodedError('held_empty', 'a head over no entry pins nothing');
  return { book, holder: 'auditor', size, root, signed };
}

function malformed(): CodedError {
  return new CodedError('held_malformed', 'neither a checkpoint nor size and root');
}
