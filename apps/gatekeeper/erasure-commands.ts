import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ProblemException } from '#edge';
import { casesAbout, type ErasureEvent, type ErasureRefusal, erasureScope, refusedAtOnce } from '#lifecycle';
import type { Sealed } from '#vault';
import type { TenantRuntime } from './tenant.js';
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
    for (;;) {
      const { state } = tenant.ledger;
      const scope = erasureScope(state, person, null);
      if (scope.underWay !== null && state.erasures.get(scope.underWay)?.requester === requester) return { erasure: scope.underWay, refused: null };
      const id = `c-${randomUUID()}`;
      const sealed = refusedAtOnce(scope) ? null : await sealedReason(tenant, id, reason);
      const { entries } = await tenant.ledger.commit({ do: 'requestErasure', erasure: id, asked: { person, requester, reason: sealed } });
      const refused = entries.map(({ type, data }) => ({ type, data }) as ErasureEvent).find((event) => event.type === 'erasure.refused');
      // nothing was written where the record went on meanwhile: it is looked at again
      if (entries.length > 0) return { erasure: id, refused: refused?.data ?? null };
    }
  }
}

async function sealedReason({ keys }: TenantRuntime, id: string, reason: string): Promise<Sealed> {
  await keys.create(id);
  return keys.seal(id, 'reason', reason);
}
