import { CodedError, type Instant } from '#decider';
import { type NoteSignature, parseNote, parseSignatures } from './note.js';
import { KEY_ID_BYTES, KEY_TYPE, keyIdOf, keyLine, parseKeyLine, signatureHolds } from './verifier-key.js';

/** A witness and the Ed25519 key of its cosignatures: no key of a note's signer can stand in its place. */
export interface WitnessKey {
  readonly witness: string;
  readonly publicKey: Uint8Array;
}

/** That a witness saw a checkpoint extend all those it had cosigned before, and when by its own clock (whole seconds). */
export interface Cosignature {
  readonly witness: string;
  readonly at: Instant;
}

const TIME_BYTES = 8;
/** The last second of the year 9999, the last that an instant can say. */
const LAST_SECOND = 253_402_300_799n;

/** A witness's key as one line (C2SP signed-note, type 0x04). */
export function witnessKey({ witness, publicKey }: WitnessKey): string {
  return keyLine({ name: witness, publicKey }, KEY_TYPE.cosignature);
}

/** The key that such a line says. @throws CodedError `note_key`. */
export function parseWitnessKey(line: string): WitnessKey {
  const { name, publicKey } = parseKeyLine(line, KEY_TYPE.cosignature);
  return { witness: name, publicKey };
}

/** What a witness signs: its time in seconds since 1970, and the text of the checkpoint (C2SP tlog-cosignature, cosignature/v1). */
export function cosignedText(text: string, seconds: number | bigint): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

/** The cosignatures of these witnesses that a note carries and that hold, the earliest first; others are passed over. @throws CodedError `note_malformed`. */
export function cosignaturesOf(note: string, witnesses: readonly WitnessKey[]): readonly Cosignature[] {
  const { text, signatures } = parseNote(note);
  const found = witnesses.flatMap((witness) => signatures.flatMap((signature) => (isOf(witness, signature) ? (opened(signature, text, witness) ?? []) : [])));
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/**
 * The note with the cosignature that a witness answered, in the place of an older one of the same key.
 * @param answer - lines of signatures, of which those of other keys are passed over.
 * @throws CodedError `cosignature_missing` where none is of this key, `cosignature_wrong` where it does not hold, `note_malformed`.
 */
export function addCosignature(note: string, answer: string, witness: WitnessKey): { readonly note: string; readonly cosignature: Cosignature } {
  const { text, signatures } = parseNote(note);
  const own = answer.endsWith('\n') ? parseSignatures(answer).find((signature) => isOf(witness, signature)) : undefined;
  if (!own) throw new CodedError('cosignature_missing', `no cosignature of ${witness.witness} with the key that is configured`);
  const cosignature = opened(own, text, witness);
  if (!cosignature) throw new CodedError('cosignature_wrong', `the cosignature of ${witness.witness} is not over this checkpoint`);
  const lines = [...signatures.filter((signature) => !isOf(witness, signature)), own].map(({ line }) => `${line}\n`);
  const cosigned = `${text}\n${lines.join('')}`;
  parseNote(cosigned);
  return { note: cosigned, cosignature };
}

function isOf({ witness, publicKey }: WitnessKey, { name, bytes }: NoteSignature): boolean {
  return name === witness && keyIdOf({ name, publicKey }, KEY_TYPE.cosignature).equals(bytes.subarray(0, KEY_ID_BYTES));
}

function opened({ bytes }: NoteSignature, text: string, { witness, publicKey }: WitnessKey): Cosignature | undefined {
  if (bytes.length < KEY_ID_BYTES + TIME_BYTES) return undefined;
  const seconds = bytes.readBigUInt64BE(KEY_ID_BYTES);
  // a time of zero says nothing about time
  if (seconds === 0n || seconds > LAST_SECOND) return undefined;
  if (!signatureHolds({ name: witness, publicKey }, cosignedText(text, seconds), bytes.subarray(KEY_ID_BYTES + TIME_BYTES))) return undefined;
  return { witness, at: new Date(Number(seconds) * 1_000).toISOString() };
}
