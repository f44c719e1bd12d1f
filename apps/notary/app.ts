import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Log, ProblemFilter, READINESS, ReadinessController, type ReaderTenantSettings, readersOnly, refuseWrongMethods, type tlsOptions } from '#edge';
import { codeOf } from '#decider';
import type { EventStore } from '#ledger';
import { BOOKS } from './books.js';
import { Bundles } from './bundles.js';
import { FAULTS } from './faults.js';
import { LogController } from './log.controller.js';
import { CLOCK, NotaryController, NOTARIES, STORE } from './notary.controller.js';
import { ProofController } from './proof.controller.js';
import type { TenantNotary } from './tenant-notary.js';
import { Turns } from './turns.js';
import { VerificationController } from './verification.controller.js';

/** How many recomputations wait for the one that runs. */
const MOST_WAITING = 2;

/** What the notary is made of. */
export interface NotaryParts {
  readonly tenants: readonly ReaderTenantSettings[];
  /** By tenant: who signs its checkpoints. */
  readonly notaries: ReadonlyMap<string, TenantNotary>;
  readonly store: EventStore;
  readonly clock: () => Date;
  readonly tls: ReturnType<typeof tlsOptions>;
  readonly log: Log;
}

/** The notary's Nest app, not listening yet. */
export async function notaryApp({ tenants, notaries, store, clock, tls, log }: NotaryParts): Promise<NestExpressApplication> {
  const checkpoints = (): string | undefined => [...notaries].flatMap(([tenant, { missing }]) => (missing === undefined ? [] : [`${tenant}: ${missing}`])).join(', ') || undefined;
  @Module({
    controllers: [NotaryController, VerificationController, ProofController, LogController, ReadinessController],
    providers: [
      { provide: STORE, useValue: store },
      { provide: CLOCK, useValue: clock },
      { provide: NOTARIES, useValue: notaries },
      { provide: Bundles, useValue: new Bundles(store) },
      { provide: Turns, useValue: new Turns(MOST_WAITING) },
      { provide: READINESS, useValue: { store: () => missingStore(store, tenants), checkpoints } },
    ],
  })
  class NotaryModule {}
  const app = await NestFactory.create<NestExpressApplication>(NotaryModule, { httpsOptions: tls, bodyParser: false, logger: ['error', 'fatal'] });
  app.use(readersOnly(tenants, ['/health', '/ready']));
  refuseWrongMethods(app);
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
