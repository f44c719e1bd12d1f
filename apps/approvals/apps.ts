import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { BODY_LIMIT_BYTES, bodyPipe, type Log, ProblemFilter, READINESS, ReadinessController, type ReadinessProbe, readJson, refuseWrongMethods, type TlsFiles, tlsOptions } from '#edge';
import { Gatekeeper } from './gatekeeper.js';
import { Messages } from './messages.js';
import { MESSAGES, MessagesController } from './messages.controller.js';
import { PageFilter } from './page-filter.js';
import { pageHeaders } from './page-headers.js';
import { PAGES, PagesController } from './pages.controller.js';
import { SLACK_PATH } from './slack-door.js';

/** A view carries a request's raw text, which JSON may write six times as long; its only sender is the gatekeeper. */
const VIEW_LIMIT_BYTES = 8 * BODY_LIMIT_BYTES;

/** What both apps stand on. */
export interface Ground {
  readonly files: TlsFiles;
  readonly origin: string;
  readonly log: Log;
}

/** The app that people's browsers and Slack reach. */
export async function publicApp({ files, origin, log }: Ground, gatekeeper: Gatekeeper, slack: { readonly door: RequestHandler[]; readonly router: RequestHandler }): Promise<NestExpressApplication> {
  @Module({ controllers: [PagesController], providers: [{ provide: Gatekeeper, useValue: gatekeeper }, { provide: PAGES, useValue: { origin, log } }] })
  class PublicModule {}
  const app = await NestFactory.create<NestExpressApplication>(PublicModule, { httpsOptions: tlsOptions(files, 'ignored'), bodyParser: false, logger: ['error', 'fatal'] });
  app.disable('x-powered-by');
  app.use(pageHeaders);
  // before init, or Nest answers 404 for Bolt's address
  app.use(SLACK_PATH, ...slack.door);
  app.use(slack.router);
  refuseWrongMethods(app);
  app.useBodyParser('urlencoded', { limit: BODY_LIMIT_BYTES, extended: false, parameterLimit: 8, inflate: false });
  app.useGlobalFilters(new PageFilter(log));
  return app;
}

/** The app that the gatekeeper alone may use, by its client certificate. */
export async function internalApp({ files, origin, log }: Ground, messages: Messages, probes: Readonly<Record<string, ReadinessProbe>>): Promise<NestExpressApplication> {
  @Module({
    controllers: [MessagesController, ReadinessController],
    providers: [{ provide: Messages, useValue: messages }, { provide: MESSAGES, useValue: { origin, log } }, { provide: READINESS, useValue: probes }],
  })
  class InternalModule {}
  const app = await NestFactory.create<NestExpressApplication>(InternalModule, { httpsOptions: tlsOptions(files, 'asked'), bodyParser: false, logger: ['error', 'fatal'] });
  app.disable('x-powered-by');
  refuseWrongMethods(app);
  readJson(app, VIEW_LIMIT_BYTES);
  app.useGlobalPipes(bodyPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  return app;
}
