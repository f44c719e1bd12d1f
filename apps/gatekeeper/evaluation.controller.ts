import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { type Log, ProblemException, problemOf } from '#edge';
import type { Decision } from '#policy';
import { CLOCK, LOG } from './channels.controller.js';
import { evaluate } from './evaluation.js';
import { readEvaluation, readEvaluations } from './evaluation-bodies.js';
import { IntakeLimits } from './intake-limits.js';
import { Places } from './places.js';
import { type Caller, Tenants } from './tenants.js';

/** AuthZEN's answer: permitted or not, and in `context` what the gate said and what that rests on (SHA-256, hex). */
export interface EvaluationAnswer {
  readonly decision: boolean;
  readonly context:
    | (Pick<Decision, 'outcome' | 'quorum' | 'reasons' | 'digest'> & { readonly policy: string; readonly tenantData: string; readonly input: string })
    | { readonly error: { readonly status: number; readonly message: string; readonly errors?: readonly { readonly field: string; readonly message: string }[] } };
}

/** Each evaluation asks the HRIS and every portal: so many at once, whoever asks. */
const MOST_AT_ONCE = 8;

/**
 * The authorization endpoint after AuthZEN 1.0: would this be allowed? Nothing is written and nothing is executed. The reasons tell of the
 * person who is asked about, so each asks in their own name alone, and the log keeps who asked about whom.
 */
@Controller('access/v1')
export class EvaluationController {
  readonly #places = new Places(MOST_AT_ONCE);

  constructor(
    private readonly tenants: Tenants,
    @Inject(CLOCK) private readonly clock: () => Date,
    @Inject(LOG) private readonly log: Log,
    private readonly limits: IntakeLimits,
  ) {}

  // the bodies have AuthZEN's form and are read by its rules, so they stay unknown to the pipe that reads ours
  @Post('evaluation')
  @HttpCode(200)
  evaluation(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<EvaluationAnswer> {
    return this.#answer(this.tenants.caller(authorization), body);
  }

  @Post('evaluations')
  @HttpCode(200)
  async evaluations(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<EvaluationAnswer | { evaluations: readonly EvaluationAnswer[] }> {
    const caller = this.tenants.caller(authorization);
    const asked = await readEvaluations(body);
    if (asked === undefined) return this.#answer(caller, body);
    const answers: EvaluationAnswer[] = [];
    for (const one of asked.evaluations) {
      const answer = await this.#answer(caller, one).catch(asDenied);
      answers.push(answer);
      if (answer.decision === asked.until) break;
    }
    return { evaluations: answers };
  }

  async #answer({ tenant, requester }: Caller, body: unknown): Promise<EvaluationAnswer> {
    this.limits.admit('evaluations', tenant.settings.id, requester);
    const wish = await readEvaluation(body, this.clock());
    if (wish.requester !== requester)
      throw new ProblemException(403, 'forbidden', 'Ask in your own name.', [{ field: 'subject.id', message: 'must be the person whom the token stands for' }]);
    const { outcome, quorum, reasons, digest, policyDigest, dataDigest, inputDigest } = await this.#places.during(() => evaluate(tenant, wish, this.clock));
    this.log('evaluated', { tenant: tenant.settings.id, requester, action: wish.action, person: wish.person, outcome });
    return { decision: outcome === 'allow', context: { outcome, quorum, reasons, digest, policy: policyDigest, tenantData: dataDigest, input: inputDigest } };
  }
}

/** One bad question among several is denied with its reason; a fault of ours is all of the answer's. */
function asDenied(error: unknown): EvaluationAnswer {
  if (!(error instanceof ProblemException)) throw error;
  const { status, detail, errors } = problemOf(error).problem;
  return { decision: false, context: { error: { status, message: detail, ...(errors && { errors }) } } };
}
