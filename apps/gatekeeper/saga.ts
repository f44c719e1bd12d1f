import { codeOf, type Next } from '#decider';
import type { Log } from '#edge';
import type { Entry } from '#ledger';
import { isErasure, type Matter, matterOf, type MatterTask, nextIn, type NoticeTask, nextNotice, type Tenant, type TenantCommand, type Terms } from '#lifecycle';
import { Places } from './places.js';

/** Does one task of a case or procedure and records its outcome. */
export interface Performer {
  perform(found: Matter, task: MatterTask | NoticeTask): Promise<void>;
}

/** The part of a book that a saga stands on. */
export interface SagaLedger {
  readonly state: Tenant;
  /** True once nothing may be done for this tenant any more. */
  readonly stopped: boolean;
  onEntry(listener: (entry: Entry) => void): void;
  commit(command: TenantCommand): Promise<unknown>;
}

interface SagaOptions {
  readonly ledger: SagaLedger;
  readonly terms: Terms;
  readonly performer: Performer;
  readonly clock: () => Date;
  readonly log: Log;
  /** A fault of the outside has a code of this table: it is retried, and the ledger names the dependency. */
  readonly dependencies: Readonly<Record<string, string>>;
}

type Lane = 'work' | 'notice';

const LONGEST_SLEEP_MS = 3_600_000;
const LONGEST_PAUSE_MS = 2_000;
const MOST_AT_ONCE = 96;
const MOST_NOTICES_AT_ONCE = 32;

/**
 * Asks `next` for every open case and procedure and does what it says: at start, after each of its entries, at due times, and again with
 * back-off while a dependency is away. It holds nothing that the ledger does not say, so a crash needs no recovery.
 */
export class Saga {
  readonly #busy = new Set<string>();
  /** Turns during which something new came: they are asked once more at their end. */
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failures = new Map<string, number>();
  /** What the last failed task of a turn lacked. */
  readonly #lacking = new Map<string, { readonly task: string; readonly dependency: string }>();
  /** Messages have places of their own: a Slack that answers late holds up no work. */
  readonly #places: Readonly<Record<Lane, Places>> = { work: new Places(MOST_AT_ONCE), notice: new Places(MOST_NOTICES_AT_ONCE) };
  #ended = false;

  constructor(private readonly options: SagaOptions) {}

  start(): void {
    const { ledger } = this.options;
    const { cases, erasures } = ledger.state;
    for (const [id] of cases.awake()) this.#wake(id);
    for (const [id, found] of erasures) if (isOpen(found)) this.#wake(id);
    ledger.onEntry((entry) => entry.case !== null && this.#wake(entry.case));
  }

  /** Starts nothing new. What is under way may finish; what it leaves undone the next start finds in the ledger. */
  end(): void {
    this.#ended = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #wake(id: string): void {
    for (const lane of ['work', 'notice'] as const) this.#ask(id, lane);
  }

  #ask(id: string, lane: Lane): void {
    const key = `${lane}/${id}`;
    // a case that pauses after a failure is not hurried by its own bookkeeping
    if (this.#busy.has(key)) this.#again.add(key);
    if (this.#ended || this.#busy.has(key) || (this.#failures.has(key) && this.#timers.has(key))) return;
    this.#busy.add(key);
    void this.#turn(id, lane, key)
      .catch((error: unknown) => {
        // not even the failure could be written: it is asked again, or the case would be forgotten
        this.options.log('saga_fault', { code: codeOf(error) ?? 'unknown', case: id });
        this.#pause(id, lane, key);
      })
      .finally(() => {
        this.#busy.delete(key);
        if (this.#again.delete(key)) this.#ask(id, lane);
      });
  }

  async #turn(id: string, lane: Lane, key: string): Promise<void> {
    const { ledger, terms, performer, clock } = this.options;
    // after a turn of the loop, so that an entry's siblings of the same append are folded too
    await Promise.resolve();
    for (;;) {
      this.#again.delete(key);
      const found = matterOf(ledger.state, id);
      if (!found || this.#ended || ledger.stopped) return;
      let task = 'next';
      try {
        const step: Next<MatterTask | NoticeTask> = lane === 'work' ? nextIn(found, terms, clock().toISOString()) : asTask(nextNotice(found, this.#failures.get(key)));
        if (!step || 'due' in step) {
          // nothing is tried any more, so nothing may keep the case from hearing its entries
          this.#failures.delete(key);
          this.#lacking.delete(key);
          if (step) this.#sleep(id, lane, key, Date.parse(step.due) - clock().getTime());
          return;
        }
        task = step.task.do;
        await this.#places[lane].during(() => performer.perform(found, step.task));
        await this.#recovered(key, task, found);
        // a task that leaves no trace would be asked for without end
        if (matterOf(ledger.state, id)?.entries === found.entries) {
          this.#pause(id, lane, key);
          return;
        }
      } catch (error) {
        await this.#failed(id, lane, key, task, error);
        return;
      }
    }
  }

  #pause(id: string, lane: Lane, key: string): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#sleep(id, lane, key, Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures));
  }

  #sleep(id: string, lane: Lane, key: string, ms: number): void {
    clearTimeout(this.#timers.get(key));
    if (this.#ended) return;
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#ask(id, lane);
    }, Math.min(Math.max(ms, 1), LONGEST_SLEEP_MS));
    this.#timers.set(key, timer);
  }

  async #failed(id: string, lane: Lane, key: string, task: string, error: unknown): Promise<void> {
    const code = codeOf(error) ?? 'fault';
    const dependency = this.options.dependencies[code];
    if (dependency === undefined) {
      this.#lacking.delete(key);
      this.options.log('case_parked', { case: id, code });
      await this.options.ledger.commit({ do: 'inCase', case: id, actor: 'gatekeeper', command: { do: 'park', code } });
      return;
    }
    this.#lacking.set(key, { task, dependency });
    this.#pause(id, lane, key);
    if (dependency !== 'store' && !this.options.ledger.state.lost.has(dependency)) await this.options.ledger.commit({ do: 'lose', dependency });
  }

  async #recovered(key: string, task: string, found: Matter): Promise<void> {
    this.#failures.delete(key);
    const lacked = this.#lacking.get(key);
    this.#lacking.delete(key);
    const { lost } = this.options.ledger.state;
    const answered = new Set(lacked?.task === task ? [...answering(task, found), lacked.dependency] : answering(task, found));
    for (const dependency of answered) if (lost.has(dependency) && !this.#lacked(dependency)) await this.options.ledger.commit({ do: 'restore', dependency });
  }

  /** True while another case fails for want of it: what is refused to one would otherwise come and go in the ledger with each of the others. */
  #lacked(dependency: string): boolean {
    return [...this.#lacking.values()].some((lacked) => lacked.dependency === dependency);
  }
}

/** Which dependencies a task cannot have done without, so that its success shows them to be back; a case's key may come from memory and not from Vault. */
function answering(task: string, found: Matter): readonly string[] {
  switch (task) {
    case 'judge':
      return !isErasure(found) && found.request.intent?.target ? ['sources', 'policy'] : ['policy'];
    case 'judgeErasure':
      return ['policy'];
    case 'destroyKeys':
      return ['vault'];
    case 'dispatch':
      return ['vault', 'doer'];
    case 'postMessage':
    case 'updateMessage':
    case 'closeMessage':
      return ['approvals'];
    default:
      return [];
  }
}

function asTask(task: NoticeTask | undefined): Next<NoticeTask> {
  return task && { task };
}

function isOpen(found: Matter): boolean {
  return found.ended === null || nextNotice(found) !== undefined;
}
