import { Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CodedError, type JsonObject } from '#decider';
import { decodeEntry, type Disclosure, encodeDisclosure, type Entry, type EventStore, leafHash, type TimeBound, timeBounds, type TreeHash } from '#ledger';
import { BOOKS, eventsOf } from './books.js';
import { KnownParametersGuard, Parameters } from './known-parameters.guard.js';
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
@UseGuards(OwnTenantGuard, KnownParametersGuard)
export class ProofController {
  constructor(
    @Inject(STORE) private readonly store: EventStore,
    @Inject(NOTARIES) private readonly notaries: ReadonlyMap<string, TenantNotary>,
    private readonly turns: Turns,
  ) {}

  /** That entry `seq` stands in the tree of `size`, and between which checkpoints it was written. */
  @Get('proofs/inclusion')
  @Parameters('seq', 'size')
  inclusion(@Param('tenant') tenant: string, @Param('book') book: string, @Query() query: Numbers): JsonObject {
    const log = bookOf(this.notaries, tenant, book);
    const seq = numberIn('seq', query.seq);
    const size = query.size === undefined ? lastOf(log).size : numberIn('size', query.size);
    within(log, 'size', size, log.tree.size);
    within(log, 'seq', seq, size - 1);
    const path = hexes(log.tree.inclusion(seq, size));
    return {
      log: log.signer.name, seq, size, root: hex(log.tree.root(size)), leaf: hex(log.tree.node(0, seq)), path,
      checkpoint: log.signed.find((head) => head.size === size)?.note ?? null,
      written: { after: log.signed.findLast((head) => head.size <= seq)?.at ?? null, before: log.signed.find((head) => head.size > seq)?.at ?? null },
    };
  }

  /** That the tree of `to` begins with the tree of `from`. */
  @Get('proofs/consistency')
  @Parameters('from', 'to')
  consistency(@Param('tenant') tenant: string, @Param('book') book: string, @Query() query: Numbers): JsonObject {
    const log = bookOf(this.notaries, tenant, book);
    const from = numberIn('from', query.from);
    const to = query.to === undefined ? lastOf(log).size : numberIn('to', query.to);
    within(log, 'to', to, log.tree.size);
    within(log, 'from', from, to);
    const path = hexes(log.tree.consistency(from, to));
    return { log: log.signer.name, from: { size: from, root: hex(log.tree.root(from)) }, to: { size: to, root: hex(log.tree.root(to)) }, path };
  }

  /** Between which times entry `seq` was written, by each clock, with the signed notes that say so. */
  @Get('proofs/time')
  @Parameters('seq')
  async time(@Param('tenant') tenant: string, @Param('book') book: string, @Query() query: Numbers): Promise<object> {
    const log = bookOf(this.notaries, tenant, book);
    const seq = numberIn('seq', query.seq);
    within(log, 'seq', seq, log.tree.size - 1);
    const { after, before } = timeBounds(seq, log.signed);
    const withNote = (bound: TimeBound) => ({ ...bound, note: log.signed.findLast(({ size }) => size === bound.size)?.note });
    return { log: log.signer.name, seq, claimed: (await this.#entryAt(log, tenant, seq)).at, after: after.map(withNote), before: before.map(withNote) };
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

  async #entryAt({ name, tree }: NotarisedBook, tenant: string, seq: number): Promise<Entry> {
    for await (const { bytes } of this.store.read(`${BOOKS[name]}${tenant}`, seq, 1)) if (Buffer.compare(leafHash(bytes), tree.node(0, seq)) === 0) return decodeEntry(bytes);
    throw new CodedError('log_mismatch', `${name} of ${tenant}: entry ${seq}`);
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

/** @throws CodedError `tree_range` that says which number is beyond what. */
function within({ name }: NotarisedBook, field: string, value: number, most: number): void {
  if (value > most) throw new CodedError('tree_range', most < 0 ? `${field} is ${value}, and there is no entry in the ${name}` : `${field} is ${value}, and can be ${most} at most`);
}

function numberIn(field: string, text: unknown): number {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(text)) throw new CodedError('query_malformed', `${field} must be a whole number`);
  return Number(text);
}

const hex = (hash: TreeHash): string => Buffer.from(hash).toString('hex');
const hexes = (hashes: readonly TreeHash[]): string[] => hashes.map(hex);
