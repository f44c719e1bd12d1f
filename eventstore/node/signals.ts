/** Wakes one waiter. A raise while nobody waits is kept, so none is ever lost. */
export class Signal {
  #raised = false;
  #wake: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Resolves at the next raise, or at once when one came since the last wait. */
  async wait(): Promise<void> {
    if (!this.#raised) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#raised = false;
  }
}

/** Tells subscriptions that their stream, or any stream, has new events on disk. */
export class CommitSignals {
  readonly #byStream = new Map<string, Set<Signal>>();
  readonly #all = new Set<Signal>();

  /** Raises the signal after each commit that touched the stream (undefined: any stream), until the returned end. */
  listen(stream: string | undefined, signal: Signal): () => void {
    if (stream === undefined) {
      this.#all.add(signal);
      return () => this.#all.delete(signal);
    }
    const listeners = this.#byStream.get(stream) ?? new Set<Signal>();
    this.#byStream.set(stream, listeners.add(signal));
    return () => {
      listeners.delete(signal);
      if (listeners.size === 0 && this.#byStream.get(stream) === listeners) this.#byStream.delete(stream);
    };
  }

  raise(streams: Iterable<string>): void {
    for (const stream of streams) for (const signal of this.#byStream.get(stream) ?? []) signal.raise();
    for (const signal of this.#all) signal.raise();
  }
}
