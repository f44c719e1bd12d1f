import { type Instant, isJsonObject, plusSeconds } from '#decider';
import { jcs, sha256Hex } from './canonical.js';
import type { Entry } from './entry.js';
import type { BookName, Finding } from './held-heads.js';

/** How the receipts in the ledger and the entries of the journal fit; the lists hold numbers of journal entries. */
export interface Receipts {
  readonly matched: number;
  /** Receipts without their journal entry. */
  readonly missing: readonly number[];
  /** Journal entries that should have had their receipt by now. */
  readonly unreceipted: readonly number[];
}

const DUE_AFTER_SECONDS = 300;
/** The lists name this many at most; one is enough to ask why. */
const MOST_NAMED = 100;

/**
 * Holds the two books against each other in one pass over each: all of the ledger first, then all of the journal.
 * That order matters: what a ledger entry takes up was in the journal before it.
 */
export class TwoBooks {
  /** By journal number: the ledger entry that takes it up, and the hash that it names. */
  readonly #taken = new TakenUp();
  readonly #missing: number[] = [];
  readonly #unreceipted: number[] = [];
  #told = 0;
  #matched = 0;
  #finding: Finding | undefined;

  /** @param now - the time to compare for, asked while the journal is shown: what was told less than five minutes before may still lack its receipt. */
  constructor(private readonly now: () => Instant) {}

  /** Shown each ledger entry in order. */
  ledgerEntry({ seq, type, data }: Pick<Entry, 'seq' | 'type' | 'data'>): void {
    if (type !== 'receipt.taken') return;
    const number = this.#taken.count;
    if (data.seq !== number) return this.#found('ledger', seq, 'receipt_order', `the receipt of journal entry ${number} should stand here`);
    const hash = typeof data.hash === 'string' ? data.hash : '';
    if (!isJsonObject(data.entry) || sha256Hex(jcs(data.entry)) !== hash)
      this.#found('ledger', seq, 'receipt_altered', `the receipt of journal entry ${number} does not hold the entry whose hash it names`);
    this.#taken.push(seq, hash);
  }

  /** Shown each journal entry in order, after the whole ledger. */
  journalEntry({ seq, at }: Pick<Entry, 'seq' | 'at'>, hash: string): void {
    this.#told = seq + 1;
    if (seq < this.#taken.count) {
      if (this.#taken.names(seq, hash)) this.#matched += 1;
      else this.#withoutEntry(seq, this.#taken.at(seq));
    } else if (plusSeconds(at, DUE_AFTER_SECONDS) < this.now()) {
      if (this.#unreceipted.length < MOST_NAMED) this.#unreceipted.push(seq);
      this.#found('journal', seq, 'entry_without_receipt', 'the ledger has not taken this entry up within five minutes');
    }
  }

  /** What both books together say, after all of both was shown. */
  result(): { readonly receipts: Receipts; readonly finding: Finding | undefined } {
    for (let number = this.#told; number < this.#taken.count; number += 1) this.#withoutEntry(number, this.#taken.at(number));
    return { receipts: { matched: this.#matched, missing: this.#missing, unreceipted: this.#unreceipted }, finding: this.#finding };
  }

  #withoutEntry(number: number, at: number): void {
    if (this.#missing.length < MOST_NAMED) this.#missing.push(number);
    this.#found('ledger', at, 'receipt_without_entry', `it takes up journal entry ${number}, which the journal does not hold like this`);
  }

  #found(book: BookName, seq: number, code: string, message: string): void {
    this.#finding ??= { book, seq, code, message };
  }
}

const HASH = 32;
const PLACE = 6;
const RECORD = HASH + PLACE;

/** The receipts in bytes, side by side: a long ledger has millions of them. */
class TakenUp {
  #records = Buffer.alloc(256 * RECORD);
  count = 0;

  push(at: number, hash: string): void {
    const from = this.count * RECORD;
    if (from === this.#records.length) this.#records = Buffer.concat([this.#records], 2 * from);
    // a text that is no digest leaves zeros, which no entry hashes to
    this.#records.write(hash, from, HASH, 'hex');
    this.#records.writeUIntBE(at, from + HASH, PLACE);
    this.count += 1;
  }

  /** The ledger entry that takes up journal entry `number`. */
  at(number: number): number {
    return this.#records.readUIntBE(number * RECORD + HASH, PLACE);
  }

  names(number: number, hash: string): boolean {
    return this.#records.toString('hex', number * RECORD, number * RECORD + HASH) === hash;
  }
}
