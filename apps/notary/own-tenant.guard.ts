import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Reader, refuseReader } from '#edge';

/** Lets a reader see their own tenant; any other tenant is answered as one that does not exist. */
export class OwnTenantGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const response = http.getResponse<Response<unknown, { reader?: Reader }>>();
    const { reader } = response.locals;
    if (reader && http.getRequest<Request>().params.tenant === reader.tenant) return true;
    refuseReader(response);
    return false;
  }
}
