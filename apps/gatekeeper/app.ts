import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { type NextFunction, raw, type Request, type Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BODY_LIMIT_BYTES, bodyPipe, type Log, ProblemFilter, READINESS, ReadinessController, readJson, refuseWrongMethods, type tlsOptions } from '#edge';
import { ChannelsController, CLOCK, LOG } from './channels.controller.js';
import { ReceiveRequestHandler, RequestReinstateHandler, ResumeCaseHandler } from './commands.js';
import { DecisionsController, onlyApprovals } from './decisions.controller.js';
import { Decisions } from './decisions.js';
import { RequestErasureHandler } from './erasure-commands.js';
import { ErasuresController } from './erasures.controller.js';
import { EvaluationController } from './evaluation.controller.js';
import { IntakeLimits } from './intake-limits.js';
import { RequestsController } from './requests.controller.js';
import { Tenants } from './tenants.js';

/** What a fault of the outside, or of this tenant, is told as. */
const FAULTS = {
  store_unreachable: { status: 503, detail: 'The event store is away, so nothing is known to be accepted. Send the request again with the same Idempotency-Key.' },
  tenant_stopped: { status: 503, detail: 'This tenant is stopped: its ledger does not fit what was seen before. An operator must look.' },
  vault_unreachable: { status: 503, detail: 'Vault is away; nothing was accepted. Send the request again.' },
  vault_sealed: { status: 503, detail: 'Vault is sealed; nothing was accepted. Send the request again.' },
  erased: { status: 409, detail: 'The keys of this case were destroyed when its person was erased: nothing can be added to it.' },
  vault_refused: { status: 503, detail: 'Vault refuses the gatekeeper; nothing was accepted. Send the request again once an operator has granted it.' },
  policy_unavailable: { status: 503, detail: 'The policy cannot be used, so nothing is allowed: an operator must look. Ask again once GET /ready no longer names it.' },
  entry_too_large: { status: 413, detail: 'The request does not fit into one ledger entry: 32 KiB at most.' },
};

/** The gatekeeper's HTTP side: requesters', ticket and HR systems' and the approvals app's doors, and readiness. */
export async function gatekeeperApp(tenants: Tenants, decisions: Decisions, tls: ReturnType<typeof tlsOptions>, log: Log, clock: () => Date, limits: IntakeLimits): Promise<NestExpressApplication> {
  @Module({
    imports: [CqrsModule.forRoot()],
    controllers: [RequestsController, ChannelsController, ErasuresController, EvaluationController, DecisionsController, ReadinessController],
    providers: [
      { provide: Tenants, useValue: tenants },
      { provide: Decisions, useValue: decisions },
      { provide: IntakeLimits, useValue: limits },
      { provide: CLOCK, useValue: clock },
      { provide: LOG, useValue: log },
      { provide: READINESS, useValue: { tenants: () => tenants.missing() } },
      ReceiveRequestHandler,
      RequestReinstateHandler,
      ResumeCaseHandler,
      RequestErasureHandler,
    ],
  })
  class GatekeeperModule {}
  const app = await NestFactory.create<NestExpressApplication>(GatekeeperModule, { httpsOptions: tls, bodyParser: false, logger: ['error', 'fatal'] });
  // asked before a body is read, so that who is nobody here learns nothing of what it should be; the handlers ask again
  app.use('/v1', (request: Request, _response: Response, next: NextFunction) => {
    tenants.caller(request.headers.authorization);
    next();
  });
  app.use('/access', (request: Request, response: Response, next: NextFunction) => {
    const id = request.get('x-request-id');
    // whoever sends one finds it in every answer, of whatever kind (AuthZEN 1.0, request identification)
    if (id !== undefined) response.setHeader('X-Request-ID', id);
    tenants.caller(request.headers.authorization);
    next();
  });
  app.use('/internal', (request: Request, _response: Response, next: NextFunction) => {
    onlyApprovals(request);
    next();
  });
  refuseWrongMethods(app);
  for (const edge of ['requests', 'cases', 'erasures'] as const)
    app.use(`/v1/${edge}`, ({ method, headers }: Request, _response: Response, next: NextFunction) => {
      const { tenant, requester } = tenants.caller(headers.authorization);
      if (method === 'POST') limits.admit(edge, tenant.settings.id, requester);
      next();
    });
  // what was signed are these very bytes: they are read as JSON only once the signature held
  app.use('/channels', raw({ type: () => true, limit: BODY_LIMIT_BYTES }));
  readJson(app, BODY_LIMIT_BYTES);
  app.useGlobalPipes(bodyPipe());
  app.useGlobalFilters(new ProblemFilter(log, FAULTS));
  app.disable('x-powered-by');
  return app;
}
