import type { Log } from '#edge';
import type { Entry } from '#ledger';
import type { OffboardEvent } from '#lifecycle';
import type { SagaLedger } from './saga.js';

/** Logs what an operator must look at, since nothing in the case itself will mend it. */
export function warnOperator(tenant: string, ledger: Pick<SagaLedger, 'onEntry'>, log: Log): void {
  ledger.onEntry((entry) => {
    const event = entry as Entry & OffboardEvent;
    if (event.type === 'approval.unreachable') log('approval_unreachable', { tenant, case: event.case, ...event.data });
  });
}
