import type { Log } from '#edge';
import type { BookName, WitnessKey } from '#ledger';
import { Bucket, type BucketAt } from './bucket.js';
import { HandOver, type HandOverReport, type Recipient } from './hand-over.js';
import type { NotarisedBook } from './notarised-book.js';
import type { SignedHead } from './signed-heads.js';
import { Witness, type WitnessAt } from './witness.js';

/** Who takes the checkpoints of a tenant's books, as it is configured. */
export interface OutsideOptions {
  readonly witnesses?: readonly WitnessAt[];
  readonly buckets?: readonly BucketAt[];
  /** Seconds before each further try at one that is away. */
  readonly pausesSeconds?: readonly number[];
}

interface Handing extends OutsideOptions {
  readonly tenant: string;
  readonly books: Readonly<Record<BookName, NotarisedBook>>;
  readonly clock: () => Date;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Hears of a head that carries a cosignature more, once it is kept. */
  readonly cosigned: (book: BookName, head: SignedHead) => void;
}

/** Hands the checkpoints of a tenant to witnesses and buckets, each beside the others. */
export class Outside {
  readonly #witnesses: Readonly<Record<BookName, readonly HandOver[]>>;
  readonly #buckets: Readonly<Record<BookName, readonly HandOver[]>>;

  constructor(private readonly options: Handing) {
    this.#buckets = { ledger: this.#bucketsOf('ledger'), journal: this.#bucketsOf('journal') };
    this.#witnesses = { ledger: this.#witnessesOf('ledger'), journal: this.#witnessesOf('journal') };
  }

  /** How handing over fares, by book and recipient. */
  get reports(): readonly (HandOverReport & { readonly book: BookName })[] {
    return (['ledger', 'journal'] as const).flatMap((book) => this.#all(book).map(({ report }) => ({ book, ...report })));
  }

  /** Whose cosignatures are believed. */
  get witnessKeys(): readonly WitnessKey[] {
    return (this.options.witnesses ?? []).map(({ key }) => key);
  }

  /** Hands over a head that was just signed. */
  offer(book: BookName, head: SignedHead): void {
    for (const one of this.#all(book)) one.offer(head);
  }

  /** Hands over the last head once more: whoever was away when it was signed may not have it. */
  offerLast(book: BookName): void {
    const last = this.options.books[book].signed.at(-1);
    if (!last) return;
    for (const one of this.#buckets[book]) one.offer(last);
    const cosigned = new Set(last.cosignatures.map(({ witness }) => witness));
    for (const one of this.#witnesses[book]) if (!cosigned.has(one.report.to)) one.offer(last);
  }

  #all(book: BookName): readonly HandOver[] {
    return [...this.#witnesses[book], ...this.#buckets[book]];
  }

  #witnessesOf(book: BookName): readonly HandOver[] {
    const { books, witnesses = [], cosigned } = this.options;
    const log = books[book];
    return witnesses.map((at) => {
      const known = (): number => log.signed.findLast(({ cosignatures }) => cosignatures.some(({ witness }) => witness === at.key.witness))?.size ?? 0;
      const take = (head: SignedHead, lines: string): void => {
        const kept = log.keepCosigned(head.size, lines, at.key);
        if (!kept) return;
        cosigned(book, kept);
        for (const one of this.#buckets[book]) one.offer(kept);
      };
      return this.#handOver(book, new Witness(at, { tree: () => log.tree, known, cosigned: take }));
    });
  }

  #bucketsOf(book: BookName): readonly HandOver[] {
    const { buckets = [], tenant, clock } = this.options;
    return buckets.map((at) => this.#handOver(book, new Bucket(at, `${tenant}/${book}`, clock)));
  }

  #handOver(book: BookName, recipient: Recipient): HandOver {
    const { log, tenant, signal, pausesSeconds } = this.options;
    return new HandOver(recipient, (event, facts) => log(event, { tenant, book, ...facts }), signal, pausesSeconds);
  }
}
