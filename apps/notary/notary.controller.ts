import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { type BookName, type EventStore, pagesOf, type StoredEntry } from '#ledger';
import { BOOKS } from './books.js';
import { KnownParametersGuard } from './known-parameters.guard.js';
import { OwnTenantGuard } from './own-tenant.guard.js';
import type { TenantNotary } from './tenant-notary.js';

/** The injection tokens of the store, the clock, and the notary of each tenant (`ReadonlyMap`). */
export const STORE = Symbol('event store');
export const CLOCK = Symbol('clock');
export const NOTARIES = Symbol('notaries');

/** The books themselves, as they lie in the store. */
@Controller('v1/tenants/:tenant')
@UseGuards(OwnTenantGuard, KnownParametersGuard)
export class NotaryController {
  constructor(@Inject(STORE) private readonly store: EventStore) {}

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

const NEWLINE = Buffer.from('\n');

async function* linesOf(first: IteratorResult<readonly StoredEntry[], undefined>, rest: AsyncIterable<readonly StoredEntry[]>): AsyncGenerator<Uint8Array> {
  if (first.done === true) return;
  yield lines(first.value);
  for await (const page of rest) yield lines(page);
}

function lines(page: readonly StoredEntry[]): Uint8Array {
  return Buffer.concat(page.flatMap(({ bytes }) => [bytes, NEWLINE]));
}
