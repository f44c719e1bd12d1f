import { codeOf, CodedError } from '#decider';
import { addCosignature, askForCheckpoint, type BookName, EMPTY_HEAD, encodeEntry, type Entry, type EventStore, follow, followBook, type Head, type HeldHead, HeldHeads, leafHash, MerkleTree, type NoteSigner, openCheckpoint, type TreeHead, verifyConsistency, type WitnessKey } from '#ledger';
import { BOOKS, eventsOf, patiently } from './books.js';
import type { SignedHead, SignedHeads } from './signed-heads.js';

/** One book as the notary follows it. */
export interface Notarised {
  readonly store: EventStore;
  readonly tenant: string;
  readonly book: BookName;
  readonly signer: NoteSigner;
  readonly heads: SignedHeads;
  /** Whose cosignatures are believed. */
  readonly witnesses: readonly WitnessKey[];
  readonly clock: () => Date;
}

/** Proves every entry of one book as it comes, keeps the tree over them, and signs heads that extend all that was signed before. */
export class NotarisedBook {
  readonly tree = new MerkleTree();
  #head: Head = EMPTY_HEAD;
  #fault: string | undefined;

  constructor(private readonly options: Notarised) {}

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
   * Reads the book to its end and holds it against every head that was signed: those outside the store, and `stored` as they lie inside.
   * @throws CodedError of the first thing that does not fit; `cut` where the store ends below a signed head.
   */
  async catchUp(stored: readonly string[], signal: AbortSignal): Promise<void> {
    const { heads, store, tenant, book, signer, witnesses } = this.options;
    await heads.proveCosignatures(witnesses, signal);
    const latest = heads.latest();
    const known = [...(latest ? [latest] : []), ...heads.history, ...stored.flatMap((note) => openedBy(signer, note))];
    const held = new HeldHeads(book, known.map(({ size, root }): HeldHead => ({ book, holder: 'notary', size, root })));
    const reading = { store, stream: `${BOOKS[book]}${tenant}`, signal };
    await patiently(signal, (fault) => (this.#fault = fault), async () => {
      for await (const event of eventsOf(reading, this.#head.seq + 1)) {
        const { entry, head } = follow(this.#head, event, tenant);
        this.#take(event.bytes, head);
        held.entry(entry, { size: this.tree.size, root: () => this.tree.root(this.tree.size) });
      }
    });
    const { finding } = held.result(this.tree.size);
    if (finding) throw new CodedError(finding.code, finding.message);
  }

  /** Follows what is appended until the signal. @throws CodedError of `followBook`. */
  follow(taken: (entry: Entry) => void, signal: AbortSignal): Promise<void> {
    const { store, tenant, book } = this.options;
    return followBook({
      store,
      stream: `${BOOKS[book]}${tenant}`,
      tenant,
      head: () => this.#head,
      take: (entry, head) => {
        // what was proven canonical encodes to the bytes that were stored
        this.#take(encodeEntry(entry), head);
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

  #take(bytes: Uint8Array, head: Head): void {
    this.tree.append(leafHash(bytes));
    this.#head = head;
  }
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
