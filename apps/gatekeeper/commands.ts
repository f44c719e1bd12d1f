import { createHash, randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { codeOf } from '#decider';
import { ProblemException } from '#edge';
import { countRequests } from '#intake';
import { matterOf, type OffboardEvent, type RequestReceived } from '#lifecycle';
import type { Caller } from './tenants.js';
import type { TenantRuntime } from './tenant.js';

/** A message as a channel took it in, to be recorded before it is answered: one case for each request that it makes, in their order. */
export class ReceiveRequest extends Command<{ cases: readonly string[] }> {
  constructor(
    readonly caller: Caller,
    readonly request: { readonly format: 'text' | 'json'; readonly text: string; readonly follows: string | null; readonly channel: string },
    readonly idempotencyKey: string | undefined,
    /** Whose keys these are: the requester's own, unless an HRIS files in somebody's name. */
    readonly keysOf = caller.requester,
  ) {
    super();
  }

  /** What the ledger knows the key by, null where there is none. */
  get idempotency(): string | null {
    return this.idempotencyKey === undefined ? null : createHash('sha256').update(`${this.keysOf}\0${this.idempotencyKey}`).digest('hex');
  }

  /** The case that was opened for the same key, or the first of them. */
  get earlier(): string | undefined {
    return this.idempotency === null ? undefined : this.caller.tenant.ledger.state.byIdempotency.get(this.idempotency);
  }
}

@CommandHandler(ReceiveRequest)
export class ReceiveRequestHandler implements ICommandHandler<ReceiveRequest> {
  async execute({ caller, request, idempotency, earlier }: ReceiveRequest): Promise<{ cases: readonly string[] }> {
    const { tenant } = caller;
    if (earlier !== undefined) return { cases: await sameRequest(tenant, earlier, request) };
    if (request.follows !== null && !tenant.ledger.state.cases.has(request.follows))
      throw new ProblemException(422, 'invalid_body', 'Some fields are not as they should be.', [{ field: 'follows', message: 'must be the id of a case of this tenant' }]);
    const cases = Array.from({ length: request.format === 'text' ? countRequests(request.text) : 1 }, () => `c-${randomUUID()}`);
    const requests = await Promise.all(cases.map(async (id, i) => ({ case: id, request: await sealed(caller, request, i === 0 ? idempotency : null, { number: i + 1, cases }) })));
    const { entries, state } = await tenant.ledger.commit({ do: 'receiveSeveral', requests });
    const winner = idempotency === null || entries.length > 0 ? undefined : state.byIdempotency.get(idempotency);
    return { cases: winner === undefined ? cases : await sameRequest(tenant, winner, request) };
  }
}

/** The request as it stands in the ledger: the whole message, under the key of this case alone. */
async function sealed({ tenant, requester }: Caller, { format, text, follows, channel }: ReceiveRequest['request'], idempotency: string | null, part: Required<RequestReceived>['part']): Promise<RequestReceived> {
  const id = part.cases[part.number - 1] ?? '';
  await tenant.keys.create(id);
  return { pipeline: 'offboard', requester, channel, format, text: await tenant.keys.seal(id, 'text', text), idempotency, follows, ...(part.cases.length > 1 && { part }) };
}

/** The cases that a key was used for. @throws ProblemException 422 where it was used for something else: two requests must not pass for one. */
async function sameRequest({ ledger, keys }: TenantRuntime, id: string, { text, follows }: ReceiveRequest['request']): Promise<readonly string[]> {
  const received = ledger.state.cases.get(id)?.request.received;
  const before = received && (await keys.unseal(id, 'text', received.text).catch(unlessErased));
  // what was erased can no longer be compared
  if (before !== undefined && (before !== text || received?.follows !== follows))
    throw new ProblemException(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another request: choose a new one for each request.');
  return received?.part?.cases ?? [id];
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
