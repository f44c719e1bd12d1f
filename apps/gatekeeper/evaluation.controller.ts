import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ProblemException, problemOf } from '#edge';
import type { Decision } from '#policy';
import { CLOCK } from './channels.controller.js';
import { evaluate } from './evaluation.js';
import { readEvaluation, readEvaluations } from './evaluation-bodies.js';
import { Places } from './places.js';
import type { TenantRuntime } from './tenant.js';
import { Tenants } from './tenants.js';

/** AuthZEN's answer: permitted or not, and in `context` what the gate said and what that rests on (SHA-256, hex). */
export interface EvaluationAnswer {
  readonly decision: boolean;
  readonly context:
    | (Pick<Decision, 'outcome' | 'quorum' | 'reasons' | 'digest'> & { readonly policy: string; readonly tenantData: string; readonly input: string })
    | { readonly error: { readonly status: number; readonly message: string; readonly errors?: readonly { readonly field: string; readonly message: string }[] } };
}

/** Each evaluation asks the HRIS and every portal: so many at once, whoever asks. */
const MOST_AT_ONCE = 8;

/** The authorization endpoint after AuthZEN 1.0: would this be allowed? Nothing is written and nothing is executed. */
@Controller('access/v1')
export class EvaluationController {
  readonly #places = new Places(MOST_AT_ONCE);

  constructor(
    private readonly tenants: Tenants,
    @Inject(CLOCK) private readonly clock: () => Date,
  ) {}

  // the bodies have AuthZEN's form and are read by its rules, so they stay unknown to the pipe that reads ours
  @Post('evaluation')
  @HttpCode(200)
  evaluation(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<EvaluationAnswer> {
    return this.#answer(this.tenants.caller(authorization).tenant, body);
  }

  @Post('evaluations')
  @HttpCode(200)
  async evaluations(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<EvaluationAnswer | { evaluations: readonly EvaluationAnswer[] }> {
    const { tenant } = this.tenants.caller(authorization);
    const asked = await readEvaluations(body);
    if (asked === undefined) return this.#answer(tenant, body);
    const answers: EvaluationAnswer[] = [];
    for (const one of asked.evaluations) {
      const answer = await this.#answer(tenant, one).catch(asDenied);
      answers.push(answer);
      if (answer.decision === asked.until) break;
    }
    return { evaluations: answers };
  }

  async #answer(tenant: TenantRuntime, body: unknown): Promise<EvaluationAnswer> {
    const wish = await readEvaluation(body, this.clock());
    const { outcome, quorum, reasons, digest, policyDigest, dataDigest, inputDigest } = await this.#places.during(() => evaluate(tenant, wish, this.clock));
    return { decision: outcome === 'allow', context: { outcome, quorum, reasons, digest, policy: policyDigest, tenantData: dataDigest, input: inputDigest } };
  }
}

/** One bad question among several is denied with its reason; a fault of ours is all of the answer's. */
function asDenied(error: unknown): EvaluationAnswer {
  if (!(error instanceof ProblemException)) throw error;
  const { status, detail, errors } = problemOf(error).problem;
  return { decision: false, context: { error: { status, message: detail, ...(errors && { errors }) } } };
}
