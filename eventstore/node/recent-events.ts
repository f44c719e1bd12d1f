import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { EventLog } from './event-log.js';
import type { Outlet } from './outlet.js';
import { eventResponse, sizeOf } from './wire.js';

/** Bytes of events that are kept for those who come to them a moment later. */
const MOST_BYTES = 512 * 1024;

/** A message that is encoded once, however many it is sent to. */
class EncodedResponse extends streamsPb.ReadResp {
  constructor(private readonly encoded: Uint8Array) {
    super();
  }

  override serializeBinary(): Uint8Array {
    return this.encoded;
  }
}

interface Kept {
  readonly response: EncodedResponse;
  /** Bytes that it is counted with towards a reader. */
  readonly size: number;
  /** Bytes that it takes here. */
  readonly length: number;
}

/** What was committed last: those who follow it live come to each event at almost the same time, and it is read and encoded once for all of them. */
export class RecentEvents {
  readonly #kept = new Map<number, Kept>();
  #bytes = 0;

  constructor(private readonly events: Pick<EventLog, 'event'>) {}

  /** Sends the committed event at a position; true when the reader should be waited for before the next. */
  send(outlet: Pick<Outlet<streamsPb.ReadResp>, 'send'>, position: number): boolean {
    const { response, size } = this.#kept.get(position) ?? this.#keep(position);
    return outlet.send(response, size);
  }

  #keep(position: number): Kept {
    const event = this.events.event(position);
    const encoded = eventResponse(event).serializeBinary();
    const kept = { response: new EncodedResponse(encoded), size: sizeOf(event), length: encoded.length };
    this.#kept.set(position, kept);
    this.#bytes += kept.length;
    for (const [first, { length }] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#kept.delete(first);
      this.#bytes -= length;
    }
    return kept;
  }
}
