import { expect } from '@jest/globals';
import { CodedError, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import type { Packet, Phase } from '#packet';
import type { Connector, PlannedStep, PortalState } from '#portals';
import type { Lease } from '#vault';
import { ExecutionRunner } from './execution-runner.js';
import { type DoerCommand, type DoerJournal, doerJournal } from './journal-book.js';

export const CASE = 'c-0b6f7f6e-0000-4000-8000-000000000001';
const RETRY = [1, 2, 5];
const EFFECTS = { soft: ['deactivate', 'remove_groups'], hard: ['delete'], reinstate: ['restore_groups', 'activate'] };
export type Account = { active: boolean; groups: readonly string[] } | undefined;
export type Fault = { readonly call: number; readonly when: 'before' | 'after'; readonly code: string };

/** Journal, Vault, portals and gatekeeper in memory; every outside call passes `call`, which can fail once or for good. */
export class World {
  now = Date.parse('2026-11-23T10:00:00.000Z');
  accounts: Record<string, Account> = { scim: { active: true, groups: ['staff-secret-group'] }, directory: { active: true, groups: ['a', 'b'] } };
  readonly entries: Entry[] = [];
  readonly calls: string[] = [];
  readonly changes: string[] = [];
  readonly waits: number[] = [];
  readonly stuck: string[] = [];
  readonly live = new Set<string>();
  readonly kept = new Map<string, JsonObject>();
  stop = new AbortController();
  readonly machine = doerJournal({ tenant: 'acme', windowSeconds: 300, attempts: RETRY.length + 1 });
  commits = 0;
  faults: readonly Fault[] = [];
  down: (call: string) => string | undefined = () => undefined;
  journalFault: (command: DoerCommand) => string | undefined = () => undefined;
  onCall: (call: string) => void = () => undefined;
  regrant = true;
  #finished: (() => void)[] = [];
  readonly #usedGrants = new Set<string>();
  readonly journal: { state: DoerJournal; commit(command: DoerCommand): Promise<void> } = { state: this.machine.initial, commit: (command: DoerCommand) => this.commit(command) };
  runner = this.start();

  start(): ExecutionRunner {
    const hands = {
      redeem: (portal: string, grant: string) => this.call('redeem', portal, () => this.lease(portal, grant)),
      connect: (portal: string, token: string) => this.connect(portal, token),
      clock: () => new Date(this.now),
      wait: (ms: number) => Promise.resolve(void (this.now += this.waits.push(ms) && ms)),
      randomKey: () => Buffer.alloc(32, 9),
      stopping: this.stop.signal,
    };
    return new ExecutionRunner({ tenant: 'acme', journal: this.journal, hands, retrySeconds: RETRY, stuck: (_, code) => this.stuck.push(code) });
  }

  async call<T>(name: string, portal: string, act: () => T): Promise<T> {
    await Promise.resolve();
    const number = this.calls.push(`${name} ${portal}`) - 1;
    this.onCall(`${name} ${portal}`);
    const fault = this.faults.find(({ call }) => call === number);
    const down = this.down(`${name} ${portal}`);
    if (down !== undefined) throw new CodedError(down, 'down');
    if (fault?.when === 'before') throw new CodedError(fault.code, 'never arrived');
    const result = act();
    if (fault) throw new CodedError(fault.code, 'the answer was lost');
    return result;
  }

  lease(portal: string, grant: string): Lease {
    if (this.#usedGrants.has(grant)) throw new CodedError('grant_used', 'used');
    this.#usedGrants.add(grant);
    const accessor = `acc-${grant}`;
    // an answer that is lost leaves a lease that nobody holds: Vault ends it after 60 seconds
    if (!this.faults.some(({ call, when }) => call === this.calls.length - 1 && when === 'after')) this.live.add(accessor);
    return {
      accessor,
      expiresAt: new Date(this.now + 60_000).toISOString(),
      read: (path) => this.call('read', path, () => (path.includes('/portals/') ? { token: `secret-token-${portal}` } : this.kept.get(path))),
      createOnce: (path, value) => this.call('createOnce', path, () => !this.kept.has(path) && !!this.kept.set(path, value)),
      give: () => this.call('give', portal, () => ({ confirmed: this.live.delete(accessor) })),
    };
  }

  connect(portal: string, token: string): Pick<Connector, 'inspect' | 'plan' | 'apply'> {
    expect(token).toBe(`secret-token-${portal}`);
    const stateOf = (account: Account): PortalState => (account ? { exists: true, active: account.active, groups: account.groups } : { exists: false });
    return {
      inspect: () => this.call('inspect', portal, () => stateOf(this.accounts[portal])),
      plan: (phase, before, current) => planOf(phase, before, current).map((effect) => ({ effect, reversible: true, detail: { before } })),
      apply: (_, step) => this.call(`apply ${step.effect}`, portal, () => this.change(portal, step)),
    };
  }

  change(portal: string, { effect, detail }: PlannedStep): void {
    const was = this.accounts[portal];
    const groups = ((detail['before'] as JsonObject)['groups'] ?? []) as readonly string[];
    const account = { active: was?.active ?? false, groups: was?.groups ?? [] };
    if (effect === 'delete') this.accounts[portal] = undefined;
    else if (effect.endsWith('activate')) this.accounts[portal] = { ...account, active: effect === 'activate' };
    else this.accounts[portal] = { ...account, groups: effect === 'restore_groups' ? groups : [] };
    if (JSON.stringify(was) !== JSON.stringify(this.accounts[portal])) this.changes.push(`${effect} ${portal}`);
  }

  async commit(command: DoerCommand): Promise<void> {
    await Promise.resolve();
    const fault = this.journalFault(command);
    if (fault !== undefined) throw new CodedError(fault, 'journal');
    const at = new Date(this.now).toISOString();
    const decided = this.machine.decide(command, this.journal.state, at);
    if (decided.length > 0) this.commits += 1;
    for (const wanted of decided) {
      const entry: Entry = { v: 1, tenant: 'acme', incarnation: 'i', seq: this.entries.length, id: 'e', caseSeq: 0, at, command: 'c', prev: '0', ...wanted };
      this.entries.push(entry);
      this.journal.state = this.machine.evolve(this.journal.state, entry);
      if (entry.type === 'order.finished') for (const done of this.#finished.splice(0)) done();
      const { order } = entry.data;
      if (entry.type === 'grants.needed' && this.regrant) queueMicrotask(() => void this.send(Number(order)));
    }
  }

  readonly sent = new Map<number, Packet>();
  async send(order: number, phase: Phase = this.sent.get(order)?.phase ?? 'soft', effects = EFFECTS[phase]): Promise<void> {
    const steps = ['scim', 'directory'].map((portal) => ({ portal, account: 'u-1', effects }));
    const previous = order === 1 ? null : `${'d'.repeat(63)}${order - 1}`;
    const packet: Packet = this.sent.get(order) ?? {
      v: 1, tenant: 'acme', case: CASE, order, phase, steps, decision: 'a'.repeat(64), approvals: null, previous,
      notBefore: '2026-11-23T09:00:00.000Z', acceptBy: '2026-11-24T10:00:00.000Z', keys: { hmac: 'h', ed25519: 'e' },
    };
    this.sent.set(order, packet);
    const grants = new Map(['scim', 'directory'].map((portal) => [portal, `grant-${portal}-${this.calls.length}-${this.entries.length}`]));
    await this.runner.receive({ do: 'receive', packet, digest: `${'d'.repeat(63)}${order}`, bytes: 'e30', source: 's', grants: [...grants.keys()] }, grants);
  }

  async finish(order: number, phase: Phase, effects?: string[]): Promise<JsonObject> {
    const finished = this.whenFinished();
    await this.send(order, phase, effects);
    await finished;
    await this.runner.end();
    return this.entries.findLast(({ type }) => type === 'order.finished')?.data ?? {};
  }

  whenFinished(): Promise<void> {
    return new Promise((resolve) => this.#finished.push(resolve));
  }

  of(type: string): readonly JsonObject[] {
    return this.entries.filter((entry) => entry.type === type).map(({ data }) => data);
  }
}

function planOf(phase: Phase, before: PortalState, current: PortalState): readonly string[] {
  if (!current.exists) return [];
  const groups = (state: PortalState): string => (state.exists ? JSON.stringify(state['groups']) : '[]');
  if (phase === 'hard') return ['delete'];
  if (phase === 'soft') return [...(current['active'] === true ? ['deactivate'] : []), ...(groups(current) === '[]' ? [] : ['remove_groups'])];
  return [...(groups(current) === groups(before) ? [] : ['restore_groups']), ...(current['active'] === false && before.exists && before['active'] === true ? ['activate'] : [])];
}
