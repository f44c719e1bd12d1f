import { readFileSync } from 'node:fs';
import { codeOf } from '#decider';
import { type NoteVerifier, parseVerifierKey, parseWitnessKey, type WitnessKey } from '#ledger';

/** Whose signatures an auditor believes: the notary's under checkpoints, and those of witnesses. */
export interface Keys {
  readonly signers: readonly NoteVerifier[];
  readonly witnesses: readonly WitnessKey[];
}

/** The keys in these files, one line each, of either kind. @throws CodedError `note_key`. */
export function keysIn(files: readonly string[]): Keys {
  const read = files.map((file) => keyIn(readFileSync(file, 'utf8').trim()));
  return { signers: read.flatMap((key) => ('name' in key ? [key] : [])), witnesses: read.flatMap((key) => ('witness' in key ? [key] : [])) };
}

function keyIn(line: string): NoteVerifier | WitnessKey {
  try {
    return parseVerifierKey(line);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return parseWitnessKey(line);
  }
}
