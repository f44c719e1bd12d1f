import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ProblemException } from '#edge';
import { asksAgain, casesAbout, type ErasureEvent, type ErasureRefusal, erasureScope, foundNobody, type Offboard, refusedAtOnce } from '#lifecycle';
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
    readonly cases: readonly string[],
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(RequestErasure)
export class RequestErasureHandler implements ICommandHandler<RequestErasure> {
  async execute({ caller, person, cases, reason }: RequestErasure): Promise<ErasureAnswer> {
    const { tenant, requester } = caller;
    const unfit = cases.filter((id) => !isForTheTaking(tenant.ledger.state.cases.get(id)));
    if (unfit.length > 0) throw new ProblemException(422, 'invalid_body', 'Some fields are not as they should be.', [{ field: 'cases', message: `must be closed cases of this tenant that found nobody: ${unfit.join(', ')}` }]);
    if (cases.length === 0 && casesAbout(tenant.ledger.state.cases, person).length === 0) throw new ProblemException(404, 'unknown_person', 'No case of this tenant is about a person of this id: nothing is kept about them.');
    for (;;) {
      const { state } = tenant.ledger;
      const asked = { person, requester, cases };
      const scope = erasureScope(state, asked, null);
      const running = state.erasures.get(scope.underWay ?? '');
      if (running && asksAgain(running, asked)) return { erasure: running.id, refused: null };
      const id = `c-${randomUUID()}`;
      const sealed = refusedAtOnce(scope) ? null : await sealedReason(tenant, id, reason);
      const { entries } = await tenant.ledger.commit({ do: 'requestErasure', erasure: id, asked: { ...asked, reason: sealed } });
      const refused = entries.map(({ type, data }) => ({ type, data }) as ErasureEvent).find((event) => event.type === 'erasure.refused');
      // nothing was written where the record went on meanwhile: it is looked at again
      if (entries.length > 0) return { erasure: id, refused: refused?.data ?? null };
    }
  }
}

/** True for what may be erased because a requester says whom it is about: nothing else in the record does. */
function isForTheTaking(found: Offboard | undefined): boolean {
  return found !== undefined && found.ended !== null && foundNobody(found);
}

async function sealedReason({ keys }: TenantRuntime, id: string, reason: string): Promise<Sealed> {
  await keys.create(id);
  return keys.seal(id, 'reason', reason);
}
