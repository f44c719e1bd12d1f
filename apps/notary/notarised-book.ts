import { codeOf, CodedError } from '#decider';
import { addCosignature, askForCheckpoint, type BookName, decodeEntry, EMPTY_HEAD, type Entry, entryHash, type EventStore, follow, followBook, type Head, type HeldHead, HeldHeads, leafHash, MerkleTree, type NoteSigner, openCheckpoint, type TreeHead, verifyConsistency, type WitnessKey } from '#ledger';
import { BOOKS, eventsOf, patiently, type Reading } from './books.js';
import type { LeafFile } from './leaf-file.js';
import type { SignedHead, SignedHeads } from './signed-heads.js';

/** One book as the notary follows it. */
export interface Notarised {
  readonly store: EventStore;
  readonly tenant: string;
  readonly book: BookName;
  readonly signer: NoteSigner;
  readonly heads: SignedHeads;
  readonly leaves: LeafFile;
  /** Whose cosignatures are believed. */
  readonly witnesses: readonly WitnessKey[];
  readonly clock: () => Date;
}

/** Proves every entry of one book as it comes, keeps the tree over them, and signs heads that extend all that was signed before. */
export class NotarisedBook {
  #tree = new MerkleTree();
  #head: Head = EMPTY_HEAD;
  /** How many entries were taken over from the leaves that were kept, unread. */
  #restored = 0;
  #fault: string | undefined;

  constructor(private readonly options: Notarised) {}

  get tree(): MerkleTree {
    return this.#tree;
  }

  get name(): BookName {
    return this.options.book;
  }

  /** Why the store is not reached; undefined while it is. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get signer(): NoteSigner {
    return this.options.signer;
  }

  /** What was signed, oldest first. */
  get signed(): readonly SignedHead[] {
    return this.options.heads.history;
  }

  /**
   * Takes over the tree of the last head that was signed, so that only what came after it must be read; answers whether it could.
   * It rests on that signature and on the last entry below it, which the store must hold still; `reverify` does the rest.
   * @throws CodedError of `openCheckpoint`, and what the store throws.
   */
  async restore(signal: AbortSignal): Promise<boolean> {
    const { heads, leaves } = this.options;
    const latest = heads.latest();
    const tree = latest && leaves.tree(latest);
    if (!latest || !tree) return false;
    await patiently(signal, (fault) => (this.#fault = fault), async () => {
      const head = await this.#headAt(latest.size - 1, tree);
      // what is not there any more is for the whole reading to say
      if (head) [this.#tree, this.#head, this.#restored] = [tree, head, latest.size];
    });
    return this.#restored > 0;
  }

  /**
   * Reads the book to its end and holds it against the heads that were signed: those outside the store, and `stored` as they lie inside.
   * @throws CodedError of the first thing that does not fit; `cut` where the store ends below a signed head.
   */
  async catchUp(stored: readonly string[], signal: AbortSignal): Promise<void> {
    const { tenant, heads, witnesses } = this.options;
    await heads.proveCosignatures(witnesses, signal);
    const held = this.#held(stored, (size) => size >= this.#restored);
    const under = (size: number) => ({ size, root: () => this.#tree.root(size) });
    // what was signed before a head that stands is looked at with what lies below it, in `reverify`
    if (this.#restored > 0) held.reached({ seq: this.#restored - 1, at: '' }, under(this.#restored));
    await patiently(signal, (fault) => (this.#fault = fault), async () => {
      for await (const event of eventsOf(this.#reading(signal), this.#head.seq + 1)) {
        const { entry, head } = follow(this.#head, event, tenant);
        this.#take(event.bytes, head);
        held.entry(entry, under(this.#tree.size));
      }
    });
    fits(held, this.#tree.size);
  }

  /**
   * Recomputes all that was taken over unread: the chain, each leaf, and every head that was signed over them. Answers how many entries.
   * @throws CodedError of the first thing that does not fit.
   */
  async reverify(stored: readonly string[], signal: AbortSignal): Promise<number> {
    const { tenant, book } = this.options;
    const held = this.#held(stored, (size) => size <= this.#restored);
    let head = EMPTY_HEAD;
    await patiently(signal, () => undefined, async () => {
      for await (const event of eventsOf(this.#reading(signal), head.seq + 1)) {
        if (event.revision >= this.#restored) break;
        const next = follow(head, event, tenant);
        if (Buffer.compare(leafHash(event.bytes), this.#tree.node(0, event.revision)) !== 0) throw new CodedError('checkpoint_mismatch', `${book} entry ${event.revision} is not the one that was signed`);
        head = next.head;
        held.entry(next.entry, { size: head.seq + 1, root: () => this.#tree.root(head.seq + 1) });
      }
    });
    if (head.seq + 1 < this.#restored) throw new CodedError('cut', `the ${book} ends at ${head.seq + 1}, and ${this.#restored} entries were signed`);
    fits(held, this.#restored);
    return this.#restored;
  }

  /** Follows what is appended until the signal. @throws CodedError of `followBook`. */
  follow(taken: (entry: Entry) => void, signal: AbortSignal): Promise<void> {
    const { store, tenant, book } = this.options;
    return followBook({
      store,
      stream: `${BOOKS[book]}${tenant}`,
      tenant,
      head: () => this.#head,
      take: (entry, head, bytes) => {
        this.#take(bytes, head);
        taken(entry);
      },
      heard: (fault) => (this.#fault = fault),
      signal,
    });
  }

  /**
   * Signs the present head and keeps it outside the store; nothing where it is signed already, or another instance is ahead.
   * @throws CodedError `checkpoint_mismatch` where the present tree does not extend the last signed one; of `openCheckpoint`; what the key's keeper and files throw.
   */
  async sign(): Promise<SignedHead | undefined> {
    const { heads, signer, clock } = this.options;
    const { size } = this.tree;
    const head = { size, root: this.tree.root(size) };
    if (!this.#extendsLast(head)) return undefined;
    const note = await askForCheckpoint(head, signer);
    // while the key was asked another instance may have signed
    if (!this.#extendsLast(head)) return undefined;
    const signed: SignedHead = { ...head, note, at: clock().toISOString(), cosignatures: [] };
    heads.keep(signed);
    return signed;
  }

  /** Keeps what a witness answered for a head beside it. @throws CodedError of `addCosignature`, a file's own error. */
  keepCosigned(size: number, lines: string, witness: WitnessKey): SignedHead | undefined {
    const head = this.signed.findLast((one) => one.size === size);
    if (!head) return undefined;
    const { note, cosignature } = addCosignature(head.note, lines, witness);
    const cosigned = { ...head, note, cosignatures: [...head.cosignatures.filter((one) => one.witness !== witness.witness), cosignature] };
    this.options.heads.keepCosigned(cosigned);
    return cosigned;
  }

  /** Whether a head goes beyond all that was signed. @throws CodedError `checkpoint_mismatch`, of `openCheckpoint`. */
  #extendsLast(head: TreeHead): boolean {
    const last = this.options.heads.latest();
    if (head.size === 0 || (last && last.size > head.size)) return false;
    if (last && !verifyConsistency(last, head, this.tree.consistency(last.size, head.size))) throw new CodedError('checkpoint_mismatch', `the ${this.name} of ${head.size} entries does not extend the signed one of ${last.size}`);
    return last?.size !== head.size;
  }

  /** Keeps the leaves under the last signed head, for the next start. @throws a file's own error. */
  keepLeaves(): void {
    this.options.leaves.keep(this.#tree);
  }

  #reading(signal: AbortSignal): Reading {
    const { store, tenant, book } = this.options;
    return { store, stream: `${BOOKS[book]}${tenant}`, signal };
  }

  /** Everything that this notary signed, of the sizes that are asked for. */
  #held(stored: readonly string[], wanted: (size: number) => boolean): HeldHeads {
    const { heads, book, signer } = this.options;
    const latest = heads.latest();
    const own = new Set(heads.history.map(({ note }) => note));
    const known: readonly TreeHead[] = [...(latest ? [latest] : []), ...heads.history, ...stored.filter((note) => !own.has(note)).flatMap((note) => openedBy(signer, note))];
    return new HeldHeads(book, known.filter(({ size }) => wanted(size)).map(({ size, root }): HeldHead => ({ book, holder: 'notary', size, root })));
  }

  /** The head at entry `seq`, as the store holds it; undefined where it holds none, or another than the tree's. */
  async #headAt(seq: number, tree: MerkleTree): Promise<Head | undefined> {
    const { store, tenant, book } = this.options;
    for await (const stored of store.read(`${BOOKS[book]}${tenant}`, seq, 1)) {
      if (stored.revision !== seq || Buffer.compare(leafHash(stored.bytes), tree.node(0, seq)) !== 0) return undefined;
      const { incarnation, at } = decodeEntry(stored.bytes, stored);
      return { seq, hash: entryHash(stored.bytes), incarnation, at };
    }
    return undefined;
  }

  #take(bytes: Uint8Array, head: Head): void {
    this.#tree.append(leafHash(bytes));
    this.#head = head;
  }
}

/** @throws CodedError where the book of `size` entries fails one of the heads. */
function fits(held: HeldHeads, size: number): void {
  const { finding } = held.result(size);
  if (finding) throw new CodedError(finding.code, finding.message);
}

/** A stored note counts where this notary signed it: whoever writes into the store cannot stop a tenant with another's. */
function openedBy(signer: NoteSigner, note: string) {
  try {
    return [openCheckpoint(note, signer)];
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}
