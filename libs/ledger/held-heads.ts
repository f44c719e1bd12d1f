import { type Instant, plusSeconds } from '#decider';
import type { Cosignature } from './cosignature.js';
import type { Entry } from './entry.js';
import { type Loss, reopeningIn } from './reopening.js';
import { CLOCKS_APART_SECONDS } from './time-bounds.js';
import type { CompactRange, TreeHead } from './tree.js';

/** A tenant's books: what the gatekeeper wrote, and what the doer wrote. */
export type BookName = 'ledger' | 'journal';

/** The first thing found wrong, and where. */
export interface Finding {
  readonly book: BookName;
  readonly seq: number;
  readonly code: string;
  readonly message: string;
}

/** A tree head that somebody kept away from the store, when it was signed, as far as the holder knows, and the cosignatures on it that hold. */
export interface HeldHead extends TreeHead {
  readonly book: BookName;
  readonly holder: 'notary' | 'auditor';
  readonly at?: Instant;
  readonly cosignatures?: readonly Cosignature[];
}

/** Holds one book, while it is recomputed, against the heads that were kept of it. */
export class HeldHeads {
  readonly #heads: readonly HeldHead[];
  #next = 0;
  readonly #holding: HeldHead[] = [];
  readonly #losses: Loss[] = [];
  #finding: Finding | undefined;

  constructor(
    private readonly book: BookName,
    heads: readonly HeldHead[],
  ) {
    this.#heads = heads.filter((head) => head.book === book).sort((a, b) => a.size - b.size);
  }

  /** Shown each entry in order, with the tree that it closes. */
  entry(entry: Entry, tree: Pick<CompactRange, 'size' | 'root'>): void {
    const { seq, at } = entry;
    const reopening = reopeningIn(entry);
    if (reopening) this.#losses.push({ book: this.book, seq, at, from: reopening.restored.entries, to: reopening.known.entries - 1 });
    this.reached(entry, tree);
  }

  /** Shown a tree whose entries were not read, with the last of them. */
  reached({ seq, at }: Pick<Entry, 'seq' | 'at'>, tree: Pick<CompactRange, 'size' | 'root'>): void {
    for (let head; (head = this.#heads[this.#next]) && head.size <= tree.size; this.#next += 1) {
      if (head.size === tree.size && Buffer.compare(tree.root(), head.root) !== 0)
        this.#unlessLost(head, this.#proven, 'checkpoint_mismatch', `entries ${this.#proven} to ${head.size - 1} are not those of the checkpoint over ${head.size} that the ${head.holder} holds: one of them at least was changed`);
      else if (head.at !== undefined && isAfter(at, head.at)) this.#found(seq, 'time_after_checkpoint', `its time ${at} is after ${head.at}, when it was signed`);
      else {
        const early = head.cosignatures?.find((one) => isAfter(at, one.at));
        if (early) this.#found(seq, 'time_after_cosignature', `its time ${at} is after ${early.at}, when ${early.witness} cosigned it`);
        else this.#holding.push(head);
      }
    }
  }

  /** What the whole book of `entries` entries came to: where it fails a head, what restores lost, how many entries the largest head of each holder covers, and the last cosignature of each witness. */
  result(entries: number): {
    readonly finding: Finding | undefined;
    readonly losses: readonly Loss[];
    readonly covered: (holder: HeldHead['holder']) => number | undefined;
    readonly cosigned: readonly (Cosignature & { readonly size: number })[];
  } {
    const beyond = this.#heads[this.#next];
    if (beyond) this.#unlessLost(beyond, entries, 'cut', `the ${this.book} ends here, and the ${beyond.holder} holds a checkpoint over ${beyond.size} entries`);
    const covered = (holder: HeldHead['holder']): number | undefined => this.#holding.findLast((head) => head.holder === holder)?.size;
    const last = new Map(this.#holding.flatMap(({ size, cosignatures = [] }) => cosignatures.map((one) => [one.witness, { ...one, size }])));
    return { finding: this.#finding, losses: this.#losses, covered, cosigned: [...last.values()] };
  }

  /** How many entries the largest head that holds covers. */
  get #proven(): number {
    return this.#holding.at(-1)?.size ?? 0;
  }

  /** What an auditor pinned may be among the entries that the book itself says were lost; the notary's own heads of those are set aside by an operator. */
  #unlessLost({ holder, size }: HeldHead, seq: number, code: string, message: string): void {
    const loss = this.#losses.find(({ from, to }) => holder === 'auditor' && from < size && size <= to + 1);
    if (!loss) return this.#found(seq, code, message);
    const { from, to, at } = loss;
    this.#found(loss.seq, 'lost_in_restore', `entries ${from} to ${size - 1} of the checkpoint over ${size} that the auditor holds are not here: this entry, of ${at}, says that a restore lost entries ${from} to ${to}. A checkpoint that was taken after it would show a change`);
  }

  #found(seq: number, code: string, message: string): void {
    this.#finding ??= { book: this.book, seq, code, message };
  }
}

function isAfter(claimed: Instant, signed: Instant): boolean {
  return claimed > plusSeconds(signed, CLOCKS_APART_SECONDS);
}
