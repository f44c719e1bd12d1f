import { createHash, randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { codeOf } from '#decider';
import { ProblemException } from '#edge';
import { matterOf, type OffboardEvent } from '#lifecycle';
import type { Caller } from './tenants.js';
import type { TenantRuntime } from './tenant.js';

/** A request as a channel took it in, to be recorded before it is answered. */
export class ReceiveRequest extends Command<{ case: string }> {
  constructor(
    readonly caller: Caller,
    readonly request: { readonly format: 'text' | 'json'; readonly text: string; readonly follows: string | null },
    readonly idempotencyKey: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(ReceiveRequest)
export class ReceiveRequestHandler implements ICommandHandler<ReceiveRequest> {
  async execute({ caller, request, idempotencyKey }: ReceiveRequest): Promise<{ case: string }> {
    const { tenant, requester } = caller;
    const idempotency = idempotencyKey === undefined ? null : createHash('sha256').update(`${requester}\0${idempotencyKey}`).digest('hex');
    const earlier = idempotency === null ? undefined : tenant.ledger.state.byIdempotency.get(idempotency);
    if (earlier !== undefined) return { case: await sameRequest(tenant, earlier, request) };
    if (request.follows !== null && !tenant.ledger.state.cases.has(request.follows))
      throw new ProblemException(422, 'invalid_body', 'Some fields are not as they should be.', [{ field: 'follows', message: 'must be the id of a case of this tenant' }]);
    const id = `c-${randomUUID()}`;
    await tenant.keys.create(id);
    const text = await tenant.keys.seal(id, 'text', request.text);
    const received = { pipeline: 'offboard', requester, channel: 'api', format: request.format, text, idempotency, follows: request.follows } as const;
    const { entries, state } = await tenant.ledger.commit({ do: 'receive', case: id, request: received });
    const winner = idempotency === null || entries.length > 0 ? undefined : state.byIdempotency.get(idempotency);
    return { case: winner === undefined ? id : await sameRequest(tenant, winner, request) };
  }
}

/** The case that a key was used for. @throws ProblemException 422 where it was used for something else: two requests must not pass for one. */
async function sameRequest({ ledger, keys }: TenantRuntime, id: string, { text, follows }: ReceiveRequest['request']): Promise<string> {
  const received = ledger.state.cases.get(id)?.request.received;
  const before = received && (await keys.unseal(id, 'text', received.text).catch(unlessErased));
  // what was erased can no longer be compared
  if (before !== undefined && (before !== text || received?.follows !== follows))
    throw new ProblemException(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another request: choose a new one for each request.');
  return id;
}

function unlessErased(error: unknown): undefined {
  if (codeOf(error) !== 'erased') throw error;
}

/** Somebody wants the person of a case reinstated. */
export class RequestReinstate extends Command<{ accepted: boolean; code: string | null }> {
  constructor(
    readonly caller: Caller,
    readonly caseId: string,
  ) {
    super();
  }
}

@CommandHandler(RequestReinstate)
export class RequestReinstateHandler implements ICommandHandler<RequestReinstate> {
  async execute({ caller, caseId }: RequestReinstate): Promise<{ accepted: boolean; code: string | null }> {
    const { tenant, requester } = caller;
    if (!tenant.ledger.state.cases.has(caseId)) throw unknownCase();
    const { entries } = await tenant.ledger.commit({ do: 'inCase', case: caseId, actor: requester, command: { do: 'requestReinstate', requester } });
    const refused = entries.map(({ type, data }) => ({ type, data }) as OffboardEvent).find((event) => event.type === 'reinstate.refused');
    return refused ? { accepted: false, code: refused.data.code } : { accepted: true, code: null };
  }
}

/** A person looked after what was broken: the case or procedure goes on. */
export class ResumeCase extends Command<void> {
  constructor(
    readonly caller: Caller,
    readonly caseId: string,
  ) {
    super();
  }
}

@CommandHandler(ResumeCase)
export class ResumeCaseHandler implements ICommandHandler<ResumeCase> {
  async execute({ caller, caseId }: ResumeCase): Promise<void> {
    const { tenant, requester } = caller;
    if (!matterOf(tenant.ledger.state, caseId)) throw unknownCase();
    await tenant.ledger.commit({ do: 'inCase', case: caseId, actor: requester, command: { do: 'resume', by: requester } });
  }
}

function unknownCase(): ProblemException {
  return new ProblemException(404, 'unknown_case', 'There is no such case in this tenant.');
}
