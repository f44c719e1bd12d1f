import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ProblemException } from '#edge';
import { casesAbout, type ErasureEvent, type ErasureRefusal, erasureScope } from '#lifecycle';
import type { Caller } from './tenants.js';

/** What became of a request to erase a person: the procedure that runs for it, or why none does. */
export type ErasureAnswer = { readonly erasure: string; readonly refused: { readonly code: ErasureRefusal; readonly cases: readonly string[] } | null };

/** Somebody wants a person erased. */
export class RequestErasure extends Command<ErasureAnswer> {
  constructor(
    readonly caller: Caller,
    readonly person: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(RequestErasure)
export class RequestErasureHandler implements ICommandHandler<RequestErasure> {
  async execute({ caller, person, reason }: RequestErasure): Promise<ErasureAnswer> {
    const { tenant, requester } = caller;
    if (casesAbout(tenant.ledger.state.cases, person).length === 0) throw new ProblemException(404, 'unknown_person', 'No case of this tenant is about a person of this id: nothing is kept about them.');
    const running = (): string | undefined => {
      const { underWay } = erasureScope(tenant.ledger.state, person, null);
      return underWay !== null && tenant.ledger.state.erasures.get(underWay)?.requester === requester ? underWay : undefined;
    };
    const before = running();
    if (before !== undefined) return { erasure: before, refused: null };
    const id = `c-${randomUUID()}`;
    await tenant.keys.create(id);
    const sealed = await tenant.keys.seal(id, 'reason', reason);
    const { entries } = await tenant.ledger.commit({ do: 'requestErasure', erasure: id, asked: { person, requester, reason: sealed } });
    const refused = entries.map(({ type, data }) => ({ type, data }) as ErasureEvent).find((event) => event.type === 'erasure.refused');
    // another request of the same requester was a moment faster
    return { erasure: entries.length > 0 ? id : (running() ?? id), refused: refused?.data ?? null };
  }
}
