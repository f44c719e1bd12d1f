import { CodedError, type JsonObject } from '#decider';
import { type Bundle, checkTenantData, type Decision, type ErasureInput, type PolicyEngine, type PolicyInput, policyOf, type RunningPolicy } from '#policy';

/** What the gatekeeper asks of a policy. */
export const ENTRYPOINTS = { offboard: 'gatehouse/offboard/decision', erasure: 'gatehouse/erasure/decision' } as const;

const DEADLINE_MS = 1_000;

interface Serving {
  readonly bundle: Bundle;
  readonly engine: PolicyEngine;
  /** How many questions it has not answered yet. */
  open: number;
}

/**
 * The tenant's gate, on whichever bundle runs when it is asked. While there is none nothing is judged: the case waits instead of
 * ending on a missing file.
 */
export class Gate {
  #serving: Serving | undefined;

  private constructor(
    private readonly policy: RunningPolicy,
    private readonly tenantData: JsonObject,
  ) {}

  /** @throws CodedError `policy_tenant_data` for tenant data that the rules cannot stand on. */
  static async open(policy: RunningPolicy, tenantData: JsonObject): Promise<Gate> {
    checkTenantData(tenantData);
    if (policy.fault !== undefined) await policy.look();
    const gate = new Gate(policy, tenantData);
    // the first question shall not wait for a thread to start
    if (policy.bundle) gate.#on(policy.bundle);
    return gate;
  }

  /** Why nothing can be judged, if so. */
  get fault(): string | undefined {
    return this.policy.fault;
  }

  /** What policy says. @throws CodedError `policy_unavailable` while there is no bundle, or none that is signed and new enough. */
  async decide(entrypoint: string, input: PolicyInput | ErasureInput): Promise<Decision> {
    if (this.policy.fault !== undefined) await this.policy.look();
    const { bundle, fault } = this.policy;
    if (!bundle) throw new CodedError('policy_unavailable', `the policy cannot be used: ${fault ?? 'missing'}`);
    const serving = this.#on(bundle);
    serving.open += 1;
    try {
      const decision = await serving.engine.decide(entrypoint, input);
      // a busy machine is told from a policy that never ends by asking once more; then it is a refusal
      return decision.reasons[0]?.rule === 'policy.deadline' ? await serving.engine.decide(entrypoint, input) : decision;
    } finally {
      serving.open -= 1;
      leave(serving, this.#serving);
    }
  }

  async close(): Promise<void> {
    await this.#serving?.engine.close();
  }

  /** What serves this bundle; what served another answers what it was asked, and is left. */
  #on(bundle: Bundle): Serving {
    if (this.#serving?.bundle === bundle) return this.#serving;
    const before = this.#serving;
    this.#serving = { bundle, engine: policyOf(bundle, this.tenantData, DEADLINE_MS), open: 0 };
    if (before) leave(before, this.#serving);
    return this.#serving;
  }
}

function leave(serving: Serving, now: Serving | undefined): void {
  if (serving !== now && serving.open === 0) void serving.engine.close();
}
