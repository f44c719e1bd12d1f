import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { codeOf } from '#decider';
import { CurrentReader, ProblemException, type Reader, refuseReader } from '#edge';
import type { EventStore, StoredEntry } from '#ledger';
import { type BookName, entriesOf } from './books.js';
import { Turns } from './turns.js';
import { verifyBooks } from './verification.js';

/** The injection tokens of the store and the clock. */
export const STORE = Symbol('event store');
export const CLOCK = Symbol('clock');

const MOST_WAITING = 2;
const RETRY_AFTER_SECONDS = 5;

/** What an auditor asks for: the verdict over both books, recomputed each time, and the books themselves. */
@Controller('v1/tenants/:tenant')
export class NotaryController {
  readonly #turns = new Turns(MOST_WAITING);

  constructor(
    @Inject(STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: () => Date,
  ) {}

  @Get('ledger/verification')
  async verification(@CurrentReader() reader: Reader, @Param('tenant') tenant: string, @Res() response: Response): Promise<void> {
    if (tenant !== reader.tenant) {
      refuseReader(response);
      return;
    }
    const gone = goneSignal(response);
    try {
      const verdict = await this.#turns.take(gone, () => verifyBooks(this.store, tenant, this.clock(), gone));
      response.setHeader('Cache-Control', 'no-store');
      response.json(verdict);
    } catch (error) {
      if (gone.aborted) return;
      if (codeOf(error) === 'busy')
        throw new ProblemException(503, 'busy', 'Three verifications are under way or waiting: ask again in a moment.', undefined, RETRY_AFTER_SECONDS);
      throw error;
    }
  }

  @Get('ledger/export')
  ledger(@CurrentReader() reader: Reader, @Param('tenant') tenant: string, @Res() response: Response): Promise<void> {
    return this.#export('ledger', reader, tenant, response);
  }

  @Get('journal/export')
  journal(@CurrentReader() reader: Reader, @Param('tenant') tenant: string, @Res() response: Response): Promise<void> {
    return this.#export('journal', reader, tenant, response);
  }

  async #export(book: BookName, reader: Reader, tenant: string, response: Response): Promise<void> {
    if (tenant !== reader.tenant) {
      refuseReader(response);
      return;
    }
    const gone = goneSignal(response);
    const entries = entriesOf(this.store, book, tenant, gone);
    // before the first byte a fault can still be answered in words
    const first = await entries.next();
    response.status(200).setHeader('Content-Type', 'application/x-ndjson');
    response.setHeader('Content-Disposition', `attachment; filename="${book}-${tenant}.ndjson"`);
    response.setHeader('Cache-Control', 'no-store');
    // a fault after it tears the connection, so that no one takes a part for the whole
    await pipeline(Readable.from(linesOf(first, entries)), response).catch(() => response.destroy());
  }
}

const NEWLINE = Buffer.from('\n');

async function* linesOf(first: IteratorResult<StoredEntry, undefined>, rest: AsyncIterable<StoredEntry>): AsyncGenerator<Uint8Array> {
  if (first.done === true) return;
  yield Buffer.concat([first.value.bytes, NEWLINE]);
  for await (const { bytes } of rest) yield Buffer.concat([bytes, NEWLINE]);
}

function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}
