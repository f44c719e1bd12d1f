import type { Writable } from 'node:stream';

const MOST_OUTSTANDING = 16 * 1024;

/** Thrown when the reader has gone: nothing more to send, and no fault. */
export class ReaderGone extends Error {
  constructor() {
    super('the reader has gone');
    this.name = 'ReaderGone';
  }
}

/** Writes messages to one caller and holds at most 16 KiB (or one message) that it has not taken yet. */
export class Outlet<Message> {
  #outstanding = 0;
  #gone = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly call: Writable & { readonly cancelled: boolean },
    private readonly onGone: () => void,
  ) {
    const gone = (): void => {
      this.#gone = true;
      this.#stir();
      this.onGone();
    };
    call.on('cancelled', gone).on('close', gone).on('error', gone);
  }

  get gone(): boolean {
    return this.#gone || this.call.cancelled;
  }

  /** Sends a message; true when the caller should be waited for before the next. Throws ReaderGone. */
  send(message: Message, size: number): boolean {
    if (this.gone) throw new ReaderGone();
    this.#outstanding += size;
    this.call.write(message, () => {
      this.#outstanding -= size;
      this.#stir();
    });
    return this.#full;
  }

  /** Resolves when there is room for another message. Rejects with ReaderGone when the caller leaves first. */
  async room(): Promise<void> {
    while (this.#full) {
      if (this.gone) throw new ReaderGone();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get #full(): boolean {
    return this.#outstanding > MOST_OUTSTANDING || this.call.writableNeedDrain;
  }

  #stir(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
