import { jest } from '@jest/globals';
import { CodedError } from '#decider';
import type { Entry } from '#ledger';
import type { NoticeTask, Offboard, OffboardCommand, OffboardTask, TenantCommand } from '#lifecycle';
import { DEPENDENCIES } from '../../apps/gatekeeper/dependencies.js';
import { Saga, type SagaLedger } from '../../apps/gatekeeper/saga.js';
import { caseId, Scenario, type Seen, TERMS, typesOf } from './scenario.js';

type Task = OffboardTask | NoticeTask;

/** A ledger in memory that says no when it is told to. */
class Ledger implements SagaLedger {
  stopped = false;
  /** The next commits of this kind fail with this code. */
  readonly refusals: { readonly do: string; readonly code: string }[] = [];
  readonly #listeners: ((entry: Entry) => void)[] = [];

  constructor(readonly scenario: Scenario) {}

  get state(): Scenario['state'] {
    return this.scenario.state;
  }

  onEntry(listener: (entry: Entry) => void): void {
    this.#listeners.push(listener);
  }

  async commit(command: TenantCommand): Promise<readonly Entry[]> {
    await Promise.resolve();
    const kind = command.do === 'inCase' ? command.command.do : command.do;
    const refusal = this.refusals.findIndex((one) => one.do === kind);
    if (refusal >= 0) throw new CodedError(this.refusals.splice(refusal, 1)[0]!.code, 'told to');
    const entries = this.scenario.do(command);
    for (const entry of entries) for (const listener of this.#listeners) listener(entry);
    return entries;
  }
}

/** A saga with everything around it in hand. */
export interface Stage {
  readonly scenario: Scenario;
  readonly ledger: Ledger;
  readonly saga: Saga;
  readonly done: string[];
  readonly logged: unknown[];
  /** What a task does in place of the ordinary; it may throw. */
  readonly instead: Map<string, (found: Offboard, task: Task) => Promise<void>>;
  seen: Seen;
}

const sagas: Saga[] = [];

/** A saga whose tasks work at once: judgements allow, dispatches leave. */
export function stage(scenario = new Scenario(TERMS, ['p-7'])): Stage {
  const ledger = new Ledger(scenario);
  const [done, logged]: [string[], unknown[]] = [[], []];
  const instead: Stage['instead'] = new Map();
  const perform = async (found: Offboard, task: Task): Promise<void> => {
    done.push(`${found.id.at(-1)!} ${task.do}`);
    const other = instead.get(task.do);
    if (other) return other(found, task);
    await ordinary(found, task);
  };
  const ordinary = async (found: Offboard, task: Task): Promise<void> => {
    const inCase = (command: OffboardCommand): Promise<unknown> => ledger.commit({ do: 'inCase', case: found.id, actor: 'test', command });
    if (task.do === 'judge') await inCase(scenario.judgement(task.phase, on.seen, found.id));
    if (task.do === 'dispatch') await inCase({ ...task, do: 'dispatched' });
    if (task.do === 'expire') await inCase(task);
    if (task.do === 'postMessage') await inCase({ do: 'messagePosted', number: task.number, approver: task.approver, channel: 'D', ts: '1', link: 1 });
    if (task.do === 'closeMessage') await inCase({ ...task, do: 'messageClosed' });
    if (task.do === 'updateMessage') await inCase({ ...task, do: 'messageUpdated' });
  };
  const saga = new Saga({
    ledger, terms: scenario.terms, performer: { perform }, clock: () => new Date(scenario.now),
    log: (event, facts) => logged.push({ event, ...facts }),
    dependencies: DEPENDENCIES,
  });
  sagas.push(saga);
  const on: Stage = { scenario, ledger, saga, done, logged, instead, seen: {} };
  return on;
}

/** Time passes for a saga only when `pass` says so. */
export function holdTimers(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'Date'] });
}
export function releaseTimers(): void {
  for (const saga of sagas.splice(0)) saga.end();
  jest.useRealTimers();
}

/** Until nothing moves any more without time passing. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 100; i += 1) await Promise.resolve();
}
/** Lets `ms` pass for the saga's timers and its clock alike. */
export async function pass(on: Stage, ms: number): Promise<void> {
  on.scenario.later(ms / 1000);
  await jest.advanceTimersByTimeAsync(ms);
  await settle();
}
/** A task that fails with this code. */
export const fails = (code: string) => (): Promise<void> => Promise.reject(new CodedError(code, 'told to'));
/** A request that was understood, effective at once unless told otherwise. */
export const request = (on: Stage, n = 1, effective: string | null = null): void => void on.scenario.requested({ id: caseId(n), effective });
/** How many entries of a type there are. */
export const count = (on: Stage, type: string): number => typesOf(on.scenario.log).filter((one) => one === type).length;
/** The approver's vote about a case. */
export const vote = (on: Stage): Promise<unknown> =>
  on.ledger.commit({ do: 'inCase', case: caseId(1), actor: 'p-7', command: { do: 'vote', number: 1, approver: 'p-7', vote: 'approve', strength: 'passkey', proof: {} } });
/** Something that is written about a case and asks for nothing. */
export const wantBack = (on: Stage, requester: string, n = 1): Promise<unknown> =>
  on.ledger.commit({ do: 'inCase', case: caseId(n), actor: requester, command: { do: 'requestReinstate', requester } });
