import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalBinding, eligible, type LinkClaim, type LinkPage, type PasskeyProof, readLink, type SlackAction, verifyAssertion, verifySlackRequest, type VoteReceipt } from '#approvals';
import { codeOf, type JsonObject } from '#decider';
import { type Log, ProblemException } from '#edge';
import { encodeEntry, type Entry, entryHash } from '#ledger';
import { type ApprovalState, type Matter, matterOf, type OffboardCommand, partiesOf, questionOf, type RefusedVote } from '#lifecycle';
import { linkPage, linkState } from './approval-page.js';
import type { TenantRuntime } from './tenant.js';
import { Tenants } from './tenants.js';

/** A human's decision as it arrives: checked here, by its proof, and by nobody's word. */
@Injectable()
export class Decisions {
  readonly #handled = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<{ outcome: string }>>();

  constructor(
    private readonly tenants: Tenants,
    private readonly secrets: { readonly linkKey: Uint8Array; readonly slackSigningSecret: string; readonly publicUrl: string },
    private readonly clock: () => Date,
    private readonly log: Log,
  ) {}

  /** What stands behind a link. @throws ProblemException 404 for every token that is none of ours. */
  async page(token: string): Promise<LinkPage> {
    const { tenant, found, approval, claim } = this.#behind(token);
    return linkPage(tenant, found, approval, claim, { now: this.#now(), rpId: new URL(this.secrets.publicUrl).hostname });
  }

  /** Approve with a passkey's assertion, or reject. @throws ProblemException 409, 410 or 422 that says why not. */
  async byLink(token: string, vote: 'approve' | 'reject', reason: string | null, assertion: JsonObject | Record<string, unknown> | undefined): Promise<{ outcome: string; receipt: VoteReceipt }> {
    const { tenant, found, approval, claim } = this.#behind(token);
    const state = linkState(approval, claim, this.#now());
    if (state !== 'open') {
      await this.#refuse(tenant, found, claim, state);
      throw new ProblemException(state === 'expired' ? 410 : 409, `link_${state}`, CLOSED[state]);
    }
    const proof = vote === 'approve' ? await this.#passkeyProof(tenant, found, approval, claim, assertion) : await this.#reasonProof(tenant, found, claim, reason);
    const strength = vote === 'approve' ? 'passkey' : 'link';
    return outcomeOf(found, await this.#commit(tenant, found, claim.approver, { do: 'vote', number: claim.request, approver: claim.approver, vote, strength, proof }));
  }

  /** Asks for a new link in place of an expired one; it goes to the same approver's message, and to nobody else. @throws ProblemException 404 or 409. */
  async renewLink(token: string): Promise<void> {
    const { tenant, found, approval, claim } = this.#behind(token);
    const now = this.#now();
    const state = linkState(approval, claim, now);
    if (state === 'open') throw new ProblemException(409, 'link_open', 'This link still works: open it again.');
    if (state !== 'expired') throw new ProblemException(409, `link_${state}`, CLOSED[state]);
    if (now >= approval.requested.expiresAt) throw new ProblemException(409, 'link_closed', CLOSED.closed);
    const parties = partiesOf(tenant.ledger.state, found);
    if (!eligible(parties.approvers, parties).some(({ person }) => person === claim.approver)) throw new ProblemException(409, 'vote_not_eligible', 'This request is no longer yours to decide.');
    await this.#commit(tenant, found, claim.approver, { do: 'requestLink', number: claim.request, approver: claim.approver, link: claim.number });
  }

  /** The Reject button, as Slack signed it; copies that come at once get one answer. @throws ProblemException 403 or 409. */
  async bySlack(headers: { readonly timestamp: string; readonly signature: string }, body: string): Promise<{ outcome: string }> {
    const action = this.#slackAction(headers, body);
    const { replayKey } = action;
    if (this.#handled.has(replayKey)) throw new ProblemException(409, 'slack_replayed', 'This very request was here before.');
    const underWay = this.#underWay.get(replayKey) ?? this.#rejection(action, headers, body).finally(() => this.#underWay.delete(replayKey));
    this.#underWay.set(replayKey, underWay);
    return underWay;
  }

  async #rejection(action: SlackAction, headers: { readonly timestamp: string; readonly signature: string }, body: string): Promise<{ outcome: string }> {
    const tenant = this.tenants.serving(action.tenant);
    const found = tenant && matterOf(tenant.ledger.state, action.case);
    const approver = tenant?.ledger.state.approvers.valueSeq().find(({ slack }) => slack.team === action.team && slack.user === action.user);
    if (!tenant || !found?.approval || !approver) throw new ProblemException(403, 'slack_unknown', 'No enrolled approver of this case stands behind that Slack user.');
    const raw = await tenant.keys.seal(found.id, `slack/${String(action.request)}/${approver.person}`, body);
    const proof = { kind: 'slack', ...headers, bodySha256: createHash('sha256').update(body).digest('hex'), body: raw };
    const entries = await this.#commit(tenant, found, approver.person, { do: 'vote', number: action.request, approver: approver.person, vote: 'reject', strength: 'slack', proof });
    // only now: while store or Vault is away, the same request must be able to come again
    this.#remember(action.replayKey);
    return outcomeOf(found, entries);
  }

  #behind(token: string): { tenant: TenantRuntime; found: Matter; approval: ApprovalState; claim: LinkClaim } {
    const claim = readLink(this.secrets.linkKey, token);
    const tenant = claim && this.tenants.serving(claim.tenant);
    const found = claim && tenant && matterOf(tenant.ledger.state, claim.case);
    const approval = claim && questionOf(found?.approval ?? null, claim.request);
    if (!claim || !tenant || !found || !approval) throw new ProblemException(404, 'unknown_link', 'There is nothing behind this link.');
    return { tenant, found, approval, claim };
  }

  async #passkeyProof(tenant: TenantRuntime, found: Matter, approval: ApprovalState, claim: LinkClaim, assertion: unknown): Promise<PasskeyProof> {
    const approver = tenant.ledger.state.approvers.get(claim.approver);
    if (!approver) throw new ProblemException(404, 'unknown_link', 'There is nothing behind this link.');
    const { nonce, binding } = approval.requested;
    try {
      return await verifyAssertion({ assertion, approver, nonce, canonical: canonicalBinding(binding), origin: new URL(this.secrets.publicUrl).origin, rpId: new URL(this.secrets.publicUrl).hostname });
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      await this.#refuse(tenant, found, claim, 'proof');
      throw new ProblemException(422, code, 'The passkey did not prove this decision: open the link again and approve with the passkey that you enrolled.');
    }
  }

  async #reasonProof(tenant: TenantRuntime, found: Matter, claim: LinkClaim, reason: string | null): Promise<JsonObject> {
    const sealed = reason === null || reason === '' ? null : await tenant.keys.seal(found.id, `reason/${String(claim.request)}/${claim.approver}`, reason);
    return { kind: 'link', number: claim.number, reason: sealed };
  }

  async #refuse(tenant: TenantRuntime, found: Matter, claim: LinkClaim, code: RefusedVote): Promise<void> {
    await this.#commit(tenant, found, claim.approver, { do: 'refuseVote', number: claim.request, approver: claim.approver, code });
  }

  async #commit(tenant: TenantRuntime, found: Matter, actor: string, command: OffboardCommand): Promise<readonly Entry[]> {
    return (await tenant.ledger.commit({ do: 'inCase', case: found.id, actor, command })).entries;
  }

  #slackAction(headers: { readonly timestamp: string; readonly signature: string }, body: string): ReturnType<typeof verifySlackRequest> {
    try {
      return verifySlackRequest({ secret: this.secrets.slackSigningSecret, ...headers, body, now: this.#now() });
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      this.log('slack_refused', { code });
      throw new ProblemException(403, code, 'This did not come from Slack, or not now.');
    }
  }

  /** Replays are refused as long as their timestamp could still pass. */
  #remember(key: string): void {
    const now = this.clock().getTime();
    for (const [old, at] of this.#handled) if (now - at > 700_000) this.#handled.delete(old);
    this.#handled.set(key, now);
  }

  #now(): string {
    return this.clock().toISOString();
  }
}

/** What a vote led to. @throws ProblemException 409 where it did not count. */
function outcomeOf(found: Matter, entries: readonly Entry[]): { outcome: string; receipt: VoteReceipt } {
  const refused = entries.find(({ type }) => type === 'approval.refused');
  if (refused) throw new ProblemException(409, `vote_${typeof refused.data.code === 'string' ? refused.data.code : 'refused'}`, 'This vote does not count: the request is settled, or it is not yours to decide.');
  const voted = entries.find(({ type }) => type === 'approval.voted');
  if (!voted) throw new ProblemException(409, 'vote_used', 'This was decided before: one vote a person.');
  const settled = entries.findLast(({ type }) => type.startsWith('approval.') && type !== 'approval.voted');
  return { outcome: settled?.type.slice('approval.'.length) ?? 'counted', receipt: { case: found.id, seq: voted.seq, hash: entryHash(encodeEntry(voted)) } };
}

const CLOSED = {
  used: 'You have decided this before: a link works once.',
  expired: 'This link is older than 15 minutes: ask for a new one.',
  closed: 'This request is settled: nothing is left to decide.',
};
