import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Log, ProblemFilter, READINESS, ReadinessController, type ReaderTenantSettings, readersOnly, type tlsOptions } from '#edge';
import { codeOf } from '#decider';
import type { EventStore } from '#ledger';
import { BOOKS } from './books.js';
import { CLOCK, NotaryController, STORE } from './notary.controller.js';

/** What the notary is made of. */
export interface NotaryParts {
  readonly tenants: readonly ReaderTenantSettings[];
  readonly store: EventStore;
  readonly clock: () => Date;
  readonly tls: ReturnType<typeof tlsOptions>;
  readonly log: Log;
}

const AWAY = 'The event store is away: nothing can be said about the books. Ask again.';
const FAULTS = { store_unreachable: { status: 503, detail: AWAY }, store_refused: { status: 503, detail: AWAY } };

/** The notary's Nest app, not listening yet. */
export async function notaryApp({ tenants, store, clock, tls, log }: NotaryParts): Promise<NestExpressApplication> {
  @Module({
    controllers: [NotaryController, ReadinessController],
    providers: [
      { provide: STORE, useValue: store },
      { provide: CLOCK, useValue: clock },
      { provide: READINESS, useValue: { store: () => missingStore(store, tenants) } },
    ],
  })
  class NotaryModule {}
  const app = await NestFactory.create<NestExpressApplication>(NotaryModule, { httpsOptions: tls, bodyParser: false, logger: ['error', 'fatal'] });
  app.use(readersOnly(tenants, ['/health', '/ready']));
  app.useGlobalFilters(new ProblemFilter(log, FAULTS));
  app.disable('x-powered-by');
  return app;
}

/** Asks the store for one entry, which is all that a read needs. */
async function missingStore(store: EventStore, [tenant]: readonly ReaderTenantSettings[]): Promise<string | undefined> {
  try {
    const found = store.read(`${BOOKS.ledger}${tenant?.id ?? ''}`, 0, 1)[Symbol.asyncIterator]();
    await found.next();
    await found.return?.();
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'cannot be asked';
  }
}
