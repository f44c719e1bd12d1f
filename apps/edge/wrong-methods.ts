import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Express, type NextFunction, type Request, type Response, Router } from 'express';
import { ProblemException } from './problem.js';

type Answer = Response<unknown, { methods?: Set<string> }>;

/**
 * Answers an address that is known, asked by a method that is not, with 405 and the methods that are (RFC 9110, section 15.5.6).
 * It stands behind what lets callers in, so that an address is known to nobody else, and before what reads bodies.
 */
export function refuseWrongMethods(app: NestExpressApplication): void {
  let addresses: Router | undefined;
  app.use((request: Request, response: Answer, next: NextFunction) => {
    // at the first request, because Nest makes its routes last
    addresses ??= addressesOf(app.getHttpAdapter().getInstance());
    addresses(request, response, next);
  });
}

/** A router that knows every address of the app, whatever it is asked by. */
function addressesOf(app: Express): Router {
  const addresses = Router();
  for (const { route } of app.router.stack) {
    if (!route) continue;
    const methods = route.stack.map(({ method }) => method.toUpperCase());
    // Express answers HEAD by what answers GET
    if (methods.includes('GET')) methods.push('HEAD');
    addresses.all(route.path, (_request: Request, { locals }: Answer, next: NextFunction) => {
      locals.methods = new Set([...(locals.methods ?? []), ...methods]);
      next();
    });
  }
  addresses.use((request: Request, response: Answer, next: NextFunction) => {
    const { methods } = response.locals;
    if (methods && !methods.has(request.method)) {
      const allowed = [...methods].sort().join(', ');
      response.setHeader('Allow', allowed);
      throw new ProblemException(405, 'method_not_allowed', `This address is asked by ${allowed}.`);
    }
    next();
  });
  return addresses;
}
