const alphabet = /^[A-Za-z0-9_-]*$/;

/** RFC 4648 section 5 text without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** The bytes of strict base64url, or undefined: padding, another alphabet and stray last bits are all refused. */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!alphabet.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Node drops what it cannot use, so only a text that comes back is one way of writing these bytes
  return bytes.toString('base64url') === text ? bytes : undefined;
}
