/** How the company's systems behave today: how late they answer, and which do not answer at all. */
export class Conditions {
  /** Milliseconds before every answer. */
  latencyMs = 0;
  /** Names of the services whose connections are torn down without an answer. */
  readonly outages = new Set<string>();

  /** Resolves when an answer may leave. */
  async delay(): Promise<void> {
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
  }
}
