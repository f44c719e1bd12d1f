import { codeOf, CodedError, plusSeconds } from '#decider';
import type { PacketStep, Phase } from '#packet';
import { type Connector, PortalError, type PortalState } from '#portals';
import { journalKeyPath, type Lease, portalPath, type Sealed } from '#vault';
import { journalKey } from './journal-key.js';
import type { PortalCommand, StepFailure } from './portal-execution.js';
import { isOutage, mayPass } from './retry.js';
import { sealState, type StateOwner, unsealState } from './sealed-state.js';

/** What a run reaches the outside by. */
export interface PortalHands {
  redeem(portal: string, grant: string): Promise<Lease>;
  connect(portal: string, token: string): Pick<Connector, 'inspect' | 'plan' | 'apply'>;
  readonly clock: () => Date;
  /** Resolves after so many milliseconds, or at once when the process is to end. */
  readonly wait: (ms: number) => Promise<void>;
  readonly randomKey: () => Uint8Array;
  readonly stopping: AbortSignal;
}

/** The open work at one portal: what is left of its steps, how often it was tried, and the before-states that are known. */
export interface PortalJob {
  readonly tenant: string;
  readonly case: string;
  readonly order: number;
  readonly phase: Phase;
  readonly portal: string;
  readonly grant: string;
  readonly steps: readonly PacketStep[];
  readonly attempts: number;
  readonly before: ReadonlyMap<string, readonly Sealed[]>;
  /** Seconds before each further try. */
  readonly retrySeconds: readonly number[];
}

interface Opened {
  readonly portal: Pick<Connector, 'inspect' | 'plan' | 'apply'>;
  readonly key: Uint8Array;
}
interface Trouble {
  readonly account: string;
  readonly code: string;
  readonly pause: number;
}
interface Left {
  readonly failures: readonly StepFailure[];
  /** Seconds before a further try, where one makes sense. */
  readonly pause: number | undefined;
}
class JournalLost extends CodedError<'journal_lost'> {}

// a call that begins with less than this left could outlive the lease
const leaseMarginSeconds = 3;

/** One lease's worth of work at one portal, from grant to revocation. */
export class PortalRun {
  #opened: Promise<Opened> | undefined;
  #issued = false;
  readonly #before = new Map<string, PortalState>();
  readonly #effects = new Map<string, Set<string>>();
  readonly #confirmed = new Set<string>();

  constructor(
    private readonly job: PortalJob,
    private readonly hands: PortalHands,
    private readonly commit: (command: PortalCommand) => Promise<void>,
  ) {}

  /**
   * Redeems the grant, works, and gives the lease back whatever happens; what failed is in the journal, not thrown.
   * @throws CodedError `journal_lost` when the journal takes nothing any more; the lease is given back then too.
   */
  async run(): Promise<void> {
    const lease = await this.#redeem();
    if (!lease) return;
    let left: Left;
    let confirmed = false;
    try {
      left = await this.#work(lease);
    } finally {
      ({ confirmed } = await lease.give());
    }
    const applied = [...this.#confirmed].map((account) => ({ account, effects: [...(this.#effects.get(account) ?? [])] }));
    await this.#record({ do: 'close', ...this.#held(lease), confirmed, applied, failures: left.failures });
    // what does not fit into this lease is waited for without one, and then needs another
    if (left.pause !== undefined) await this.hands.wait(left.pause * 1000);
  }

  async #redeem(): Promise<Lease | undefined> {
    const { order, portal, grant, retrySeconds } = this.job;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.hands.redeem(portal, grant);
      } catch (error) {
        const code = codeOf(error) ?? 'fault';
        const pause = retrySeconds[failures];
        if (!isOutage(code) || pause === undefined || this.hands.stopping.aborted) {
          await this.#record({ do: 'refused', order, portal, code });
          return undefined;
        }
        await this.hands.wait(pause * 1000);
      }
    }
  }

  /** Tries until every account is confirmed or another try makes no sense with this lease; answers what the last try left. */
  async #work(lease: Lease): Promise<Left> {
    for (let attempt = this.job.attempts + 1; ; attempt += 1) {
      const troubles = await this.#try(lease);
      const failures = troubles.map(({ account, code }) => ({ account, code, attempt }));
      const pause = this.#pauseAfter(attempt, troubles);
      if (pause === undefined || !this.#lasts(lease, pause) || this.hands.stopping.aborted) return { failures, pause };
      await this.#record({ do: 'failed', ...this.#held(lease), failures });
      await this.hands.wait(pause * 1000);
    }
  }

  #pauseAfter(attempt: number, troubles: readonly Trouble[]): number | undefined {
    const scheduled = this.job.retrySeconds[attempt - 1];
    const passing = troubles.filter(({ code }) => mayPass(code));
    if (scheduled === undefined || passing.length === 0) return undefined;
    return Math.max(scheduled, ...passing.map(({ pause }) => pause));
  }

  async #try(lease: Lease): Promise<readonly Trouble[]> {
    const troubles: Trouble[] = [];
    for (const step of this.job.steps) {
      if (this.#confirmed.has(step.account)) continue;
      if (this.hands.stopping.aborted) break;
      try {
        await this.#bring(step, lease);
        this.#confirmed.add(step.account);
      } catch (error) {
        if (error instanceof JournalLost) throw error;
        const code = codeOf(error) ?? 'fault';
        // the credential may have been rotated since it was read
        if (code === 'portal_refused') this.#opened = undefined;
        troubles.push({ account: step.account, code, pause: error instanceof PortalError ? (error.retryAfter ?? 0) : 0 });
      }
    }
    return troubles;
  }

  /** Inspect, compare, apply, read back. */
  async #bring({ account, effects }: PacketStep, lease: Lease): Promise<void> {
    this.#assertLasts(lease);
    const { portal, key } = await this.#open(lease);
    const current = await portal.inspect(account);
    const recorded = this.#stateBefore(account, key);
    const before = recorded ?? current;
    const plan = portal.plan(this.job.phase, before, current);
    const foreign = plan.find(({ effect }) => !effects.includes(effect));
    if (foreign) throw new CodedError('effect_not_listed', `the packet does not list ${foreign.effect}`);

    const states = recorded ? [] : [{ account, parts: sealState(current, key, this.#owner(account)) }];
    if (states.length > 0 || (plan.length > 0 && !this.#issued)) await this.#record({ do: 'leased', ...this.#held(lease), states });
    this.#before.set(account, before);

    const made = this.#effects.get(account) ?? new Set<string>();
    this.#effects.set(account, made);
    for (const step of plan) {
      this.#assertLasts(lease);
      made.add(step.effect);
      await portal.apply(account, step);
    }
    if (plan.length > 0 && portal.plan(this.job.phase, before, await portal.inspect(account)).length > 0) {
      throw new CodedError('not_confirmed', 'read back, the account is not as ordered');
    }
  }

  /** Reads credential and key side by side, once for all tries unless that failed. */
  async #open(lease: Lease): Promise<Opened> {
    this.#opened ??= this.#read(lease);
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  async #read(lease: Lease): Promise<Opened> {
    const { tenant, case: caseId, portal, before } = this.job;
    const fresh = before.size === 0 && this.#before.size === 0 ? this.hands.randomKey() : undefined;
    const [credential, key] = await Promise.all([lease.read(portalPath(tenant, portal)), journalKey(lease, journalKeyPath(tenant, caseId, portal), fresh)]);
    if (typeof credential?.['token'] !== 'string') throw new CodedError('credential_missing', `there is no credential for ${portal}`);
    return { portal: this.hands.connect(portal, credential['token']), key };
  }

  #stateBefore(account: string, key: Uint8Array): PortalState | undefined {
    const pieces = this.job.before.get(account);
    return this.#before.get(account) ?? (pieces && unsealState(pieces, key, this.#owner(account)));
  }

  #owner(account: string): StateOwner {
    const { tenant, case: caseId, portal } = this.job;
    return { tenant, case: caseId, portal, account };
  }

  #held({ accessor, expiresAt }: Lease) {
    const { order, portal } = this.job;
    return { order, portal, lease: { accessor, expiresAt } };
  }

  #lasts({ expiresAt }: Lease, seconds: number): boolean {
    return plusSeconds(this.hands.clock().toISOString(), seconds + leaseMarginSeconds) < expiresAt;
  }

  #assertLasts(lease: Lease): void {
    if (!this.#lasts(lease, 0)) throw new CodedError('lease_expired', 'the lease is about to end');
  }

  async #record(command: PortalCommand): Promise<void> {
    await this.commit(command).catch((cause: unknown) => {
      throw new JournalLost('journal_lost', 'the journal took no entry', { cause });
    });
    if (command.do !== 'refused') this.#issued = true;
  }
}
