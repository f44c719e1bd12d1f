import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import { CodedError } from '#decider';
import { ed25519Key, verifyEd25519 } from './ed25519.js';

/** A name and an Ed25519 key that sign notes. */
export interface NoteSigner {
  readonly name: string;
  readonly publicKey: Uint8Array;
  sign(text: string): Uint8Array;
}

/** Whose signature a reader of notes believes: a name and its Ed25519 public key. */
export interface NoteVerifier {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

const ED25519 = 0x01;
const SEED_BYTES = 32;
const KEY_ID_BYTES = 4;
const LONGEST_NOTE = 16_384;
const LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
// DER before the 32 bytes of a private key (RFC 8410, 7)
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signer with this Ed25519 seed (32 bytes). @throws CodedError `note_key` for any other length, or a name with spaces or a plus sign. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== SEED_BYTES || !isName(name)) throw new CodedError('note_key', 'a signer is a name without space or plus sign, and a seed of 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
  return { name, publicKey, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key) };
}

/** A verifier as one line, `name+keyid+base64` (C2SP signed-note). */
export function verifierKey({ name, publicKey }: NoteVerifier): string {
  const typed = Buffer.concat([Buffer.of(ED25519), publicKey]);
  return `${name}+${keyIdOf({ name, publicKey }).toString('hex')}+${typed.toString('base64')}`;
}

/** The verifier that such a line says. @throws CodedError `note_key` where it is not one of an Ed25519 key, or its key id is another's. */
export function parseVerifierKey(line: string): NoteVerifier {
  const [, name = '', keyId = '', typed = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  const bytes = exactBase64(typed);
  if (bytes?.length !== 1 + SEED_BYTES || bytes[0] !== ED25519) throw new CodedError('note_key', 'not a verifier key of an Ed25519 signer: name+keyid+base64');
  const verifier = { name, publicKey: bytes.subarray(1) };
  if (keyIdOf(verifier).toString('hex') !== keyId) throw new CodedError('note_key', 'the key id is not of this name and key');
  return verifier;
}

/** The text as a signed note (C2SP signed-note). @throws CodedError `note_malformed` for a text that no note can hold. */
export function signNote(text: string, signer: NoteSigner): string {
  const line = Buffer.concat([keyIdOf(signer), signer.sign(text)]).toString('base64');
  const note = `${text}\n\u2014 ${signer.name} ${line}\n`;
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
  const keyId = keyIdOf(verifier);
  const own = signatures.filter(({ name, bytes }) => name === verifier.name && keyId.equals(bytes.subarray(0, KEY_ID_BYTES)));
  if (own.length === 0) throw new CodedError('note_unknown_signer', `no signature of ${verifier.name} with key id ${keyId.toString('hex')}`);
  const key = ed25519Key(verifier.publicKey);
  for (const { bytes } of own) {
    if (!verifyEd25519(key, Buffer.from(text, 'utf8'), bytes.subarray(KEY_ID_BYTES))) throw new CodedError('note_signature', `the signature of ${verifier.name} is not over this text`);
  }
  return text;
}

interface Parsed {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly bytes: Buffer }[];
}

function parseNote(note: string): Parsed {
  const refuse = (why: string): never => {
    throw new CodedError('note_malformed', `not a signed note: ${why}`);
  };
  if (note.length > LONGEST_NOTE) refuse(`more than ${LONGEST_NOTE} characters`);
  if (!note.isWellFormed() || /[^\P{Cc}\n]/u.test(note)) refuse('characters that no note may hold');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 1 || !note.endsWith('\n')) refuse('no blank line before the signatures, or no line end after them');
  const signatures = note.slice(blank + 2, -1).split('\n').map((line) => {
    const [, name = '', encoded = ''] = LINE.exec(line) ?? refuse('a line of signatures is not one');
    const bytes = exactBase64(encoded) ?? refuse('a signature is not base64');
    return bytes.length > KEY_ID_BYTES ? { name, bytes } : refuse('a signature is too short');
  });
  return { text: note.slice(0, blank + 1), signatures };
}

function keyIdOf({ name, publicKey }: NoteVerifier): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(ED25519), publicKey]), 'buffer').subarray(0, KEY_ID_BYTES);
}

function isName(name: string): boolean {
  return /^[^\s+]+$/.test(name) && name.isWellFormed();
}

// Node reads base64 with anything in it: what comes back must be what went in
function exactBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
