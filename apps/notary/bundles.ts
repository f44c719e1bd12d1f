import { CodedError } from '#decider';
import { bundleBytes, type EventStore, leafHash, type MerkleTree, TILE_WIDTH } from '#ledger';
import { BOOKS } from './books.js';
import type { NotarisedBook } from './notarised-book.js';

/** So many bundles are read at once: who follows a log asks for the next ones next. */
const READ_TOGETHER = 4;
const PAGES_KEPT = 4;

/** The entries of the books as bundles, each proven against the tree before it is handed out; the last pages that were read are kept for their neighbours. */
export class Bundles {
  /** By book and first entry, the oldest first. What was proven against the tree cannot become another. */
  readonly #pages = new Map<string, Promise<readonly Uint8Array[]>>();

  constructor(private readonly store: EventStore) {}

  /** The bundle of `width` entries at `index`. @throws CodedError `log_mismatch` where the store holds other entries than were signed, and what the store throws. */
  async bundle({ name, tree }: NotarisedBook, tenant: string, index: number, width: number): Promise<Uint8Array> {
    const first = index * TILE_WIDTH;
    const page = Math.floor(index / READ_TOGETHER) * READ_TOGETHER * TILE_WIDTH;
    const stream = `${BOOKS[name]}${tenant}`;
    const alone = (): Promise<readonly Uint8Array[]> => this.#proven(stream, tree, first, width);
    if (page + READ_TOGETHER * TILE_WIDTH > tree.size) return bundleBytes(await alone());
    // what is wrong with a neighbour is no reason to refuse this one
    return bundleBytes(await this.#page(stream, tree, page).then((entries) => entries.slice(first - page, first - page + width), alone));
  }

  #page(stream: string, tree: MerkleTree, first: number): Promise<readonly Uint8Array[]> {
    const place = `${stream} ${first}`;
    const kept = this.#pages.get(place);
    if (kept) return kept;
    const reading = this.#proven(stream, tree, first, READ_TOGETHER * TILE_WIDTH);
    this.#pages.set(place, reading);
    reading.catch(() => this.#pages.delete(place));
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > PAGES_KEPT && oldest !== undefined) this.#pages.delete(oldest);
    return reading;
  }

  async #proven(stream: string, tree: MerkleTree, first: number, count: number): Promise<readonly Uint8Array[]> {
    const entries: Uint8Array[] = [];
    for await (const { bytes } of this.store.read(stream, first, count)) entries.push(bytes);
    // what was changed below a signed head is not handed out under its name
    if (entries.length !== count || entries.some((bytes, i) => Buffer.compare(leafHash(bytes), tree.node(0, first + i)) !== 0)) throw new CodedError('log_mismatch', `${stream}: entries from ${first} on`);
    return entries;
  }
}
