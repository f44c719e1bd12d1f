import { CodedError } from '#decider';
import { type Decision, type ErasureInput, openPolicy, type PolicyEngine, type PolicyInput } from '#policy';

type PolicyOptions = Parameters<typeof openPolicy>[0];

/** The tenant's gate. While its policy cannot be loaded nothing is judged: the case waits instead of ending on a missing file. */
export class Gate {
  private constructor(
    private readonly options: PolicyOptions,
    private engine: PolicyEngine,
  ) {}

  static async open(options: PolicyOptions): Promise<Gate> {
    return new Gate(options, await openPolicy(options));
  }

  /** Why nothing can be judged, if so. */
  get fault(): string | undefined {
    return this.engine.fault;
  }

  /** What policy says. @throws CodedError `policy_unavailable` while its bundle is missing or not the expected one. */
  async decide(entrypoint: string, input: PolicyInput | ErasureInput): Promise<Decision> {
    if (this.engine.fault !== undefined) this.engine = await openPolicy(this.options);
    if (this.engine.fault !== undefined) throw new CodedError('policy_unavailable', `the policy cannot be used: ${this.engine.fault}`);
    const decision = await this.engine.decide(entrypoint, input);
    // a busy machine is told from a policy that never ends by asking once more; then it is a refusal
    return decision.reasons[0]?.rule === 'policy.deadline' ? this.engine.decide(entrypoint, input) : decision;
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
