import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who can file requests, by how they sign: `jira` and `bamboohr` in their own ways, the others as Gatehouse asks for. */
export const CHANNEL_KINDS = ['generic', 'servicenow', 'jira', 'bamboohr'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How far the time of signing may lie from ours. */
export const WINDOW_MS = 5 * 60_000;

/** How old what BambooHR signed may be: it repeats a delivery for 155 minutes, and does not say that it signs anew. */
export const BAMBOOHR_WINDOW_MS = 3 * 60 * 60_000;

/** A header of the request by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * True when `raw` was signed with the channel's secret, by HMAC-SHA256 over the bytes as they came.
 * `jira`: `X-Hub-Signature: sha256=<hex>` over the body (W3C WebSub, section 7).
 * `bamboohr`: `X-BambooHR-Timestamp` within three hours before `now`, and `X-BambooHR-Signature: <hex>` over the body and that time.
 * Others: `Gatehouse-Timestamp: <Unix seconds>` within five minutes of `now`, and `Gatehouse-Signature: v1=<hex or base64>`
 * over `v1:<timestamp>:<body>`, so that an old delivery cannot be given a new time.
 */
export function isSigned(kind: ChannelKind, header: HeaderOf, raw: Uint8Array, secret: string, now: Date): boolean {
  if (kind === 'jira') return matches(/^sha256=([0-9a-f]{64})$/.exec(header('x-hub-signature') ?? '')?.[1], secret, [raw]);
  if (kind === 'bamboohr') return isSignedByBambooHr(header, raw, secret, now);
  const timestamp = header('gatehouse-timestamp') ?? '';
  if (!/^\d{10}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp) * 1000) > WINDOW_MS) return false;
  const given = /^v1=([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/.exec(header('gatehouse-signature') ?? '')?.[1];
  return matches(given, secret, [`v1:${timestamp}:`, raw]);
}

// nothing stands between body and time: only because the time has one of two whole forms can no part of it pass for the body's
function isSignedByBambooHr(header: HeaderOf, raw: Uint8Array, secret: string, now: Date): boolean {
  const timestamp = header('x-bamboohr-timestamp') ?? '';
  const age = now.getTime() - instantOf(timestamp);
  if (!(age <= BAMBOOHR_WINDOW_MS && age >= -WINDOW_MS)) return false;
  return matches(/^[0-9a-f]{64}$/.exec(header('x-bamboohr-signature') ?? '')?.[0], secret, [raw, timestamp]);
}

/** Milliseconds of Unix seconds or of an ISO 8601 time with its offset, NaN for anything else. */
function instantOf(timestamp: string): number {
  if (/^\d{10}$/.test(timestamp)) return Number(timestamp) * 1000;
  const [, local, hours, minutes] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:Z|([+-]\d{2}):?(\d{2}))$/.exec(timestamp) ?? [];
  return local === undefined ? Number.NaN : Date.parse(`${local}${hours ?? '+00'}:${minutes ?? '00'}`);
}

function matches(given: string | undefined, secret: string, signed: readonly (string | Uint8Array)[]): boolean {
  if (given === undefined) return false;
  const mac = createHmac('sha256', secret);
  for (const piece of signed) mac.update(piece);
  return timingSafeEqual(Buffer.from(given, given.length === 64 ? 'hex' : 'base64'), mac.digest());
}
