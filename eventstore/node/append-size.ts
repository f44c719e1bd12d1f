import type { NewEvent } from './database.js';
import { Refusal } from './refusal.js';

/** The most bytes of one append, as EventStoreDB's default has it. */
export const MAX_APPEND_SIZE = 1024 * 1024;

const RECORD_BYTES = 64;

/** Adds up an append while it arrives, so that one too large is refused before it is held. */
export class AppendSize {
  #bytes = 0;

  /** Throws maximum-append-size-exceeded. */
  add(event: NewEvent): void {
    // EventStoreDB counts the type in UTF-16; the record counts too, so that many empty events are not free.
    this.#bytes += RECORD_BYTES + event.data.length + event.metadata.length + 2 * event.type.length;
    if (this.#bytes <= MAX_APPEND_SIZE) return;
    throw new Refusal('maximum-append-size-exceeded', `an append has at most ${MAX_APPEND_SIZE} bytes`, { 'maximum-append-size': String(MAX_APPEND_SIZE) });
  }
}
