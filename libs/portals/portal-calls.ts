import type { IncomingHttpHeaders } from 'node:http';
import { CodedError, isCoded, type JsonValue } from '#decider';
import { type Answer, type Call, exchange } from '#vault';

/** Where a portal (or the HRIS) listens, with the credential to use there. */
export interface PortalAddress {
  readonly url: string;
  readonly token: string;
  /** Whose password the token is (RFC 7617); without one it is a bearer token. */
  readonly user?: string;
  readonly ca?: string;
  readonly timeoutMs: number;
}

/** unreachable and throttled pass by themselves; refused is the credential; answer is nonsense. */
export type PortalCode = 'portal_unreachable' | 'portal_throttled' | 'portal_refused' | 'portal_answer';

export class PortalError extends CodedError<PortalCode> {
  constructor(
    code: PortalCode,
    message: string,
    /** Seconds that the portal asked to be left alone for, when it said so. */
    readonly retryAfter?: number,
  ) {
    super(code, message);
  }
}

/** `body` is undefined for an empty answer. `missing` is a 404, which each caller reads in its own way. */
export type PortalAnswer = { readonly missing: true } | { readonly missing: false; readonly body: JsonValue | undefined };

/** Calls with the credential; `path` starts with a slash and is added to the portal's URL. @throws PortalError. */
export type PortalCalls = (method: Call['method'], path: string, body?: JsonValue) => Promise<PortalAnswer>;

const MOST_SECONDS = 3600;

/** JSON over HTTP at one portal, as `contentType`. */
export function portalCalls({ url, token, user, ca, timeoutMs }: PortalAddress, contentType = 'application/json'): PortalCalls {
  const base = url.replace(/\/+$/, '');
  const authorization = user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  return async (method, path, body) => {
    const answer = await exchange({
      method,
      url: base + path,
      headers: {
        authorization,
        accept: contentType,
        ...(body !== undefined && { 'content-type': contentType }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(ca !== undefined && { ca }),
      timeoutMs,
    }).catch((error: unknown) => {
      throw isCoded(error) ? new PortalError(error.code === 'http_answer' ? 'portal_answer' : 'portal_unreachable', error.message) : error;
    });
    return read(answer);
  };
}

/**
 * One part of a path, percent-encoded.
 * @throws PortalError `portal_answer` for a dot segment, which an id or name of a portal could smuggle in.
 */
export function pathPart(text: string): string {
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) throw new PortalError('portal_answer', 'an id or name that is no path part');
  return encodeURIComponent(text);
}

/** For a call whose object must exist. @throws PortalError `portal_answer` when it does not. */
export function there(answer: PortalAnswer): void {
  if (answer.missing) throw new PortalError('portal_answer', 'the account, or what it should get, is not there');
}

function read({ status, headers, text }: Answer): PortalAnswer {
  if (status === 404) return { missing: true };
  if (status >= 200 && status < 300) return { missing: false, body: parsed(text) };
  const pause = retryAfter(headers);
  const message = `status ${status}`;
  if (status === 429 || (status === 503 && pause !== undefined)) throw new PortalError('portal_throttled', message, pause);
  if (status === 401 || status === 403) throw new PortalError('portal_refused', message);
  throw new PortalError(status >= 500 ? 'portal_unreachable' : 'portal_answer', message);
}

function parsed(text: string): JsonValue | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new PortalError('portal_answer', 'not JSON');
  }
}

// seconds, or an HTTP date (RFC 9110, 10.2.3) counted from the answer's own date, so that no clock of ours comes in
function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const said = headers['retry-after'];
  if (said === undefined) return undefined;
  const seconds = /^[0-9]+$/.test(said) ? Number(said) : (Date.parse(said) - Date.parse(headers.date ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MOST_SECONDS) : undefined;
}
