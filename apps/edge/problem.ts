import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, HttpStatus } from '@nestjs/common';
import type { Response } from 'express';
import { isCoded } from '#decider';
import type { Log } from './process.js';

/** RFC 9457 problem details: what was wrong, where, and what would be right. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** An answer that is not a success, thrown anywhere in an app. */
export class ProblemException extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors?: Problem['errors'],
    readonly retryAfterSeconds?: number,
  ) {
    super(code, status);
  }
}

/** What a body of another kind is answered. */
export const MEDIA_TYPE = 'Send JSON in UTF-8 with Content-Type: application/json, as it is or compressed by gzip, deflate or br.';

/** What a request is answered whose address or body cannot be read. */
export const UNREADABLE = 'The request could not be read: its address must be well formed, and its body valid JSON of the documented form.';

/** A problem as it is sent. */
export function problem(status: number, code: string, detail: string, errors?: Problem['errors']): Problem {
  return { type: `urn:gatehouse:problem:${code}`, title: code.replaceAll('_', ' '), status, code, detail, ...(errors && { errors }) };
}

/** Writes one problem as `application/problem+json`. */
export function sendProblem(response: Response, status: number, code: string, detail: string, errors?: Problem['errors']): void {
  send(response, problem(status, code, detail, errors));
}

function send(response: Response, one: Problem): void {
  response.status(one.status).type('application/problem+json').send(JSON.stringify(one));
}

/** How a coded error is answered: HTTP status, and words that say what would be right; `field` names what the error's own message is about. */
export type Faults = Readonly<Record<string, { readonly status: number; readonly detail: string; readonly field?: string }>>;

const LONGEST_MESSAGE = 300;

/** The problem that an error is for the client, and after how many seconds to ask again; a fault on this side shows a code and no more. */
export function problemOf(error: unknown, faults: Faults = {}): { readonly problem: Problem; readonly retryAfterSeconds?: number } {
  if (error instanceof ProblemException) {
    const { retryAfterSeconds } = error;
    return { problem: problem(error.getStatus(), error.code, error.detail, error.errors), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
  const known = isCoded(error) ? faults[error.code] : undefined;
  if (isCoded(error) && known) {
    const errors = known.field === undefined ? undefined : [{ field: known.field, message: error.message.slice(0, LONGEST_MESSAGE) }];
    return { problem: problem(known.status, error.code, known.detail, errors), ...(known.status === 503 && { retryAfterSeconds: 1 }) };
  }
  const status = clientStatusOf(error);
  if (status === 413) return { problem: problem(413, 'body_too_large', 'The body may hold 32 KiB at most.') };
  if (status === 404) return { problem: problem(404, 'not_found', 'There is nothing at this address.') };
  if (status === 415) return { problem: problem(415, 'unsupported_media_type', MEDIA_TYPE) };
  if (status !== undefined) return { problem: problem(status, 'bad_request', UNREADABLE) };
  return { problem: problem(HttpStatus.INTERNAL_SERVER_ERROR, 'fault', 'The fault is on this side and was logged.') };
}

/** Turns every error into problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @param faults - HTTP status and words for the coded errors that this app lets through. */
  constructor(
    private readonly log: Log,
    private readonly faults: Faults = {},
  ) {}

  catch(caught: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    // Nest wraps what is thrown while a body is read
    const error = caught instanceof HttpException && caught.cause instanceof ProblemException ? caught.cause : caught;
    const { problem: found, retryAfterSeconds } = problemOf(error, this.faults);
    if (response.headersSent) response.end();
    if (found.code === 'fault') this.log('fault', { code: isCoded(error) ? error.code : error instanceof Error ? error.name : 'unknown' });
    if (response.headersSent) return;
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    send(response, found);
  }
}

// body-parser and Nest both mark a client's mistake by a 4xx status on the error
function clientStatusOf(error: unknown): number | undefined {
  const status: unknown =
    error instanceof HttpException ? error.getStatus() : typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
