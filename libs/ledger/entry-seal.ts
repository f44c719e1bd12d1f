import { createHmac } from 'node:crypto';
import { CodedError } from '#decider';
import { encodeEntry, type Entry } from './entry.js';

const SHORTEST_KEY = 32;
const NO_ID = '00000000-0000-0000-0000-000000000000';
const DOMAIN = 'gatehouse/entry/v1\0';

/**
 * Makes and checks the ids of one book's entries, under a key that its writer alone holds: an id is a UUID of version 8 (RFC 9562, 5.8)
 * whose other 122 bits are those of HMAC-SHA-256 over the rest of the entry. Whoever writes into the store, or onto its disk, can chain an
 * entry that fits; without the key it is none that the writer acts on.
 */
export class EntrySeal {
  /** @throws CodedError `entry_key` for a key of fewer than 32 bytes. */
  constructor(private readonly key: Uint8Array) {
    if (key.length < SHORTEST_KEY) throw new CodedError('entry_key', `an entry key has at least ${SHORTEST_KEY} bytes`);
  }

  /** The entry with its id, and its bytes. @throws CodedError of `encodeEntry`. */
  sealed(unsealed: Omit<Entry, 'id'>): { readonly entry: Entry; readonly bytes: Uint8Array } {
    const { actor, at, case: about, caseSeq, command, data, incarnation, prev, seq, tenant, type, v } = unsealed;
    // members in the order of their bytes, which spares the encoder sorting them
    const entry = { actor, at, case: about, caseSeq, command, data, id: NO_ID, incarnation, prev, seq, tenant, type, v };
    const bytes = encodeEntry(entry);
    const id = this.#idOf(bytes);
    placeOfId(entry, bytes).write(id, 'latin1');
    return { entry: { ...entry, id }, bytes };
  }

  /** The same entry, where its `bytes` were written under this key. @throws CodedError `entry_forged` where they were not. */
  proven(entry: Entry, bytes: Uint8Array): Entry {
    const unsealed = Buffer.from(bytes);
    placeOfId(entry, unsealed).write(NO_ID, 'latin1');
    if (entry.id !== this.#idOf(unsealed)) throw new CodedError('entry_forged', `entry ${entry.seq} fits the chain, and was not written by this book's writer`);
    return entry;
  }

  #idOf(unsealed: Uint8Array): string {
    const tag = createHmac('sha256', this.key).update(DOMAIN).update(unsealed).digest().subarray(0, 16);
    for (const [at, kept, mark] of [[6, 0x0f, 0x80], [8, 0x3f, 0x80]] as const) tag.writeUInt8((tag.readUInt8(at) & kept) | mark, at);
    return tag.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}

/** Where the id stands in an entry's canonical bytes: before the members whose names come after it. */
function placeOfId({ incarnation, prev, seq, tenant, type, v }: Entry, bytes: Uint8Array): Buffer {
  const after = Buffer.byteLength(JSON.stringify({ incarnation, prev, seq, tenant, type, v }));
  const end = bytes.length - after - '"'.length;
  return Buffer.from(bytes.buffer, bytes.byteOffset + end - NO_ID.length, NO_ID.length);
}
