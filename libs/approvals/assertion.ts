import { CodedError, isJsonObject } from '#decider';

/** What `navigator.credentials.get` answers, as JSON (WebAuthn Level 3, AuthenticationResponseJSON); only what is verified. */
export interface Assertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

/** Why an assertion is no proof. */
export type AssertionFault =
  | 'assertion_shape'
  | 'assertion_credential'
  | 'assertion_origin'
  | 'assertion_challenge'
  | 'assertion_user_verification'
  | 'assertion_counter'
  | 'assertion_signature';

/** The error of one fault. */
export function refused(code: AssertionFault, message: string, cause?: unknown): CodedError<AssertionFault> {
  return new CodedError(code, message, cause === undefined ? {} : { cause });
}

/** Reads an assertion strictly; sizes are bounded before anything is decoded. */
export function parseAssertion(value: unknown): Assertion {
  if (!isJsonObject(value)) throw refused('assertion_shape', 'the assertion must be an object');
  if (value.type !== 'public-key') throw refused('assertion_shape', 'type must be "public-key"');
  if (!isJsonObject(value.response)) throw refused('assertion_shape', 'response must be an object');
  const id = base64url(value.id, 'id', 1_400);
  if (value.rawId !== id) throw refused('assertion_shape', 'rawId must be the same as id');
  return {
    id,
    clientDataJSON: base64url(value.response.clientDataJSON, 'response.clientDataJSON', 4_096),
    authenticatorData: base64url(value.response.authenticatorData, 'response.authenticatorData', 4_096),
    signature: base64url(value.response.signature, 'response.signature', 8_192),
  };
}

function base64url(value: unknown, field: string, limit: number): string {
  const text = typeof value === 'string' && value.length <= limit ? value : '';
  // decoding and encoding again refuses every second spelling of the same bytes
  if (text === '' || Buffer.from(text, 'base64url').toString('base64url') !== text)
    throw refused('assertion_shape', `${field} must be unpadded base64url of at most ${limit} characters`);
  return text;
}
