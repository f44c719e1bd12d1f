import type { JsonValue } from '#decider';
import type { CaseCodec, PlainData } from '#ledger';
import { nextNotice } from './notices.js';
import type { Offboard } from './offboard.js';

/** How offboard cases are written down; one rests once it has ended and no message is left to send or take back. */
export const OFFBOARD_CASES: CaseCodec<Offboard> = {
  atRest: (found) => found.ended !== null && nextNotice(found) === undefined,
  // plain data all through, which the compiler watches
  encode: (found) => found satisfies PlainData<Offboard> as unknown as JsonValue,
  decode: (value) => value as unknown as Offboard,
};
