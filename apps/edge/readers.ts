import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsNotEmpty, Matches, ValidateNested } from 'class-validator';
import type { RequestHandler, Response } from 'express';
import { assertDistinct } from './distinct-tenants.js';
import { sendProblem } from './problem.js';

class ReaderTokenSettings {
  @IsNotEmpty() name!: string;
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be the SHA-256 of the token in hex' }) sha256!: string;
}

/** A tenant of an app that only reads, and who may read there. */
export class ReaderTenantSettings {
  @Matches(/^[a-z][a-z0-9-]{1,30}$/, { message: 'must be a tenant id such as acme' }) id!: string;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => ReaderTokenSettings) tokens!: ReaderTokenSettings[];
}

/** Who reads: the tenant that the token belongs to, and the token's name. */
export interface Reader {
  readonly tenant: string;
  readonly name: string;
}

/**
 * Lets a request pass whose token is known: as a Bearer token, or as the password of user `auditor` for browsers.
 * @param open - the paths that need no token.
 * @throws CodedError `configuration` where a token or a tenant stands in the settings twice.
 */
export function readersOnly(tenants: readonly ReaderTenantSettings[], open: readonly string[]): RequestHandler {
  assertDistinct(tenants);
  const readers = new Map(tenants.flatMap(({ id, tokens }) => tokens.map(({ name, sha256 }) => [sha256, { tenant: id, name }] as const)));
  return (request, response: Response<unknown, { reader?: Reader }>, next) => {
    const token = tokenIn(request.headers.authorization ?? '');
    const reader = token === undefined ? undefined : readers.get(createHash('sha256').update(token).digest('hex'));
    if (reader) response.locals.reader = reader;
    if (reader || open.includes(request.path)) next();
    else refuseReader(response);
  };
}

/** The one answer to a token or a tenant that is not known, whatever was wrong with it. */
export function refuseReader(response: Response): void {
  response.setHeader('WWW-Authenticate', 'Bearer, Basic realm="Gatehouse", charset="UTF-8"');
  sendProblem(response, 401, 'unauthorized', 'Send "Authorization: Bearer <token>", or Basic with the user auditor and the token as password; the token must be of this tenant.');
}

/** The reader that `readersOnly` let pass. */
export const CurrentReader = createParamDecorator((_: unknown, context: ExecutionContext): Reader => {
  const { reader } = context.switchToHttp().getResponse<Response<unknown, { reader?: Reader }>>().locals;
  if (!reader) throw new Error('a route that needs a reader stands outside readersOnly');
  return reader;
});

const TOKEN = /^[\x21-\x7e]{16,512}$/;

function tokenIn(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) +(\S{1,1024})$/i.exec(authorization) ?? [];
  const token = scheme.toLowerCase() === 'basic' ? /^auditor:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8'))?.[1] : credentials;
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}
