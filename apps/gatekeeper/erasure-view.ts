import type { ApprovalView } from '#approvals';
import { isJsonObject } from '#decider';
import { type ApprovalState, casesAbout, type Erasure } from '#lifecycle';
import type { TenantRuntime } from './tenant.js';
import { openField, personIn } from './unsealed.js';

/** So many cases are named in one line; the text that is signed names all of them. */
const NAMED = 20;

/** What an approver of an erasure is shown of it; once it is settled, nothing that is sealed. */
export async function erasureShown(runtime: TenantRuntime, found: Erasure, { outcome, requested }: ApprovalState): Promise<Pick<ApprovalView, 'title' | 'requestedAt' | 'requester' | 'subject' | 'effective' | 'reason' | 'reasons' | 'plan'>> {
  const { person, requester, requestedAt, reason, decided, id } = found;
  // what is bound, and not what would be today
  const { cases: bound } = requested.binding.facts;
  const cases = Array.isArray(bound) ? bound : [];
  const open = outcome === 'open';
  const subject = open ? await subjectOf(runtime, person) : { id: person, name: person, address: 'no longer shown' };
  const said = open && reason ? await openField(runtime, id, 'reason', reason) : 'no longer shown';
  const named = `${cases.slice(0, NAMED).join(', ')}${cases.length > NAMED ? ` and ${cases.length - NAMED} more` : ''}`;
  const says = `destroys the keys of everything sealed about this person, in ${cases.length} closed cases: ${named}`;
  return {
    title: `Erase ${subject.name}`,
    requestedAt,
    requester: { id: requester, name: null },
    subject,
    effective: 'As soon as it is approved, for good',
    reason: typeof said === 'string' ? said : 'erased',
    reasons: decided?.reasons ?? [],
    plan: [{ phase: 'erase', portal: 'vault', portalSays: 'keys in Vault', account: person, effects: [{ effect: 'destroy_keys', says, reversible: false }] }],
  };
}

/** Name and address as the newest case knows them that still can be read. */
async function subjectOf(runtime: TenantRuntime, person: string): Promise<NonNullable<ApprovalView['subject']>> {
  const newest = [...casesAbout(runtime.ledger.state.cases, person)].sort((a, b) => (a.request.received.at < b.request.received.at ? 1 : -1));
  for (const { id, judgements } of newest) {
    const { evidence } = judgements.soft ?? {};
    if (evidence?.person !== person || !evidence.label) continue;
    const label = await openField(runtime, id, `label/${evidence.phase}`, evidence.label);
    if (isJsonObject(label)) return personIn(person, label);
  }
  return { id: person, name: person, address: 'not known any more' };
}
