import { type Approver, APPROVER_ROLE } from '#approvals';
import { type Instant, type JsonObject, type Next, plusSeconds } from '#decider';
import { type BookMachine, type Entry, jcs, sha256Hex } from '#ledger';
import {
  accountsIn, type Facts, type IntentParsed, type Judge, next, type Offboard, type OffboardCommand, type OffboardTask, partiesOf, type PlannedAccount,
  standingApprovers, type Tenant, type TenantCommand, tenantLedger, type Terms, weighed,
} from '#lifecycle';
import type { Phase } from '#packet';
import type { PolicyInput } from '#policy';

export const START: Instant = '2026-03-02T09:00:00.000Z';
export const TERMS: Terms = {
  tenant: 'acme', keys: { hmac: 'hmac-1', ed25519: 'packet-acme:1' }, acceptSeconds: 300, windowSeconds: 300, approvalSeconds: 86_400,
};
/** A case id as the gatekeeper makes it. */
export const caseId = (n: number): string => `c-00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const CASE = caseId(1);

const sealed = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;

export const approver = (person: string): Approver => ({
  person, slack: { team: 'T1', user: `U-${person}` }, passkey: { credentialId: `cred-${person}`, publicKey: 'AA', counter: 0 }, roles: [APPROVER_ROLE],
});

export const PLAN: readonly PlannedAccount[] = [
  { portal: 'directory', account: 'u-1', soft: ['deactivate'], hard: ['delete'], reinstate: ['activate'] },
  { portal: 'scim', account: 's-1', soft: ['deactivate'], hard: ['delete'], reinstate: ['activate'] },
];
const HARMLESS: Facts = { privilege: 'none', production_owner: false, recent_escalation: false, hris_status: 'terminated', employment: 'employee', accounts: 2 };

/** What the world and the gate say at one judgement; the rest is an ordinary leaver. */
export interface Seen {
  readonly outcome?: 'allow' | 'require_hitl' | 'deny' | 'block';
  readonly person?: string | null;
  readonly facts?: Partial<Facts>;
  readonly findings?: readonly string[];
  readonly plan?: readonly PlannedAccount[];
  readonly score?: number;
  readonly quorum?: number;
  readonly policy?: string;
  /** Told to the gate in place of what the case says. */
  readonly told?: Partial<PolicyInput>;
}

/** A tenant's ledger without a store: commands are decided, chained by number only, and folded. */
export class Scenario {
  readonly machine: BookMachine<Tenant, TenantCommand>;
  readonly log: Entry[] = [];
  state: Tenant;
  now: Instant = START;
  #journal = -1;
  #nonces = 0;

  constructor(readonly terms: Terms = TERMS, approvers: readonly string[] = ['p-7', 'p-8', 'p-9']) {
    this.machine = tenantLedger(terms);
    this.state = this.machine.initial;
    this.do({ do: 'enrol', approvers: approvers.map(approver) });
  }

  do(command: TenantCommand): readonly Entry[] {
    const first = this.log.length;
    for (const wanted of this.machine.decide(command, this.state, this.now)) {
      const seq = this.log.length;
      const caseSeq = wanted.case === null ? null : this.machine.entriesOf(this.state, wanted.case);
      const entry: Entry = { v: 1, tenant: 'acme', incarnation: 'i', seq, id: `e-${seq}`, caseSeq, at: this.now, command: 'k', prev: '0'.repeat(64), ...wanted };
      // what is folded is what JSON brings back
      this.log.push(JSON.parse(JSON.stringify(entry)) as Entry);
      this.state = this.machine.evolve(this.state, this.log[seq]!);
    }
    return this.log.slice(first);
  }

  in(command: OffboardCommand, id = CASE): readonly Entry[] {
    return this.do({ do: 'inCase', case: id, actor: 'gatekeeper', command });
  }

  later(seconds: number): this {
    this.now = plusSeconds(this.now, seconds);
    return this;
  }

  found(id = CASE): Offboard {
    const found = this.state.cases.get(id);
    if (!found) throw new Error(`no case ${id}`);
    return found;
  }

  next(id = CASE): Next<OffboardTask> {
    return next(this.found(id), this.terms, this.now);
  }

  /** A request that was received and understood; effective at once unless told otherwise. */
  requested({ id = CASE, requester = 'p-1', effective = null as Instant | null, channel = 'api' } = {}): this {
    this.do({ do: 'receive', case: id, request: { pipeline: 'offboard', requester, channel, format: 'text', text: sealed, idempotency: null, follows: null } });
    const intent: IntentParsed = {
      action: 'offboard', source: 'text', parser: 'test', confidence: 1, confidenceParts: [], flags: [], markers: [],
      effective: effective === null ? null : { at: effective, precision: 'day', zone: 'UTC' }, target: sealed, claimedRequester: null, reason: null,
    };
    this.in({ do: 'recordIntent', intent }, id);
    return this;
  }

  judged(phase: Phase, seen: Seen = {}, id = CASE): readonly Entry[] {
    return this.in(this.judgement(phase, seen, id), id);
  }

  /** The command that the gatekeeper would make of what it saw. */
  judgement(phase: Phase, seen: Seen = {}, id = CASE): Judge {
    const { outcome = 'allow', person = 'p-100', facts = {}, findings = [], plan = person === null ? [] : PLAN, score = 0.1, quorum = 1, policy = 'a'.repeat(64), told = {} } = seen;
    const found = this.found(id);
    const resolved = person === null ? 'none' : 'one';
    const evidence = {
      phase, person, resolved, facts: { ...HARMLESS, ...facts }, plan, sources: [], label: null,
      findings: findings.map((code) => ({ code, source: 'hris', at: this.now })),
    } as const;
    const before = phase === 'soft' ? undefined : found.judgements.soft;
    const weight = weighed(before, evidence);
    const requester = (phase === 'reinstate' ? found.reinstate?.requester : undefined) ?? found.request.received.requester;
    const subject = before?.evidence.person ?? person;
    const input: PolicyInput = {
      v: 1, tenant: 'acme', pipeline: 'offboard', phase, at: this.now, requester, requesters: [...new Set([...found.request.requesters, requester])],
      subject, accounts: accountsIn(before?.evidence ?? evidence),
      approvers: standingApprovers(found.approval, phase, { ...partiesOf(this.state, found), subject }), intent: { action: 'offboard', confidence: 1, flags: [], source: 'text' },
      evidence: { resolved, findings: weight.findings, facts: weight.facts }, risk: { score, components: [] }, ...told,
    };
    const inputDigest = sha256Hex(jcs(input));
    const reasons = [{ rule: 'test', text: outcome }];
    const digest = sha256Hex(jcs({ outcome, reasons, quorum, policy, inputDigest }));
    const decision = { outcome, reasons, quorum, policyDigest: policy, dataDigest: 'b'.repeat(64), inputDigest, digest };
    return { do: 'judge', phase, evidence, risk: { phase, score, components: [] }, input, decision, nonce: `nonce-${(this.#nonces += 1)}` };
  }

  voted(person: string, vote: 'approve' | 'reject' = 'approve', how: { readonly id?: string; readonly number?: number; readonly strength?: 'passkey' | 'slack' | 'link' } = {}): readonly Entry[] {
    const { id = CASE, number = this.found(id).approval?.requested.number ?? 0, strength = 'passkey' } = how;
    return this.in({ do: 'vote', number, approver: person, vote, strength, proof: { kind: 'passkey' } }, id);
  }

  /** The next entry of the doer's journal, taken up. */
  journal(type: string, data: JsonObject, id: string | null = CASE): readonly Entry[] {
    const seq = (this.#journal += 1);
    return this.do({ do: 'takeReceipt', seq, hash: sha256Hex(jcs(seq)), entry: { type, data, case: id, at: this.now, seq } });
  }

  /** The doer accepts the last order. */
  accepted(id = CASE): readonly Entry[] {
    const { order, digest, phase } = this.order(id);
    return this.journal('packet.accepted', { order, phase, digest }, id);
  }

  /** The doer accepts and finishes the last order; `outcome` says how it went at the second portal. */
  finished(outcome: 'done' | 'already' | 'failed' = 'done', id = CASE): readonly Entry[] {
    const { order, phase } = this.order(id);
    const outcomes = PLAN.map(({ portal, account }, i) => ({ portal, account, outcome: i === 1 ? outcome : 'done' }));
    return [...(this.order(id).accepted ? [] : this.accepted(id)), ...this.journal('order.finished', { order, phase, outcomes }, id)];
  }

  order(id = CASE): Offboard['orders'][number] {
    const order = this.found(id).orders.at(-1);
    if (!order) throw new Error('nothing was ordered');
    return order;
  }

  types(id = CASE): readonly string[] {
    return this.log.filter((entry) => entry.case === id).map(({ type }) => type);
  }
}

export const typesOf = (entries: readonly Entry[]): readonly string[] => entries.map(({ type }) => type);
