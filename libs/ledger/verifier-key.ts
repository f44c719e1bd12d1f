import { hash } from 'node:crypto';
import { CodedError } from '#decider';
import { ed25519Key, verifyEd25519 } from './ed25519.js';

/** Whose signature a reader of notes believes: a name and its Ed25519 public key. */
export interface NoteVerifier {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** What a key signs, the first byte of its encoded form (C2SP signed-note): notes, or cosignatures of checkpoints. */
export const KEY_TYPE = { note: 0x01, cosignature: 0x04 } as const;
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE];

export const KEY_ID_BYTES = 4;
const PUBLIC_BYTES = 32;

/** A verifier as one line, `name+keyid+base64` (C2SP signed-note). */
export function keyLine(verifier: NoteVerifier, type: KeyType): string {
  const typed = Buffer.concat([Buffer.of(type), verifier.publicKey]);
  return `${verifier.name}+${keyIdOf(verifier, type).toString('hex')}+${typed.toString('base64')}`;
}

/** The verifier that such a line says. @throws CodedError `note_key` where it is not one of an Ed25519 key of this type, or its key id is another's. */
export function parseKeyLine(line: string, type: KeyType): NoteVerifier {
  const [, name = '', keyId = '', typed = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  const bytes = exactBase64(typed);
  if (bytes?.length !== 1 + PUBLIC_BYTES || bytes[0] !== type) throw new CodedError('note_key', `not a verifier key of an Ed25519 signer of type ${type}: name+keyid+base64`);
  const verifier = { name, publicKey: bytes.subarray(1) };
  if (keyIdOf(verifier, type).toString('hex') !== keyId) throw new CodedError('note_key', 'the key id is not of this name and key');
  return verifier;
}

/** The four bytes that name a key beside its signatures. */
export function keyIdOf({ name, publicKey }: NoteVerifier, type: KeyType): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(type), publicKey]), 'buffer').subarray(0, KEY_ID_BYTES);
}

/** Whether this is the key's Ed25519 signature over the text. */
export function signatureHolds({ publicKey }: NoteVerifier, text: string, signature: Uint8Array): boolean {
  return verifyEd25519(ed25519Key(publicKey), Buffer.from(text, 'utf8'), signature);
}

/** The bytes of base64 in its one exact form: Node reads base64 with anything in it, so what comes back must be what went in. */
export function exactBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
