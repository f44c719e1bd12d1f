import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CodedError, type JsonObject } from '#decider';
import { problemOf } from '#edge';
import { type BookName, type EventStore, type StoredEntry, verifierKey, verifyBooks } from '#ledger';
import { BOOKS, eventsOf } from './books.js';
import { EventStream, wantsEvents } from './event-stream.js';
import { FAULTS } from './faults.js';
import { type HeldByAuditor, heldIn, type HeldQuery } from './held-query.js';
import { KnownParametersGuard, Parameters } from './known-parameters.guard.js';
import type { NotarisedBook } from './notarised-book.js';
import { CLOCK, goneSignal, NOTARIES, notaryOf, STORE } from './notary.controller.js';
import { OwnTenantGuard } from './own-tenant.guard.js';
import type { TenantNotary } from './tenant-notary.js';
import { Turns } from './turns.js';

/** How far a recomputation is: entries of one book, of as many as the notary knows of. */
type Told = (progress: { readonly book: BookName; readonly entries: number; readonly of: number }) => void;

const TOLD_EVERY = 1_000;

/** The verdict over both books: every call reads and recomputes both from their first entry, and nothing is remembered for the next. */
@Controller('v1/tenants/:tenant')
@UseGuards(OwnTenantGuard, KnownParametersGuard)
export class VerificationController {
  constructor(
    @Inject(STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: () => Date,
    @Inject(NOTARIES) private readonly notaries: ReadonlyMap<string, TenantNotary>,
    private readonly turns: Turns,
  ) {}

  /** The verdict as JSON; or, where the client accepts `text/event-stream`, events `progress` and at the end one `verdict` or `problem`. Who goes away ends the work. */
  @Get('ledger/verification')
  @Parameters('checkpoint', 'size', 'root')
  async verification(@Param('tenant') tenant: string, @Query() query: HeldQuery, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { books, outside } = notaryOf(this.notaries, tenant);
    const held = heldIn(query, { ledger: books.ledger.signer, journal: books.journal.signer }, outside.witnessKeys);
    const events = wantsEvents(request) ? new EventStream(response) : undefined;
    const signal = goneSignal(response);
    const told: Told = (progress) => events?.send('progress', progress, 'be left out');
    try {
      const verdict = await this.turns.take(signal, () => this.#recompute(tenant, held, signal, told));
      if (events) events.end('verdict', verdict);
      else response.setHeader('Cache-Control', 'no-store').json(verdict);
    } catch (error) {
      if (signal.aborted) return;
      if (events?.begun) events.end('problem', problemOf(error, FAULTS).problem);
      // the filter answers where nothing was said yet, and logs a fault of this side in any case
      throw error;
    }
  }

  async #recompute(tenant: string, held: HeldByAuditor | undefined, signal: AbortSignal, told: Told): Promise<object> {
    const notary = notaryOf(this.notaries, tenant);
    const { ledger, journal } = notary.books;
    const entries = (book: BookName) => counted(eventsOf({ store: this.store, stream: `${BOOKS[book]}${tenant}`, signal }), (done) => told({ book, entries: done, of: Math.max(done, notary.books[book].tree.size) }));
    const verdict = await verifyBooks({ tenant, ledger: entries('ledger'), journal: entries('journal'), held: [...notary.held, ...(held ? [held] : [])], now: this.clock().toISOString() });
    // a signed head beyond the end shows that the end was cut off; anybody can name a number
    if (held && !held.signed && verdict.ledger.head && held.size > verdict.ledger.entries) throw new CodedError('size_beyond_head', `${held.size} is beyond the ${verdict.ledger.entries} entries of the ledger`);
    return { ...verdict, checkpoints: { ledger: latestOf(ledger), journal: latestOf(journal) }, handed_to: notary.outside.reports };
  }
}

/** The last checkpoint of a book: every entry below `size` was there at `at`. */
function latestOf({ signed, signer }: NotarisedBook): JsonObject | null {
  const head = signed.at(-1);
  return head ? { size: head.size, at: head.at, note: head.note, key: verifierKey(signer), cosignatures: head.cosignatures.map(({ witness, at }) => ({ witness, at })) } : null;
}

async function* counted(entries: AsyncIterable<StoredEntry>, told: (done: number) => void): AsyncGenerator<StoredEntry> {
  let done = 0;
  for await (const entry of entries) {
    yield entry;
    done += 1;
    if (done % TOLD_EVERY === 0) told(done);
  }
  told(done);
}
