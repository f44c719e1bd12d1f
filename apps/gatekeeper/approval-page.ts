import { type ApprovalView, type AssertionOptions, bandOf, canonicalBinding, challengeFor, type LinkClaim, linkExpired, type LinkPage, mintLink, shortCode, type ViewStep } from '#approvals';
import type { Instant } from '#decider';
import { type ApprovalState, isErasure, type Matter, newsOf, type Offboard, planOf } from '#lifecycle';
import { type Precondition, PRECONDITIONS } from '#portals';
import { erasureShown } from './erasure-view.js';
import type { TenantRuntime } from './tenant.js';
import { openField, personIn } from './unsealed.js';

const PHASES = ['soft', 'hard', 'reinstate'] as const;
const PASSKEY_TIMEOUT_MS = 300_000;
/** Where the text of the message itself must be seen: it is suspected, or nobody but a model has read it. */
const SHOWING_TEXT = ['prompt_injection_suspected', 'model_filled'];

/** The address of an approver's one-time page. */
export function linkFor(links: { readonly key: Uint8Array; readonly publicUrl: string }, claim: LinkClaim): string {
  return new URL(`/a/${mintLink(links.key, claim)}`, links.publicUrl).href;
}

/** All that an approver is shown; personal fields are unsealed for this one view and kept nowhere. */
export async function approvalView(runtime: TenantRuntime, found: Matter, approval: ApprovalState): Promise<ApprovalView> {
  const { binding, digest, number, needed, expiresAt } = approval.requested;
  return {
    tenant: runtime.settings.id,
    case: found.id,
    request: number,
    ...(isErasure(found) ? await erasureShown(runtime, found, approval) : await caseShown(runtime, found, approval)),
    needed,
    votes: approval.votes.map(({ approver, vote }) => ({ person: approver, vote })),
    outcome: approval.outcome,
    because: approval.because,
    news: newsOf(found, approval),
    deadline: expiresAt,
    canonical: canonicalBinding(binding),
    digest,
    shortCode: shortCode(digest),
  };
}

type CaseShown = Pick<ApprovalView, 'title' | 'requestedAt' | 'requester' | 'subject' | 'effective' | 'risk' | 'reasons' | 'hris' | 'preconditions' | 'plan' | 'flagged'>;

async function caseShown(runtime: TenantRuntime, found: Offboard, approval: ApprovalState): Promise<CaseShown> {
  const phase = PHASES.find((known) => approval.requested.binding.phases.includes(known)) ?? 'soft';
  const judged = found.judgements[phase];
  const subject = await subjectOf(runtime, found);
  const flagged = SHOWING_TEXT.some((flag) => found.request.intent?.flags.includes(flag)) ? await openField(runtime, found.id, 'text', found.request.received.text) : undefined;
  return {
    title: `${phase === 'reinstate' ? 'Reinstate' : 'Offboard'} ${subject?.name ?? 'an unknown person'}`,
    requestedAt: found.request.received.at,
    requester: { id: found.request.received.requester, name: null },
    subject,
    effective: inZone(found.request.effectiveAt, runtime.settings.zone),
    risk: { score: judged?.risk?.score ?? 1, band: bandOf(judged?.risk?.score ?? 1), components: [...(judged?.risk?.components ?? [])].sort((a, b) => b.value * b.weight - a.value * a.weight) },
    reasons: judged?.gate?.reasons ?? [],
    hris: hrisInWords(found),
    // a reinstatement hands nothing over
    preconditions: phase === 'reinstate' ? [] : preconditionsInWords(found),
    plan: approval.requested.approvable ? stepsOf(runtime, found, approval) : [],
    ...(flagged !== undefined && { flagged: { markers: markersOf(found), text: typeof flagged === 'string' ? flagged : '' } }),
  };
}

/** What stands behind an approver's link now. */
export async function linkPage(runtime: TenantRuntime, found: Matter, approval: ApprovalState, claim: LinkClaim, at: { readonly now: Instant; readonly rpId: string }): Promise<LinkPage> {
  return { state: linkState(approval, claim, at.now), view: await approvalView(runtime, found, approval), options: assertionOptions(runtime, approval, claim, at.rpId) };
}

/** Whether a link still opens a decision. */
export function linkState(approval: ApprovalState, claim: LinkClaim, now: Instant): LinkPage['state'] {
  // what was decided on it counts no more, so it is not called used
  if (approval.outcome === 'superseded') return 'closed';
  if (approval.votes.some(({ approver }) => approver === claim.approver)) return 'used';
  if (approval.outcome !== 'open') return 'closed';
  const issuedAt = issuedAtOf(approval, claim);
  return issuedAt === null || linkExpired(issuedAt, now) || now >= approval.requested.expiresAt ? 'expired' : 'open';
}

/** When a link was issued; null where a newer one has replaced it. */
function issuedAtOf({ messages, requestedAt }: ApprovalState, { approver, number }: LinkClaim): Instant | null {
  const message = messages[approver];
  if (message?.link === number) return message.issuedAt;
  // the page may be opened before its message is on record: then the time at which the link was wanted counts
  if (!message) return requestedAt;
  return message.link < number ? message.renewal : null;
}

function assertionOptions(runtime: TenantRuntime, approval: ApprovalState, claim: LinkClaim, rpId: string): AssertionOptions {
  const { nonce, binding } = approval.requested;
  const passkey = runtime.ledger.state.approvers.get(claim.approver)?.passkey;
  return {
    challenge: challengeFor(nonce, canonicalBinding(binding)),
    nonce,
    rpId,
    allowCredentials: passkey ? [{ type: 'public-key', id: passkey.credentialId }] : [],
    userVerification: 'required',
    timeout: PASSKEY_TIMEOUT_MS,
  };
}

function stepsOf(runtime: TenantRuntime, found: Offboard, approval: ApprovalState): readonly ViewStep[] {
  const phases = PHASES.filter((phase) => approval.requested.binding.phases.includes(phase));
  return phases.flatMap((phase) =>
    planOf(found).map(({ portal, account }) => {
      const connector = runtime.portals.find((candidate) => candidate.portal === portal);
      const effects = connector?.effects(phase).map(({ effect, says, reversible }) => ({ effect, says, reversible })) ?? [];
      return { phase, portal, portalSays: connector?.kind ?? portal, account, effects };
    }),
  );
}

async function subjectOf(runtime: TenantRuntime, found: Offboard): Promise<ApprovalView['subject']> {
  const evidence = found.judgements.soft?.evidence;
  if (evidence?.person == null || !evidence.label) return null;
  return personIn(evidence.person, await openField(runtime, found.id, `label/${evidence.phase}`, evidence.label));
}

function markersOf(found: Offboard): readonly string[] {
  return [...new Set(found.request.intent?.markers.map((marker) => marker.class) ?? [])];
}

function hrisInWords(found: Offboard): string {
  const evidence = found.judgements.soft?.evidence;
  if (!evidence) return 'The HRIS was not asked yet.';
  const codes = evidence.findings.filter(({ source }) => source === 'hris').map(({ code }) => code.replaceAll('_', ' '));
  const status = `The HRIS says: ${evidence.facts.hris_status.replaceAll('_', ' ')}, ${evidence.facts.employment}.`;
  return codes.length === 0 ? `${status} It agrees with the request.` : `${status} It disagrees: ${codes.join(', ')}.`;
}

/** What people must see to, as the latest look before soft or hard found it. */
function preconditionsInWords({ judgements }: Offboard): readonly string[] {
  const latest = (judgements.hard ?? judgements.soft)?.evidence.preconditions ?? [];
  return latest.map(({ code, source }) => `${source}: ${isPrecondition(code) ? PRECONDITIONS[code] : code.replaceAll('_', ' ')}`);
}

const isPrecondition = (code: string): code is Precondition => code in PRECONDITIONS;

function inZone(at: Instant, zone: string): string {
  return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(new Date(at))} (${zone})`;
}
