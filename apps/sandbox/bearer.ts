import type { IncomingHttpHeaders } from 'node:http';

/** The two credentials of a portal: one that may only look, one that may act. */
export interface PortalTokens {
  readonly read: string;
  readonly write: string;
}

/** What the request's bearer token allows, or undefined where it is missing or wrong. */
export function rightOf(headers: IncomingHttpHeaders, tokens: PortalTokens): 'read' | 'write' | undefined {
  const token = bearerOf(headers);
  if (token === tokens.write) return 'write';
  return token === tokens.read ? 'read' : undefined;
}

/** The text after `Bearer `. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
}

/** The header of HTTP Basic authentication (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
