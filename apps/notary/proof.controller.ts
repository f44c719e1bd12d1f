import { Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CodedError, type JsonObject } from '#decider';
import { decodeEntry, type Disclosure, encodeDisclosure, type EventStore, leafHash, type TreeHash } from '#ledger';
import { BOOKS, eventsOf } from './books.js';
import { bookOf } from './log.controller.js';
import { goneSignal, NOTARIES, STORE } from './notary.controller.js';
import type { NotarisedBook } from './notarised-book.js';
import { OwnTenantGuard } from './own-tenant.guard.js';
import type { SignedHead } from './signed-heads.js';
import type { TenantNotary } from './tenant-notary.js';
import { Turns } from './turns.js';

type Numbers = Readonly<Record<string, unknown>>;

/** Proofs of RFC 6962 over either book; hashes in hex. */
@Controller('v1/tenants/:tenant/:book')
@UseGuards(OwnTenantGuard)
export class ProofController {
  constructor(
    @Inject(STORE) private readonly store: EventStore,
    @Inject(NOTARIES) private readonly notaries: ReadonlyMap<string, TenantNotary>,
    private readonly turns: Turns,
  ) {}

  /** That entry `seq` stands in the tree of `size`, and between which checkpoints it was written. */
  @Get('proofs/inclusion')
  inclusion(@Param('tenant') tenant: string, @Param('book') book: string, @Query() query: Numbers): JsonObject {
    const log = bookOf(this.notaries, tenant, book);
    const seq = numberIn(query.seq);
    const size = query.size === undefined ? lastOf(log).size : numberIn(query.size);
    const path = hexes(log.tree.inclusion(seq, size));
    return {
      log: log.signer.name, seq, size, root: hex(log.tree.root(size)), leaf: hex(log.tree.node(0, seq)), path,
      checkpoint: log.signed.find((head) => head.size === size)?.note ?? null,
      written: { after: log.signed.findLast((head) => head.size <= seq)?.at ?? null, before: log.signed.find((head) => head.size > seq)?.at ?? null },
    };
  }

  /** That the tree of `to` begins with the tree of `from`. */
  @Get('proofs/consistency')
  consistency(@Param('tenant') tenant: string, @Param('book') book: string, @Query() query: Numbers): JsonObject {
    const log = bookOf(this.notaries, tenant, book);
    const from = numberIn(query.from);
    const to = query.to === undefined ? lastOf(log).size : numberIn(query.to);
    const path = hexes(log.tree.consistency(from, to));
    return { log: log.signer.name, from: { size: from, root: hex(log.tree.root(from)) }, to: { size: to, root: hex(log.tree.root(to)) }, path };
  }

  /** One case's entries under the last checkpoint, each with its proof, as one file. */
  @Get('cases/:case/disclosure')
  async disclosure(@Param('tenant') tenant: string, @Param('book') book: string, @Param('case') id: string, @Res() response: Response): Promise<void> {
    const log = bookOf(this.notaries, tenant, book);
    const checkpoint = lastOf(log);
    const signal = goneSignal(response);
    try {
      const entries = await this.turns.take(signal, () => this.#entriesOf(log, tenant, id, checkpoint, signal));
      if (entries.length === 0) throw new CodedError('no_case', `no entry of ${id}`);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Disposition', `attachment; filename="${book}-${tenant}-case.json"`);
      response.json(encodeDisclosure({ case: id, checkpoint: checkpoint.note, entries }));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #entriesOf({ name, tree }: NotarisedBook, tenant: string, id: string, { size }: SignedHead, signal: AbortSignal): Promise<Disclosure['entries']> {
    const mark = Buffer.from(`"case":${JSON.stringify(id)},`);
    const found: Disclosure['entries'][number][] = [];
    for await (const { revision, bytes } of eventsOf({ store: this.store, stream: `${BOOKS[name]}${tenant}`, signal })) {
      if (revision >= size) break;
      // most entries are not of the case, which a look at their bytes shows
      if (!Buffer.from(bytes).includes(mark)) continue;
      if (Buffer.compare(leafHash(bytes), tree.node(0, revision)) !== 0) throw new CodedError('log_mismatch', `${name} of ${tenant}: entry ${revision}`);
      const entry = decodeEntry(bytes);
      if (entry.case === id) found.push({ entry, bytes, path: tree.inclusion(revision, size) });
    }
    return found;
  }
}

function lastOf({ signed, name }: NotarisedBook): SignedHead {
  const last = signed.at(-1);
  if (!last) throw new CodedError('no_checkpoint', `nothing of the ${name} was signed yet`);
  return last;
}

function numberIn(text: unknown): number {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(text)) throw new CodedError('query_malformed', 'not a whole number');
  return Number(text);
}

const hex = (hash: TreeHash): string => Buffer.from(hash).toString('hex');
const hexes = (hashes: readonly TreeHash[]): string[] => hashes.map(hex);
