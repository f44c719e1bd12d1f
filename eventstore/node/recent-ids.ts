/** Event ids written lately, by stream, oldest forgotten first: what makes a repeated ANY append recognisable. */
export class RecentIds {
  readonly #revisions = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** Remembers that this event stands at this revision. */
  remember(streamKey: number, eventId: string, revision: number): void {
    const key = `${streamKey}/${eventId}`;
    this.#revisions.delete(key);
    this.#revisions.set(key, revision);
    if (this.#revisions.size <= this.limit) return;
    const [oldest] = this.#revisions.keys();
    if (oldest !== undefined) this.#revisions.delete(oldest);
  }

  /** The revision of a remembered event. */
  revisionOf(streamKey: number, eventId: string): number | undefined {
    return this.#revisions.get(`${streamKey}/${eventId}`);
  }

  clear(): void {
    this.#revisions.clear();
  }
}
