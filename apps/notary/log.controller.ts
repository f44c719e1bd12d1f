import { Controller, Get, Inject, Param, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { codeOf } from '#decider';
import { ProblemException } from '#edge';
import { type BookName, type Tile, TILE_WIDTH, tileAt, tileBytes, verifierKey } from '#ledger';
import { BOOKS } from './books.js';
import { Bundles } from './bundles.js';
import { KnownParametersGuard } from './known-parameters.guard.js';
import { NOTARIES, notaryOf } from './notary.controller.js';
import type { NotarisedBook } from './notarised-book.js';
import { OwnTenantGuard } from './own-tenant.guard.js';
import type { TenantNotary } from './tenant-notary.js';

/** Each book as a log of C2SP tlog-tiles: `checkpoint`, `tile/…`, and beside them `key`, the line that verifies it. */
@Controller('v1/tenants/:tenant/:book/log')
@UseGuards(OwnTenantGuard, KnownParametersGuard)
export class LogController {
  constructor(
    private readonly bundles: Bundles,
    @Inject(NOTARIES) private readonly notaries: ReadonlyMap<string, TenantNotary>,
  ) {}

  @Get('checkpoint')
  checkpoint(@Param('tenant') tenant: string, @Param('book') book: string, @Res() response: Response): void {
    const { signed } = bookOf(this.notaries, tenant, book);
    const last = signed.at(-1);
    if (!last) throw notFound();
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain; charset=utf-8').send(last.note);
  }

  @Get('key')
  key(@Param('tenant') tenant: string, @Param('book') book: string, @Res() response: Response): void {
    response.type('text/plain; charset=utf-8').send(`${verifierKey(bookOf(this.notaries, tenant, book).signer)}\n`);
  }

  @Get('tile/*path')
  async tile(@Param('tenant') tenant: string, @Param('book') book: string, @Param('path') path: string | readonly string[], @Res() response: Response): Promise<void> {
    const log = bookOf(this.notaries, tenant, book);
    const tile = tileAt(`tile/${typeof path === 'string' ? path : path.join('/')}`);
    if (!tile) throw notFound();
    const bytes = await this.#bytesOf(log, tenant, tile).catch((error: unknown) => {
      throw codeOf(error) === 'tree_range' ? notFound() : error;
    });
    response.type('application/octet-stream');
    if (tile.width === TILE_WIDTH) {
      // it never changes, so nobody asks for it again with a tag over its bytes
      response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
      response.setHeader('Content-Length', bytes.length);
      response.end(bytes);
    } else {
      response.setHeader('Cache-Control', 'private, no-cache');
      response.send(Buffer.from(bytes));
    }
  }

  async #bytesOf(log: NotarisedBook, tenant: string, { level, index, width }: Tile): Promise<Uint8Array> {
    if (level !== 'entries') return tileBytes(log.tree, { level, index, width });
    // no entry is read that the tree does not reach
    log.tree.node(0, index * TILE_WIDTH + width - 1);
    return this.bundles.bundle(log, tenant, index, width);
  }
}

/** The book that a path names. @throws ProblemException 404. */
export function bookOf(notaries: ReadonlyMap<string, TenantNotary>, tenant: string, book: string): NotarisedBook {
  if (!isBook(book)) throw notFound();
  return notaryOf(notaries, tenant).books[book];
}

function isBook(name: string): name is BookName {
  return Object.hasOwn(BOOKS, name);
}

function notFound(): ProblemException {
  return new ProblemException(404, 'not_found', 'There is nothing at this address.');
}
