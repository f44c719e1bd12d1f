import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, IsRFC3339, Matches, ValidateNested } from 'class-validator';
import { foreignBodyPipe, ProblemException } from '#edge';
import { ACTIONS, type Wish } from './evaluation.js';

const BAD_REQUEST = 400;
const MOST = 20;

class PersonBody {
  @IsIn(['person']) type!: 'person';
  @Matches(/^p-[A-Za-z0-9-]{1,64}$/, { message: 'must be the opaque id of a person, such as p-10042' }) id!: string;
}

class ActionBody {
  @IsIn(ACTIONS) name!: (typeof ACTIONS)[number];
}

class ContextBody {
  @IsOptional() @IsRFC3339({ message: 'must be a time such as 2026-11-30T17:00:00Z' }) effective?: string;
}

/** AuthZEN 1.0, section 6: who (subject) wants what done (action) to whom (resource). `properties` are not believed, and left out. */
class EvaluationBody {
  @IsObject() @ValidateNested() @Type(() => PersonBody) subject!: PersonBody;
  @IsObject() @ValidateNested() @Type(() => ActionBody) action!: ActionBody;
  @IsObject() @ValidateNested() @Type(() => PersonBody) resource!: PersonBody;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => ContextBody) context?: ContextBody;
}

const SEMANTICS = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true } as const;

class OptionsBody {
  @IsOptional() @IsIn(Object.keys(SEMANTICS)) evaluations_semantic?: keyof typeof SEMANTICS;
}

/** AuthZEN 1.0, section 7: what stands outside `evaluations` holds for each of them that does not say otherwise. */
class EvaluationsBody {
  @IsArray() @ArrayMaxSize(MOST) @IsObject({ each: true }) evaluations!: object[];
  @IsOptional() subject?: unknown;
  @IsOptional() action?: unknown;
  @IsOptional() resource?: unknown;
  @IsOptional() context?: unknown;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => OptionsBody) options?: OptionsBody;
}

/** One question. @throws ProblemException 400 naming every field that is wrong. */
export async function readEvaluation(body: unknown, now: Date): Promise<Wish> {
  const { subject, action, resource, context } = await read(EvaluationBody, body);
  const effective = context?.effective === undefined ? now : new Date(context.effective);
  // a leap second is a time in RFC 3339 and none in JavaScript
  if (Number.isNaN(effective.getTime())) throw new ProblemException(BAD_REQUEST, 'invalid_body', 'Some fields are not as they should be.', [{ field: 'context.effective', message: 'must be a time that exists' }]);
  return { requester: subject.id, action: action.name, person: resource.id, effectiveAt: effective.toISOString() };
}

/** Several questions, and the decision that ends them early, if any does; undefined for a body that is one question, since it lists none. @throws ProblemException 400. */
export async function readEvaluations(body: unknown): Promise<{ readonly evaluations: readonly object[]; readonly until: boolean | undefined } | undefined> {
  if (typeof body !== 'object' || body === null || !('evaluations' in body)) return undefined;
  const { evaluations, options, ...defaults } = await read(EvaluationsBody, body);
  if (evaluations.length === 0) return undefined;
  return { evaluations: evaluations.map((one) => ({ ...defaults, ...one })), until: SEMANTICS[options?.evaluations_semantic ?? 'execute_all'] };
}

async function read<T extends object>(Body: new () => T, body: unknown): Promise<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ProblemException(BAD_REQUEST, 'invalid_body', 'Send a JSON object with subject, action and resource.');
  return (await foreignBodyPipe(BAD_REQUEST).transform(body, { type: 'body', metatype: Body })) as T;
}
