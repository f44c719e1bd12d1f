import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { CodedError } from '#decider';
import { exactBase64, KEY_ID_BYTES, KEY_TYPE, keyIdOf, keyLine, type NoteVerifier, parseKeyLine, signatureHolds } from './verifier-key.js';

/** A name and an Ed25519 key that sign notes; the key may lie where signing takes a while. */
export interface NoteSigner extends NoteVerifier {
  sign(text: string): Uint8Array | Promise<Uint8Array>;
}

/** The same with its key at hand. */
export interface SeedSigner extends NoteSigner {
  sign(text: string): Uint8Array;
}

const SEED_BYTES = 32;
const LONGEST_NOTE = 16_384;
const LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
// DER before the 32 bytes of a private key (RFC 8410, 7)
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signer with this Ed25519 seed (32 bytes). @throws CodedError `note_key` for any other length, or a name with spaces or a plus sign. */
export function noteSigner(name: string, seed: Uint8Array): SeedSigner {
  if (seed.length !== SEED_BYTES || !isName(name)) throw new CodedError('note_key', 'a signer is a name without space or plus sign, and a seed of 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
  return { name, publicKey, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key) };
}

/** A verifier as one line, `name+keyid+base64` (C2SP signed-note). */
export function verifierKey(verifier: NoteVerifier): string {
  return keyLine(verifier, KEY_TYPE.note);
}

/** The verifier that such a line says. @throws CodedError `note_key` where it is not one of an Ed25519 key, or its key id is another's. */
export function parseVerifierKey(line: string): NoteVerifier {
  return parseKeyLine(line, KEY_TYPE.note);
}

/** The text as a signed note (C2SP signed-note). @throws CodedError `note_malformed` for a text that no note can hold. */
export function signNote(text: string, signer: SeedSigner): string {
  return signedNote(text, signer, signer.sign(text));
}

/** The same from a signature that was made elsewhere, whether it holds or not. @throws CodedError `note_malformed`. */
export function signedNote(text: string, { name, publicKey }: NoteVerifier, signature: Uint8Array): string {
  const line = Buffer.concat([keyIdOf({ name, publicKey }, KEY_TYPE.note), signature]).toString('base64');
  const note = `${text}\n\u2014 ${name} ${line}\n`;
  parseNote(note);
  return note;
}

/** The text of a note that is well formed, whoever signed it. @throws CodedError `note_malformed`. */
export function noteText(note: string): string {
  return parseNote(note).text;
}

/**
 * The text of a note that this signer signed; signatures of others are passed over.
 * @throws CodedError `note_malformed`, `note_unknown_signer` where it has no signature of that name and key, `note_signature` where it has a wrong one.
 */
export function openNote(note: string, verifier: NoteVerifier): string {
  const { text, signatures } = parseNote(note);
  const keyId = keyIdOf(verifier, KEY_TYPE.note);
  const own = signatures.filter(({ name, bytes }) => name === verifier.name && keyId.equals(bytes.subarray(0, KEY_ID_BYTES)));
  if (own.length === 0) throw new CodedError('note_unknown_signer', `no signature of ${verifier.name} with key id ${keyId.toString('hex')}`);
  if (!own.every(({ bytes }) => signatureHolds(verifier, text, bytes.subarray(KEY_ID_BYTES)))) throw new CodedError('note_signature', `the signature of ${verifier.name} is not over this text`);
  return text;
}

/** One signature of a note: who made it, key id and signature, and its line without the line end. */
export interface NoteSignature {
  readonly name: string;
  readonly bytes: Buffer;
  readonly line: string;
}

/** A note's text and its signatures, none of them checked. @throws CodedError `note_malformed`. */
export function parseNote(note: string): { readonly text: string; readonly signatures: readonly NoteSignature[] } {
  if (note.length > LONGEST_NOTE) refuse(`more than ${LONGEST_NOTE} characters`);
  if (!note.isWellFormed() || /[^\P{Cc}\n]/u.test(note)) refuse('characters that no note may hold');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 1 || !note.endsWith('\n')) refuse('no blank line before the signatures, or no line end after them');
  return { text: note.slice(0, blank + 1), signatures: parseSignatures(note.slice(blank + 2)) };
}

/** The signatures in such lines, each ended by a line end. @throws CodedError `note_malformed`. */
export function parseSignatures(lines: string): readonly NoteSignature[] {
  return lines.slice(0, -1).split('\n').map((line) => {
    const [, name = '', encoded = ''] = LINE.exec(line) ?? refuse('a line of signatures is not one');
    const bytes = exactBase64(encoded) ?? refuse('a signature is not base64');
    return bytes.length > KEY_ID_BYTES ? { name, bytes, line } : refuse('a signature is too short');
  });
}

function refuse(why: string): never {
  throw new CodedError('note_malformed', `not a signed note: ${why}`);
}

function isName(name: string): boolean {
  return /^[^\s+]+$/.test(name) && name.isWellFormed();
}
