import { CodedError } from '#decider';
import { type ErasureTask, hasVoted, isErasure, type Matter, type MatterTask, type NoticeTask, type Offboard, type OffboardCommand, type OffboardTask, questionOf } from '#lifecycle';
import { encodeDelivery, fromBase64url, type SignedPacket, toBase64url } from '#packet';
import { roleName } from '#vault';
import type { ApprovalsClient } from './approvals-client.js';
import { approvalView, linkFor } from './approval-page.js';
import { performErasure } from './erasure-performer.js';
import { judge } from './judge.js';
import type { ModelClient } from './model-client.js';
import type { Performer } from './saga.js';
import type { TenantRuntime } from './tenant.js';
import { understand } from './understand.js';

const GRANT_SECONDS = 300;

/** Does the tasks of cases and procedures against the outside and records what came of them. */
export class TaskPerformer implements Performer {
  constructor(
    private readonly runtime: TenantRuntime,
    private readonly approvals: ApprovalsClient,
    private readonly links: { readonly key: Uint8Array; readonly publicUrl: string },
    private readonly clock: () => Date,
    private readonly model?: ModelClient,
  ) {}

  async perform(found: Matter, task: MatterTask | NoticeTask): Promise<void> {
    if (task.do === 'postMessage' || task.do === 'updateMessage' || task.do === 'closeMessage') return this.#notify(found, task);
    return isErasure(found) ? performErasure(this.runtime, found, task as ErasureTask) : this.#inCase(found, task as OffboardTask);
  }

  async #inCase(found: Offboard, task: OffboardTask): Promise<void> {
    switch (task.do) {
      case 'parse':
        return this.#record(found, { do: 'recordIntent', intent: await understand(this.runtime, found, this.model) });
      case 'judge':
        return this.#record(found, await judge(this.runtime, found, task.phase, this.clock));
      case 'expire':
        return this.#record(found, task);
      case 'dispatch':
        return this.#dispatch(found, task.attempt);
    }
  }

  async #record(found: Matter, command: OffboardCommand): Promise<void> {
    await this.runtime.ledger.commit({ do: 'inCase', case: found.id, actor: 'gatekeeper', command });
  }

  async #dispatch(found: Offboard, attempt: number): Promise<void> {
    const { sender, settings } = this.runtime;
    const order = found.orders.at(-1);
    if (!order) return;
    const bytes = fromBase64url(order.packet) ?? new Uint8Array();
    const portals = [...new Set(this.#portalsOf(bytes))];
    const metadata = { tenant: settings.id, case: found.id, order: String(order.order) };
    const [signed, ...grants] = await Promise.all([
      this.#signed(found, bytes),
      ...portals.map((portal) => this.runtime.vault.mintGrant(roleName(settings.id, portal), metadata, GRANT_SECONDS)),
    ]);
    const delivery = encodeDelivery({ signed, grants: new Map(portals.map((portal, i) => [portal, grants[i] ?? ''])) });
    await sender.send(settings.id, found.id, delivery);
    await this.#record(found, { do: 'dispatched', order: order.order, attempt });
  }

  async #signed(found: Offboard, bytes: Uint8Array): Promise<SignedPacket> {
    const order = found.orders.at(-1);
    const known = order?.signed;
    if (known) return { bytes, hmac: fromBase64url(known.hmac) ?? new Uint8Array(), signature: fromBase64url(known.signature) ?? new Uint8Array() };
    const signed = await this.runtime.signer.sign(bytes);
    await this.#record(found, { do: 'signed', order: order?.order ?? 0, hmac: toBase64url(signed.hmac), signature: toBase64url(signed.signature) });
    return signed;
  }

  #portalsOf(bytes: Uint8Array): readonly string[] {
    const { steps } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { steps: readonly { portal: string }[] };
    return steps.map(({ portal }) => portal);
  }

  async #notify(found: Matter, task: NoticeTask): Promise<void> {
    const { settings, ledger } = this.runtime;
    const { number, approver } = task;
    const enrolled = ledger.state.approvers.get(approver);
    const question = questionOf(found.approval, number);
    if (!question || (!enrolled && task.do === 'postMessage')) throw new CodedError('unknown_approver', 'a message for somebody who was never enrolled');
    const standing = question.messages[approver];
    const link = task.do === 'postMessage' ? (standing?.link ?? 0) + 1 : (standing?.link ?? 1);
    if (enrolled && (standing || task.do === 'postMessage')) {
      const asks = question.outcome === 'open';
      const place = standing && { message: { channel: standing.channel, ts: standing.ts } };
      const about = { tenant: settings.id, slackUser: enrolled.slack.user, view: await approvalView(this.runtime, found, question), ...place };
      // one key for the whole life of a message: what is sent later can never be overtaken by what was sent before
      const key = `${settings.id}/${found.id}/${String(number)}/${approver}`;
      const posted = await this.approvals.put(
        key,
        asks && !hasVoted(question, approver)
          ? { ...about, kind: 'request', link: linkFor(this.links, { tenant: settings.id, case: found.id, request: number, approver, number: link }) }
          : { ...about, kind: asks ? 'decided' : 'closed', link: null },
      );
      if (task.do === 'postMessage') return this.#record(found, { do: 'messagePosted', number, approver, ...posted, link });
      const moved = (posted.channel !== standing?.channel || posted.ts !== standing.ts) && { moved: posted };
      if (task.do === 'updateMessage') return this.#record(found, { do: 'messageUpdated', number, approver, shows: task.shows, ...moved });
    }
    if (task.do === 'closeMessage') return this.#record(found, { do: 'messageClosed', number, approver, outcome: task.outcome });
    if (task.do === 'updateMessage') return this.#record(found, { do: 'messageUpdated', number, approver, shows: task.shows });
  }
}
