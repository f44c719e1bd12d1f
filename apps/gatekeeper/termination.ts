import { createHmac } from 'node:crypto';
import type { EndState } from '#lifecycle';
import { ReceiveRequest } from './commands.js';
import type { TenantRuntime } from './tenant.js';

/** Somebody's employment ends, as an HRIS says it by itself. */
export interface Termination {
  /** The number that the HRIS knows them by. */
  readonly employee: string;
  /** `YYYY-MM-DD`. */
  readonly lastDay: string;
}

/** What an employee's number may look like, in every HRIS. */
export const EMPLOYEE_NUMBER = /^[A-Za-z0-9-]{1,64}$/;

/** An HRIS that files requests, over a channel or a feed. */
export interface HrisSource {
  /** The id of the channel or feed, which the ledger names as the request's channel. */
  readonly id: string;
  readonly kind: 'channel' | 'feed';
  /** The person in whose name it asks: they answer for what is entered there, and cannot approve what comes of it. */
  readonly requester: string;
  /** Its requests are told apart by this key, and by nothing that changes when a password or that person does. */
  readonly key: Uint8Array;
}

/**
 * The request that a termination makes: one for each employee and last day, however often and in whosever name it is filed. Only where it
 * had joined the case of another day, and that came to nothing, is it filed again: the person still leaves on this one.
 */
export function terminationRequest(tenant: TenantRuntime, { id, kind, requester, key }: HrisSource, { employee, lastDay }: Termination): ReceiveRequest {
  const text = JSON.stringify({ action: 'offboard', target: { kind: 'employee', value: employee }, effective: lastDay });
  const requestFor = (about: string): ReceiveRequest => {
    // keyed, because numbers and days can be guessed
    const idempotencyKey = createHmac('sha256', key).update(about).digest('hex');
    return new ReceiveRequest({ tenant, requester }, { format: 'json', text, follows: null, channel: id }, idempotencyKey, `${kind}/${id}`);
  };
  const about = `termination:${employee}:${lastDay}`;
  let request = requestFor(about);
  for (let earlier = request.earlier; earlier !== undefined && isLost(tenant, earlier); earlier = request.earlier) request = requestFor(`${about}:${earlier}`);
  return request;
}

const NOTHING: readonly unknown[] = ['rejected', 'expired', 'denied', 'blocked'] satisfies readonly EndState[];

/** Whether a case joined another one that came to nothing. */
function isLost({ ledger: { state } }: TenantRuntime, id: string): boolean {
  let found = state.cases.get(id);
  if (found?.ended?.as !== 'joined') return false;
  while (found?.ended?.as === 'joined') found = state.cases.get(found.ended.into ?? '');
  return NOTHING.includes(found?.ended?.as);
}
