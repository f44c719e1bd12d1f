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

/** A problem as it is sent. */
export function problemOf(status: number, code: string, detail: string, errors?: Problem['errors']): Problem {
  return { type: `urn:gatehouse:problem:${code}`, title: code.replaceAll('_', ' '), status, code, detail, ...(errors && { errors }) };
}

/** Writes one problem as `application/problem+json`. */
export function sendProblem(response: Response, status: number, code: string, detail: string, errors?: Problem['errors']): void {
  response.status(status).type('application/problem+json').send(JSON.stringify(problemOf(status, code, detail, errors)));
}

/** Turns every error into problem details; what is not the client's mistake shows a code and no more. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @param faults - HTTP status and words for the coded errors that this app lets through. */
  constructor(
    private readonly log: Log,
    private readonly faults: Readonly<Record<string, { status: number; detail: string }>> = {},
  ) {}

  catch(caught: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.end();
    // Nest wraps what is thrown while a body is read
    const error = caught instanceof HttpException && caught.cause instanceof ProblemException ? caught.cause : caught;
    if (error instanceof ProblemException) {
      if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
      return sendProblem(response, error.getStatus(), error.code, error.detail, error.errors);
    }
    const known = isCoded(error) ? this.faults[error.code] : undefined;
    if (isCoded(error) && known) {
      if (known.status === 503) response.setHeader('Retry-After', '1');
      return sendProblem(response, known.status, error.code, known.detail);
    }
    const status = clientStatusOf(error);
    if (status === 413) return sendProblem(response, 413, 'body_too_large', 'The body may hold 32 KiB at most.');
    if (status === 404) return sendProblem(response, 404, 'not_found', 'There is nothing at this address.');
    if (status === 415) return sendProblem(response, 415, 'unsupported_media_type', MEDIA_TYPE);
    if (status !== undefined) return sendProblem(response, status, 'bad_request', 'The request could not be read: its address must be well formed, and its body valid JSON of the documented form.');
    this.log('fault', { code: isCoded(error) ? error.code : error instanceof Error ? error.name : 'unknown' });
    sendProblem(response, HttpStatus.INTERNAL_SERVER_ERROR, 'fault', 'The fault is on this side and was logged.');
  }
}

// body-parser and Nest both mark a client's mistake by a 4xx status on the error
function clientStatusOf(error: unknown): number | undefined {
  const status: unknown =
    error instanceof HttpException ? error.getStatus() : typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
