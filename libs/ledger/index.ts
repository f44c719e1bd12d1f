export { Book, type BookOptions, type Committed } from './book.js';
export { jcs, parseCanonical, sha256Hex } from './canonical.js';
export { type ChainVerdict, EMPTY_HEAD, follow, type Head, type StoredEntry, verifyChain } from './chain.js';
export type { BookMachine, NewEntry } from './deciding.js';
export { decodeEntry, encodeEntry, type Entry, entryHash, MAX_ENTRY_BYTES, NO_PREVIOUS } from './entry.js';
export { type EventStore, type NewEvent, openStore, type StoreAccess } from './event-store.js';
export { followBook } from './subscription.js';
