import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CodedError, type JsonObject } from '#decider';
import { type BookName, type EventStore, pagesOf, type StoredEntry, verifierKey, verifyBooks } from '#ledger';
import { BOOKS, eventsOf } from './books.js';
import { heldIn, type HeldQuery } from './held-query.js';
import type { NotarisedBook } from './notarised-book.js';
import { OwnTenantGuard } from './own-tenant.guard.js';
import type { TenantNotary } from './tenant-notary.js';
import { Turns } from './turns.js';

/** The injection tokens of the store, the clock, and the notary of each tenant (`ReadonlyMap`). */
export const STORE = Symbol('event store');
export const CLOCK = Symbol('clock');
export const NOTARIES = Symbol('notaries');


/** What an auditor asks for: the verdict over both books, recomputed each time, and the books themselves. */
@Controller('v1/tenants/:tenant')
@UseGuards(OwnTenantGuard)
export class NotaryController {
  constructor(
    @Inject(STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: () => Date,
    @Inject(NOTARIES) private readonly notaries: ReadonlyMap<string, TenantNotary>,
    private readonly turns: Turns,
  ) {}

  @Get('ledger/verification')
  async verification(@Param('tenant') tenant: string, @Query() query: HeldQuery, @Res() response: Response): Promise<void> {
    const notary = notaryOf(this.notaries, tenant);
    const held = heldIn(query, { ledger: notary.books.ledger.signer, journal: notary.books.journal.signer });
    const signal = goneSignal(response);
    try {
      const verdict = await this.turns.take(signal, () => {
        const events = (book: BookName) => eventsOf({ store: this.store, stream: `${BOOKS[book]}${tenant}`, signal });
        return verifyBooks({ tenant, ledger: events('ledger'), journal: events('journal'), held: [...notary.held, ...(held ? [held] : [])], now: this.clock().toISOString() });
      });
      // a signed head beyond the end shows that the end was cut off; anybody can name a number
      if (held && !held.signed && verdict.ledger.head && held.size > verdict.ledger.entries) throw new CodedError('size_beyond_head', `the ledger has ${verdict.ledger.entries} entries`);
      response.setHeader('Cache-Control', 'no-store');
      response.json({ ...verdict, checkpoints: { ledger: latestOf(notary.books.ledger), journal: latestOf(notary.books.journal) } });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  @Get('ledger/export')
  ledger(@Param('tenant') tenant: string, @Res() response: Response): Promise<void> {
    return this.#export('ledger', tenant, response);
  }

  @Get('journal/export')
  journal(@Param('tenant') tenant: string, @Res() response: Response): Promise<void> {
    return this.#export('journal', tenant, response);
  }

  async #export(book: BookName, tenant: string, response: Response): Promise<void> {
    const pages = pagesOf(this.store, `${BOOKS[book]}${tenant}`);
    // before the first byte a fault can still be answered in words
    const first = await pages.next();
    response.status(200).setHeader('Content-Type', 'application/x-ndjson');
    response.setHeader('Content-Disposition', `attachment; filename="${book}-${tenant}.ndjson"`);
    response.setHeader('Cache-Control', 'no-store');
    // a fault after it tears the connection, so that no one takes a part for the whole
    await pipeline(Readable.from(linesOf(first, pages), { objectMode: false }), response).catch(() => response.destroy());
  }
}

/** The notary of a tenant that a token is for. */
export function notaryOf(notaries: ReadonlyMap<string, TenantNotary>, tenant: string): TenantNotary {
  const notary = notaries.get(tenant);
  if (!notary) throw new Error('a tenant with readers stands outside the notaries');
  return notary;
}

/** Says so when nobody waits for the answer any more. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** The last checkpoint of a book: every entry below `size` was there at `at`. */
function latestOf({ signed, signer }: NotarisedBook): JsonObject | null {
  const head = signed.at(-1);
  return head ? { size: head.size, at: head.at, note: head.note, key: verifierKey(signer) } : null;
}

const NEWLINE = Buffer.from('\n');

async function* linesOf(first: IteratorResult<readonly StoredEntry[], undefined>, rest: AsyncIterable<readonly StoredEntry[]>): AsyncGenerator<Uint8Array> {
  if (first.done === true) return;
  yield lines(first.value);
  for await (const page of rest) yield lines(page);
}

function lines(page: readonly StoredEntry[]): Uint8Array {
  return Buffer.concat(page.flatMap(({ bytes }) => [bytes, NEWLINE]));
}
