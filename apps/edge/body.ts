import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { json, type NextFunction, type Request, type Response } from 'express';
import { duplicateMember } from './duplicate-member.js';
import { MEDIA_TYPE, ProblemException, UNREADABLE } from './problem.js';

/** The largest request body that any edge takes. */
export const BODY_LIMIT_BYTES = 32 * 1024;

/** How deep a body may nest: far more than any form of ours, far less than what overflows the stack of those who walk it. */
const DEEPEST = 32;

/** So much of a name that a client chose is said back to it. */
const LONGEST_FIELD = 200;

/** Reads JSON bodies up to a limit in bytes; a body that is something else is named as that, and not taken for a missing one. */
export function readJson(app: NestExpressApplication, limit: number): void {
  app.use((request: Request, _response: Response, next: NextFunction) => {
    if (hasBody(request) && !request.is('application/json')) throw new ProblemException(415, 'unsupported_media_type', MEDIA_TYPE);
    next();
  });
  app.use(json({ limit, verify: assertReadable }));
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

// what Express reads next must be what stands there, and can mean one thing only
function assertReadable(_request: IncomingMessage, _response: ServerResponse, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw notUtf8();
  // no body at all is one without a member
  if (body.byteLength > 0) jsonIn(body);
}

// a decoder that is not told otherwise puts U+FFFD in place of what it cannot read, and nobody knows what was meant (RFC 8259, section 8.1)
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * What the bytes of a body say in JSON.
 * @throws ProblemException 400 `not_utf8`, `bad_request` for what is no JSON, `duplicate_member` naming the member that stands twice in one object.
 */
export function jsonIn(body: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF_8.decode(body);
  } catch {
    throw notUtf8();
  }
  const value = parsed(text);
  const twice = duplicateMember(text);
  if (twice !== undefined) throw new ProblemException(400, 'duplicate_member', 'A member stands twice in one object of the body, so nobody can tell which of the two is meant: send each once.', [{ field: twice.slice(0, LONGEST_FIELD), message: 'must stand once' }]);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemException(400, 'bad_request', UNREADABLE);
  }
}

function notUtf8(): ProblemException {
  return new ProblemException(400, 'not_utf8', 'The body is not UTF-8: JSON that is sent must be.');
}

class BodyPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (isDeeper(value, DEEPEST)) throw new ProblemException(422, 'invalid_body', `The body nests deeper than ${String(DEEPEST)} levels.`);
    try {
      return (await super.transform(value, metadata)) as unknown;
    } catch (error) {
      if (metadata.type !== 'query' || !(error instanceof ProblemException)) throw error;
      throw new ProblemException(error.getStatus(), 'invalid_query', 'Some parameters of the query are not as they should be.', error.errors);
    }
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Validates a body, or a query, by its class and answers 422 with every field that is wrong and what would be right. */
export function bodyPipe(): ValidationPipe {
  return pipe(true);
}

/** The same for a body whose form others define: what is not known of it is left out, and `status` is theirs, too. */
export function foreignBodyPipe(status = 422): ValidationPipe {
  return pipe(false, status);
}

function pipe(forbidNonWhitelisted: boolean, status = 422): ValidationPipe {
  return new BodyPipe({
    whitelist: true,
    forbidNonWhitelisted,
    transform: true,
    exceptionFactory: (errors) =>
      new ProblemException(status, 'invalid_body', 'Some fields are not as they should be.', errors.flatMap((e) => fieldsOf(e, ''))),
  });
}

function fieldsOf(error: ValidationError, prefix: string): { field: string; message: string }[] {
  const field = prefix + error.property;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldsOf(child, `${field}.`))];
}
