import { type CanActivate, type CustomDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ProblemException } from '#edge';

const PARAMETERS = Symbol('parameters');

/** The parameters that an address takes in its query; one without this takes none. */
export function Parameters(...names: readonly string[]): CustomDecorator<symbol> {
  return SetMetadata(PARAMETERS, names);
}

/** Refuses a query with a parameter that the address does not know: one that is misspelt would be taken for one that was left out. */
@Injectable()
export class KnownParametersGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const known = this.reflector.get<readonly string[] | undefined>(PARAMETERS, context.getHandler()) ?? [];
    const unknown = Object.keys(context.switchToHttp().getRequest<Request>().query).filter((name) => !known.includes(name));
    if (unknown.length === 0) return true;
    const right = known.length === 0 ? 'this address takes no parameters' : `this address takes ${known.join(', ')}`;
    throw new ProblemException(400, 'unknown_parameter', 'The query has a parameter that is not known here.', unknown.map((field) => ({ field, message: right })));
  }
}
