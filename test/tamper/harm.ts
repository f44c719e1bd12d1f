import type { Books } from './books.js';
import type { StoredEntry } from '#ledger';

/** One way to harm a pair of books, what must be found and where. */
export interface Harm {
  readonly name: string;
  readonly harm: (books: Books, at: number) => Books;
  /** The entry that must be named for harm at `at`; `book` is the ledger where absent. */
  readonly named: (at: number) => number;
  readonly book?: 'journal';
  /** The one after it may be named as well: whether the harmed bytes are still an entry is left to chance. */
  readonly orNext?: true;
  /** Found only against checkpoints that somebody kept, since alone it is consistent: at every place, or at the last one, which no `prev` follows. */
  readonly pinned?: 'always' | 'at the last';
  /** Where it is no harm of its own: the last entry deleted is an end cut off, and an export is of the tenant of its first entry. */
  readonly notAt?: 'first' | 'last';
  /** Only beside intact bytes in the store, which an export does not carry. */
  readonly storeOnly?: true;
}

/** In place, so that the same entry is named: its bytes are no longer canonical, or no entry. */
export const same = (at: number): number => at;
/** It is still an entry, and the one after it does not follow. */
export const next = (at: number): number => at + 1;

/** Harm to the ledger, whose rows are numbered anew. */
export function inLedger(change: (ledger: readonly StoredEntry[], at: number) => readonly StoredEntry[]): Harm['harm'] {
  return ({ ledger, journal }, at) => ({ ledger: change(ledger, at).map((event, revision) => ({ ...event, revision })), journal });
}

/** Harm to the text of one entry. @throws Error where the text is none that could be harmed so: the harm would be none. */
export function inText(change: (text: string) => string): Harm['harm'] {
  return inLedger((ledger, at) => {
    const text = Buffer.from(ledger[at]!.bytes).toString('utf8');
    const other = change(text);
    if (other === text) throw new Error(`nothing to harm in ${text}`);
    return ledger.with(at, { ...ledger[at]!, bytes: Buffer.from(other) });
  });
}
