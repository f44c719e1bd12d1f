import { codeOf, CodedError } from '#decider';
import { type DoerCommand, type DoerJournal, executionOf } from './journal-book.js';
import { type ExecutionCommand, nextExecution, openOrder, type OrderExecution, type Receive } from './order-execution.js';
import { unresolved } from './portal-execution.js';
import { type PortalHands, PortalRun } from './portal-run.js';

/** The tenant's journal as the runner sees it; a `Book` is one. */
export interface Journal {
  readonly state: DoerJournal;
  /** @throws CodedError `store_unreachable`, after which the same command may come again. */
  commit(command: DoerCommand): Promise<unknown>;
}

export interface RunnerOptions {
  readonly tenant: string;
  readonly journal: Journal;
  readonly hands: PortalHands;
  readonly retrySeconds: readonly number[];
  /** Hears that a case stands still in this process, by a closed code. */
  readonly stuck: (caseId: string, code: string) => void;
}

const journalAwayMs = 1_000;

/** Does what `nextExecution` says, side by side over cases and portals. Grants live in its memory only. */
export class ExecutionRunner {
  readonly #grants = new Map<string, string>();
  readonly #runs = new Map<string, Promise<void>>();
  readonly #looks = new Set<Promise<void>>();

  constructor(private readonly options: RunnerOptions) {}

  /** Takes up every open order of the folded journal; each asks for its grants again. */
  resume(): void {
    for (const [caseId, { execution }] of this.options.journal.state.cases.awake()) if (openOrder(execution)) this.#soon(caseId);
  }

  /**
   * Journals the verdict on a verified packet, then works in the background.
   * @throws what the journal throws; nothing was begun then.
   */
  async receive(command: Receive, grants: ReadonlyMap<string, string>): Promise<void> {
    const { packet, digest } = command;
    // at hand before the journal says so, or a look in between would ask for them once more
    for (const [portal, grant] of grants) if (!this.#runs.has(keyOf(digest, portal))) this.#grants.set(keyOf(digest, portal), grant);
    try {
      await this.options.journal.commit({ do: 'inCase', case: packet.case, command });
    } finally {
      for (const portal of grants.keys()) if (!this.#isOpen(packet.case, digest, portal)) this.#grants.delete(keyOf(digest, portal));
    }
    this.#soon(packet.case);
  }

  /** Waits until every run has given its lease back; `hands.stopping` must have been raised. */
  async end(): Promise<void> {
    while (this.#runs.size + this.#looks.size > 0) await Promise.all([...this.#runs.values(), ...this.#looks]);
  }

  #isOpen(caseId: string, digest: string, portal: string): boolean {
    const order = executionOf(this.options.journal.state, caseId).orders.find((found) => found.digest === digest);
    return (order?.portals.get(portal)?.stage ?? 'closed') !== 'closed';
  }

  #soon(caseId: string): void {
    const look: Promise<void> = this.#look(caseId)
      .catch((error: unknown) => this.options.stuck(caseId, codeOf(error) ?? 'fault'))
      .finally(() => this.#looks.delete(look));
    this.#looks.add(look);
  }

  async #look(caseId: string): Promise<void> {
    if (this.options.hands.stopping.aborted) return;
    const next = nextExecution(executionOf(this.options.journal.state, caseId), {
      granted: (digest, portal) => this.#grants.has(keyOf(digest, portal)),
      running: (digest, portal) => this.#runs.has(keyOf(digest, portal)),
    });
    if (!next || !('task' in next)) return;
    const { order, run, request, ask } = next.task;
    for (const portal of run) this.#start(caseId, order, portal);
    if (ask.length > 0) await this.#commit(caseId, { do: 'ask', order: order.order, portals: ask });
    if (request.length > 0) await this.#commit(caseId, { do: 'request', order: order.order, portals: request });
    if (ask.length + request.length > 0) await this.#look(caseId);
  }

  #start(caseId: string, { order, phase, digest, portals }: OrderExecution, portal: string): void {
    const { tenant, journal, hands, retrySeconds } = this.options;
    const key = keyOf(digest, portal);
    const grant = this.#grants.get(key);
    const progress = portals.get(portal);
    if (grant === undefined || !progress) return;
    this.#grants.delete(key);
    const open = unresolved(progress);
    const job = {
      tenant,
      case: caseId,
      order,
      phase,
      portal,
      grant,
      steps: progress.steps.filter(({ account }) => open.includes(account)),
      attempts: progress.attempts,
      before: executionOf(journal.state, caseId).before.get(portal) ?? new Map<string, never>(),
      retrySeconds,
    };
    const run = new PortalRun(job, hands, (command) => this.#commit(caseId, command)).run().then(
      () => {
        this.#runs.delete(key);
        this.#soon(caseId);
      },
      (error: unknown) => {
        this.#runs.delete(key);
        this.options.stuck(caseId, codeOf(error) ?? 'fault');
      },
    );
    this.#runs.set(key, run);
  }

  /** What was done must be written: while the store is away this waits for it, and ends only with the process. */
  async #commit(caseId: string, command: ExecutionCommand): Promise<void> {
    const { journal, hands } = this.options;
    for (;;) {
      try {
        await journal.commit({ do: 'inCase', case: caseId, command });
        return;
      } catch (error) {
        if (codeOf(error) !== 'store_unreachable' || hands.stopping.aborted) throw new CodedError(codeOf(error) ?? 'fault', 'not journaled', { cause: error });
        await hands.wait(journalAwayMs);
      }
    }
  }
}

const keyOf = (digest: string, portal: string): string => `${digest} ${portal}`;
