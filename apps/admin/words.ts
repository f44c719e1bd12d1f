import { isJsonObject, type JsonObject } from '#decider';
import type { DoerEvent } from '#execution';
import type { ErasureEvent, OffboardEvent } from '#lifecycle';

/** An event of the ledger in one line of English, without anything that is sealed. */
export function inWords(event: { readonly type: string; readonly data: JsonObject }): string {
  try {
    return told(event as OffboardEvent | ErasureEvent);
  } catch {
    // a doer that was taken over may say things of any shape: its entry is still shown
    return event.type;
  }
}

function told({ type, data }: OffboardEvent | ErasureEvent): string {
  switch (type) {
    case 'request.received':
      return `${data.requester} asked (${data.channel}, ${data.format})${data.follows === null ? '' : `, in place of ${data.follows}`}${data.part ? `, ${String(data.part.number)} of ${String(data.part.cases.length)} in one message` : ''}`;
    case 'requester.added':
      return `${data.requester} asked for the same, in case ${data.from}`;
    case 'intent.parsed':
      return `Understood as ${spaced(data.action)}, confidence ${data.confidence.toFixed(2)}${list(', flagged: ', data.flags.map(spaced))}${data.model ? `; the model ${data.model.name}: ${spaced(data.model.outcome)}${list(', filled in: ', data.model.filled.map(spaced))}${list(', reads otherwise: ', data.model.differs.map(spaced))}` : ''}`;
    case 'evidence.taken':
      return `Looked up ${list('', [...new Set(data.sources.map(({ source }) => source))]) || 'nothing'}: ${FOUND[data.resolved]}${list(', accounts in ', [...new Set(data.plan.map(({ portal }) => portal))])}${list('; finding: ', data.findings.map(({ code }) => spaced(code)))}`;
    case 'risk.scored':
      return `Risk ${data.score.toFixed(2)} of 1${list(': ', data.components.filter(({ value }) => value > 0).map(({ value, weight, because }) => `${because} (${(value * weight).toFixed(2)})`))}`;
    case 'gate.decided':
      return `Policy ${ANSWERED[data.outcome]} (${spaced(data.phase)}): ${data.reasons.map(({ text }) => text).join('; ')}`;
    case 'approval.requested':
      return `${list('', data.approvers) || 'Nobody'} may decide until ${when(data.expiresAt)}; ${data.approvable ? `${data.needed} must approve` : 'it can only be rejected'}`;
    case 'approval.unreachable':
      return `It cannot be approved: ${data.needed} must approve, and ${data.eligible} may`;
    case 'approval.link_requested':
      return `${data.approver} asked for a new link`;
    case 'approval.message_posted':
      return `${data.approver} was told in Slack`;
    case 'approval.message_closed':
      return `The message to ${data.approver} was closed${data.outcome ? `: ${data.outcome}` : ''}`;
    case 'approval.message_updated':
      return `The message to ${data.approver} tells: ${spaced(data.shows)}`;
    case 'approval.voted':
      return `${data.approver} ${data.vote === 'approve' ? 'approved' : 'rejected'} (${data.strength})`;
    case 'approval.refused':
      return `A vote of ${data.approver} did not count: ${spaced(data.code)}`;
    case 'approval.granted':
      return 'Approved';
    case 'approval.rejected':
      return `Rejected by ${data.approver}`;
    case 'approval.expired':
      return 'Nobody decided in time';
    case 'approval.superseded':
      return `The question was withdrawn: ${list('', data.because.map(spaced)) || 'it is no longer asked'}`;
    case 'soft.ordered':
    case 'hard.ordered':
    case 'reinstate.ordered':
      return `Order ${data.order} stands: ${type.slice(0, type.indexOf('.'))}, to be accepted by ${when(data.acceptBy)}`;
    case 'packet.signed':
      return `Order ${data.order} was signed`;
    case 'packet.dispatched':
      return `Order ${data.order} was sent to the doer${data.attempt > 1 ? `, for the ${data.attempt}. time` : ''}`;
    case 'receipt.taken':
      return `Doer: ${toldInWords(data.entry)}`;
    case 'reinstate.requested':
      return `${data.requester} asked to undo it`;
    case 'reinstate.refused':
      return `Undoing was refused to ${data.requester}: ${spaced(data.code)}`;
    case 'person.needed':
      return `A person is needed: ${spaced(data.code)}`;
    case 'case.parked':
      return `The case was set aside: ${spaced(data.code)}`;
    case 'case.resumed':
      return `${data.by} let it go on`;
    case 'case.ended':
      return `Ended: ${data.as}${data.into === null ? '' : ` into ${data.into}`}`;
    case 'erasure.requested':
      return `${data.requester} asked to have ${data.person} erased`;
    case 'erasure.decided':
      return `Policy ${ANSWERED[data.outcome]} (erasure): ${data.reasons.map(({ text }) => text).join('; ')}`;
    case 'erasure.refused':
      return `The erasure was refused: ${spaced(data.code)}${list('; in the way: ', data.cases)}`;
    case 'erasure.ordered':
      return `The keys of ${data.person} and of ${data.cases.length} cases are to be destroyed`;
    case 'erasure.finished':
      return `${data.person} is erased: the keys of ${data.cases.length} cases are gone${data.left === 0 ? '' : `; ${data.left} more need another erasure`}`;
    default:
      return type;
  }
}

/** An entry of the doer's journal in words. */
function toldInWords(entry: JsonObject): string {
  if (typeof entry.type !== 'string' || !isJsonObject(entry.data)) return 'nothing that can be read';
  const { type, data } = { type: entry.type, data: entry.data } as DoerEvent;
  switch (type) {
    case 'journal.reopened':
      return `reopened its journal after a restore that lost entries ${data.restored.entries} to ${data.known.entries - 1}`;
    case 'packet.accepted':
      return `took order ${data.order} (${data.phase})`;
    case 'doer.order_rejected':
      return `refused an order ${data.order} from ${data.source}: ${spaced(data.reason)}`;
    case 'doer.signature_rejected':
      return `dropped what ${data.source} sent: ${spaced(data.reason)}`;
    case 'lease.requested':
      return `asks for a lease of ${data.portal}`;
    case 'lease.issued':
      return `holds a lease of ${data.portal} until ${when(data.expiresAt)}`;
    case 'lease.refused':
      return `got no lease of ${data.portal}: ${spaced(data.code)}`;
    case 'lease.returned':
      return `gave the lease of ${data.portal} back${data.confirmed ? '' : ', unconfirmed'}`;
    case 'state.recorded':
      return `recorded ${data.portal} account ${data.account} as it was${data.parts > 1 ? ` (part ${data.part} of ${data.parts})` : ''}`;
    case 'step.applied':
      return `${data.portal} account ${data.account}: ${list('', data.effects.map(spaced)) || 'was already so'}, read back`;
    case 'step.failed':
      return `${data.portal} account ${data.account} failed, attempt ${data.attempt}: ${spaced(data.code)}`;
    case 'portal.given_up':
      return `gave up on ${data.portal}: ${spaced(data.code)}`;
    case 'grants.needed':
      return `needs new grants for ${list('', data.portals)}`;
    case 'order.finished':
      return `finished order ${data.order} (${data.phase}): ${list('', data.outcomes.map(({ portal, outcome }) => `${portal} ${outcome}`)) || 'nothing to do'}`;
    default:
      return type;
  }
}

const ANSWERED = { allow: 'allows it', require_hitl: 'asks a human', deny: 'refuses it', block: 'blocks it' } as const;
const FOUND = { one: 'one person', none: 'nobody', several: 'several people' } as const;

const spaced = (code: string): string => code.replaceAll('_', ' ');
const list = (before: string, items: readonly string[]): string => (items.length === 0 ? '' : before + items.join(', '));
const when = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
