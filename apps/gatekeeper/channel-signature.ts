import { createHmac, timingSafeEqual } from 'node:crypto';

/** Ticket systems that can file requests, by how they sign: `jira` as Atlassian does, the others as Gatehouse asks for. */
export const CHANNEL_KINDS = ['generic', 'servicenow', 'jira'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How far the time of signing may lie from ours. */
export const WINDOW_MS = 5 * 60_000;

/** A header of the request by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * True when `raw` was signed with the channel's secret, by HMAC-SHA256 over the bytes as they came.
 * `jira`: `X-Hub-Signature: sha256=<hex>` over the body (W3C WebSub, section 7).
 * Others: `Gatehouse-Timestamp: <Unix seconds>` within five minutes of `now`, and `Gatehouse-Signature: v1=<hex or base64>`
 * over `v1:<timestamp>:<body>`, so that an old delivery cannot be given a new time.
 */
export function isSigned(kind: ChannelKind, header: HeaderOf, raw: Uint8Array, secret: string, now: Date): boolean {
  if (kind === 'jira') return matches(/^sha256=([0-9a-f]{64})$/.exec(header('x-hub-signature') ?? '')?.[1], secret, [raw]);
  const timestamp = header('gatehouse-timestamp') ?? '';
  if (!/^\d{10}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp) * 1000) > WINDOW_MS) return false;
  const given = /^v1=([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/.exec(header('gatehouse-signature') ?? '')?.[1];
  return matches(given, secret, [`v1:${timestamp}:`, raw]);
}

function matches(given: string | undefined, secret: string, signed: readonly (string | Uint8Array)[]): boolean {
  if (given === undefined) return false;
  const mac = createHmac('sha256', secret);
  for (const piece of signed) mac.update(piece);
  return timingSafeEqual(Buffer.from(given, given.length === 64 ? 'hex' : 'base64'), mac.digest());
}
