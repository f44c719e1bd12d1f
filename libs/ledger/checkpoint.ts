import { CodedError } from '#decider';
import { type NoteSigner, noteText, openNote, type SeedSigner, signedNote, signNote } from './note.js';
import type { TreeHead } from './tree.js';
import type { NoteVerifier } from './verifier-key.js';

/** A tree head, and the log that it is of (C2SP tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** The name of a tenant's book as a log: `<host>/ledger/<tenant>` or `<host>/journal/<tenant>`. */
export function originOf(host: string, book: 'ledger' | 'journal', tenant: string): string {
  return `${host}/${book}/${tenant}`;
}

/** A signed checkpoint: three lines (origin, size, base64 of the root) as a note that the origin itself signs. */
export function signCheckpoint(head: TreeHead, signer: SeedSigner): string {
  return signNote(textOf(head, signer.name), signer);
}

/**
 * The same by a key that lies elsewhere; what comes back is believed only once it opens with the signer's public key.
 * @throws CodedError `note_signature` where it does not, and what `sign` rejects with.
 */
export async function askForCheckpoint(head: TreeHead, signer: NoteSigner): Promise<string> {
  const text = textOf(head, signer.name);
  const note = signedNote(text, signer, await signer.sign(text));
  openCheckpoint(note, signer);
  return note;
}

/** What a checkpoint says, whoever signed it. @throws CodedError `note_malformed`, `checkpoint_malformed`. */
export function readCheckpoint(note: string): Checkpoint {
  return parse(noteText(note));
}

/**
 * What a checkpoint of this origin says, once its signature holds. Extension lines are refused, since none is ever written.
 * @throws CodedError `note_malformed`, `checkpoint_malformed`, `checkpoint_origin` where it is of another log, `note_unknown_signer`, `note_signature`.
 */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint {
  const { origin } = readCheckpoint(note);
  if (origin !== verifier.name) throw new CodedError('checkpoint_origin', `a checkpoint of ${origin}, not of ${verifier.name}`);
  return parse(openNote(note, verifier));
}

function textOf({ size, root }: TreeHead, origin: string): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

function parse(text: string): Checkpoint {
  const [, origin = '', size = '', encoded = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? [];
  const root = Buffer.from(encoded, 'base64');
  if (origin === '' || !Number.isSafeInteger(Number(size)) || root.toString('base64') !== encoded) throw new CodedError('checkpoint_malformed', 'not a checkpoint: origin, size and base64 of a root, each a line');
  return { origin, size: Number(size), root };
}
