import { CodedError, type Instant } from '#decider';
import { worse } from '#evidence';
import { jcs, sha256Hex } from '#ledger';
import type { Phase } from '#packet';
import type { Decision, PolicyInput } from '#policy';
import type { Sealed } from '#vault';

export type Facts = PolicyInput['evidence']['facts'];

/** One account of the person and what each phase may do to it. */
export type PlannedAccount = {
  readonly portal: string;
  readonly account: string;
  readonly soft: readonly string[];
  readonly hard: readonly string[];
  readonly reinstate: readonly string[];
};

// Events

export type EvidenceTaken = {
  readonly phase: Phase;
  readonly person: string | null;
  readonly resolved: 'one' | 'none' | 'several';
  readonly findings: readonly { readonly code: string; readonly source: string; readonly at: Instant }[];
  readonly facts: Facts;
  readonly plan: readonly PlannedAccount[];
  readonly sources: readonly { readonly source: string; readonly query: string; readonly at: Instant; readonly answered: boolean }[];
  /** Names and addresses, for the people who must decide. */
  readonly label: Sealed | null;
  /** As a class; null where nobody says, absent in the first ledgers' entries. */
  readonly department?: string | null;
  /** What each source said towards each fact. */
  readonly told?: readonly { readonly fact: string; readonly source: string; readonly query: string; readonly at: Instant; readonly says: string | boolean | number }[];
  /** Everybody whom the request could mean, and what each source matched exactly. */
  readonly candidates?: readonly { readonly person: string; readonly source: string; readonly matchedOn: readonly string[]; readonly verdict: string }[];
  /** What each account holds, counted. */
  readonly holdings?: readonly { readonly portal: string; readonly account: string; readonly counts: Readonly<Record<string, number>> }[];
  /** What people must see to before the accounts go. */
  readonly preconditions?: readonly { readonly code: string; readonly source: string; readonly query: string; readonly at: Instant }[];
};

export type RiskScored = {
  readonly phase: Phase;
  readonly score: number;
  readonly components: readonly { readonly name: string; readonly value: number; readonly weight: number; readonly because: string }[];
  /** What the sum is cut to; absent in the first ledgers' entries, where it was 1. */
  readonly ceiling?: number;
};

export type GateDecided = {
  readonly phase: Phase;
  readonly outcome: Decision['outcome'];
  readonly reasons: readonly { readonly rule: string; readonly text: string }[];
  readonly quorum: number;
  readonly policy: string;
  readonly tenantData: string;
  readonly digest: string;
  /** What the gate was told; anyone can ask it again. */
  readonly input: PolicyInput;
};

export type JudgementEvent =
  | { readonly type: 'evidence.taken'; readonly data: EvidenceTaken }
  | { readonly type: 'risk.scored'; readonly data: RiskScored }
  | { readonly type: 'gate.decided'; readonly data: GateDecided };

// State

/** The latest judgement of one phase: what was seen, how risky it is, what policy says. */
export interface Judgement {
  readonly evidence: EvidenceTaken;
  readonly risk: RiskScored | null;
  readonly gate: GateDecided | null;
  readonly at: Instant;
}

/** The stage after one of its events; `touched` once an order stood: from then on no later look makes the person more harmless. */
export function evolveJudgement(state: Judgement | undefined, event: JudgementEvent, at: Instant, touched: boolean): Judgement | undefined {
  switch (event.type) {
    case 'evidence.taken': {
      const fresh = remembered(event.data);
      return { evidence: touched && state ? worst(state.evidence, fresh) : fresh, risk: null, gate: null, at };
    }
    case 'risk.scored':
      return state && { ...state, risk: event.data };
    case 'gate.decided':
      return state && { ...state, gate: event.data };
  }
}

// Commands and decide

/** Records what one look at the world, the score over it and the gate's answer were. */
export type Judge = {
  readonly do: 'judge';
  readonly phase: Phase;
  readonly evidence: EvidenceTaken;
  readonly risk: RiskScored;
  readonly input: PolicyInput;
  readonly decision: Decision;
  /** 32 random bytes, base64url: the challenge of the approval that this judgement may ask for. */
  readonly nonce: string;
};

/** What a judgement must be about: the tenant, the latest judgement before soft, everyone who asked, and on whose approval the order would rest. */
export interface Asked {
  readonly tenant: string;
  readonly before: Judgement | undefined;
  readonly requesters: readonly string[];
  readonly approvers: readonly string[];
}

/**
 * The three events of a judgement; none where somebody else asked or approved meanwhile, since policy was not told of them.
 * @throws CodedError `decision_not_for_input` when question and answer are not about this case and this very evidence.
 */
export function decideJudgement(command: Judge, asked: Asked): readonly JudgementEvent[] {
  const { phase, evidence, risk, input, decision } = command;
  const before = phase === 'soft' ? undefined : asked.before;
  const { facts, findings } = weighed(before, evidence);
  const about = { phase, tenant: asked.tenant, subject: before?.evidence.person ?? evidence.person, accounts: accountsIn(before?.evidence ?? evidence), resolved: evidence.resolved, facts, findings, preconditions: openPreconditions(evidence), score: risk.score };
  const told = { phase: input.phase, tenant: input.tenant, subject: input.subject, accounts: input.accounts, resolved: input.evidence.resolved, facts: input.evidence.facts, findings: input.evidence.findings, preconditions: input.evidence.preconditions ?? [], score: input.risk.score };
  if (evidence.phase !== phase || risk.phase !== phase || sha256Hex(jcs(told)) !== sha256Hex(jcs(about))) throw new CodedError('decision_not_for_input', 'the question is about something else');
  if (decision.inputDigest !== sha256Hex(jcs(input))) throw new CodedError('decision_not_for_input', 'the decision answers another question');
  if (asked.requesters.some((requester) => !input.requesters.includes(requester))) return [];
  if (asked.approvers.length !== input.approvers.length || asked.approvers.some((approver) => !input.approvers.includes(approver))) return [];
  const { outcome, reasons, quorum, policyDigest, dataDigest, digest } = decision;
  return [
    { type: 'evidence.taken', data: evidence },
    { type: 'risk.scored', data: risk },
    { type: 'gate.decided', data: { phase, outcome, reasons, quorum, policy: policyDigest, tenantData: dataDigest, digest, input } },
  ];
}

/** The accounts that an order would touch: what was found before soft stays the plan until the end. */
export function accountsIn({ plan }: EvidenceTaken): PolicyInput['accounts'] {
  return plan.map(({ portal, account }) => ({ portal, account }));
}

/** What counts at a phase: fresh evidence alone for soft, the worse of it and the state before soft afterwards. */
export function weighed(before: Judgement | undefined, fresh: EvidenceTaken): { readonly facts: Facts; readonly findings: readonly string[] } {
  const now = { facts: fresh.facts, findings: codes(fresh) };
  return before && fresh.phase !== 'soft' ? worse({ facts: before.evidence.facts, findings: codes(before.evidence) }, now) : now;
}

/** The codes of what people must see to before the accounts go, as policy is told them. */
export function openPreconditions({ preconditions = [] }: Pick<EvidenceTaken, 'preconditions'>): readonly string[] {
  return [...new Set(preconditions.map(({ code }) => code))].sort();
}

// what each source said is in the ledger for whoever asks; no later step rests on it, and every open case would carry it
function remembered({ told: _told, candidates: _candidates, holdings: _holdings, ...rest }: EvidenceTaken): EvidenceTaken {
  return { ...rest, sources: [] };
}

function worst(before: EvidenceTaken, fresh: EvidenceTaken): EvidenceTaken {
  const { facts } = worse({ facts: before.facts, findings: [] }, { facts: fresh.facts, findings: [] });
  const known = new Set(codes(fresh));
  return { ...fresh, facts, findings: [...before.findings.filter(({ code }) => !known.has(code)), ...fresh.findings] };
}

function codes(evidence: EvidenceTaken): readonly string[] {
  return [...new Set(evidence.findings.map(({ code }) => code))].sort();
}
