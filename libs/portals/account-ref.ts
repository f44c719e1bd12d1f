import type { AccountRef, PortalState, Subject } from './connector.js';
import { PortalError } from './portal-calls.js';
import { sameText } from './state-fields.js';

/** What a portal holds about whose account it is, in the portal-independent words; null where it holds nothing. */
export interface Holder {
  readonly address: string | null;
  readonly aliases: readonly string[];
  readonly employee: string | null;
  readonly name: string | null;
}

/**
 * The reference to an account that the portal gave for `subject`.
 * @throws PortalError `portal_answer` when it is somebody else: a portal may overlook a question that it does not support.
 */
export function accountRef(portal: string, account: string, holder: Holder, subject: Subject, state: PortalState): AccountRef {
  const matchedOn = match(holder, subject);
  if (account === '' || matchedOn === undefined) throw new PortalError('portal_answer', 'an account that was not asked for');
  const { address, name } = holder;
  return {
    portal,
    account,
    employee: holder.employee === '' ? null : holder.employee,
    label: { ...(address !== null && { address }), ...(name !== null && { name }) },
    matchedOn,
    state,
  };
}

function match(holder: Holder, subject: Subject): AccountRef['matchedOn'] | undefined {
  const is = (text: string | null, wanted: string): boolean => text !== null && sameText(text, wanted);
  if ('name' in subject) return is(holder.name, subject.name) ? 'name' : undefined;
  if ('employee' in subject) return is(holder.employee, subject.employee) ? 'employee' : undefined;
  if (is(holder.address, subject.address)) return 'address';
  return holder.aliases.some((alias) => is(alias, subject.address)) ? 'alias' : undefined;
}
