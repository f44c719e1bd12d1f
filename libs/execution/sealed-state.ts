import { CodedError, type JsonObject, type JsonValue } from '#decider';
import { jcs } from '#ledger';
import type { PortalState } from '#portals';
import { journalStateContext, seal, type Sealed, unseal } from '#vault';

/** Which account's before-state a sealed piece belongs to; bound to the ciphertext. */
export type StateOwner = Readonly<{ tenant: string; case: string; portal: string; account: string }>;

// sealed and encoded, a piece stays under the 32 KiB of a journal entry whatever its characters
const pieceLength = 5_000;

/** The pieces of a portal's state, each sealed with its place among the others; together they are its canonical JSON text. */
export function sealState(state: PortalState, key: Uint8Array, owner: StateOwner): readonly Sealed[] {
  const characters = Array.from(Buffer.from(jcs(state)).toString('utf8'));
  const parts = Math.ceil(characters.length / pieceLength);
  return Array.from({ length: parts }, (_, i) =>
    seal(characters.slice(i * pieceLength, (i + 1) * pieceLength).join(''), key, journalStateContext(owner, i + 1, parts)),
  );
}

/**
 * The state that all pieces of one account say.
 * @throws CodedError `unseal_failed` for another key, another owner, and pieces that are missing, foreign or out of order.
 */
export function unsealState(pieces: readonly Sealed[], key: Uint8Array, owner: StateOwner): PortalState {
  const text = pieces.map((piece, i) => textIn(unseal(piece, key, journalStateContext(owner, i + 1, pieces.length)))).join('');
  const state = JSON.parse(text) as JsonValue;
  if (!isState(state)) throw new CodedError('unseal_failed', 'what was sealed is no portal state');
  return state;
}

function textIn(piece: JsonValue): string {
  if (typeof piece !== 'string') throw new CodedError('unseal_failed', 'what was sealed is no piece of a portal state');
  return piece;
}

function isState(value: JsonValue): value is PortalState & JsonObject {
  return typeof value === 'object' && value !== null && 'exists' in value && typeof value.exists === 'boolean';
}
