import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import { bodyPipe, type Log, ProblemFilter, READINESS, ReadinessController, type ReaderTenantSettings, type ReadinessProbe, readersOnly, refuseWrongMethods, type tlsOptions } from '#edge';
import { CasesController } from './cases.controller.js';
import { PagesController } from './pages.controller.js';
import { ListCasesHandler, ShowCaseHandler, ShowPolicyHandler, Sources } from './queries.js';

/** What the admin app is made of. */
export interface AdminParts {
  readonly tenants: readonly ReaderTenantSettings[];
  readonly sources: Sources;
  readonly probes: Readonly<Record<string, ReadinessProbe>>;
  readonly tls: ReturnType<typeof tlsOptions>;
  readonly log: Log;
}

const POLICY_WRONG = 'The policy folder does not hold a bundle with the text that it was built from.';
const FAULTS = { 'policy.bundle': { status: 503, detail: POLICY_WRONG }, 'policy.digest': { status: 503, detail: POLICY_WRONG } };

/** The admin's Nest app, not listening yet. */
export async function adminApp({ tenants, sources, probes, tls, log }: AdminParts): Promise<NestExpressApplication> {
  @Module({
    imports: [CqrsModule.forRoot()],
    controllers: [CasesController, PagesController, ReadinessController],
    providers: [{ provide: Sources, useValue: sources }, { provide: READINESS, useValue: probes }, ListCasesHandler, ShowCaseHandler, ShowPolicyHandler],
  })
  class AdminModule {}
  const app = await NestFactory.create<NestExpressApplication>(AdminModule, { httpsOptions: tls, bodyParser: false, logger: ['error', 'fatal'] });
  app.use(inertHeaders);
  app.use(readersOnly(tenants, ['/health', '/ready']));
  refuseWrongMethods(app);
  app.useGlobalPipes(bodyPipe());
  app.useGlobalFilters(new ProblemFilter(log, FAULTS));
  app.disable('x-powered-by');
  const description = new DocumentBuilder().setTitle('Gatehouse admin').setDescription('Read-only: cases, their stories, and the policy.').setVersion('1').addBearerAuth().addBasicAuth().build();
  const document = SwaggerModule.createDocument(app, description);
  const describe: RequestHandler = (_request, response) => void response.json(document);
  app.getHttpAdapter().getInstance().get('/v1/openapi.json', describe);
  return app;
}

/** What every answer says: no script, no frame, nothing of others, nothing kept. */
const inertHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  next();
};
