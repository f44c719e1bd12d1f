import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '#decider';
import { type Claim, type Evidence, takeEvidence } from '#evidence';
import { openPolicy, type PolicyEngine, type PolicyInput } from '#policy';
import { DEFAULT_PROFILE, score } from '#risk';
import { USUAL } from '../risk/usual.js';
import { companyUnder, type FeedLeave, type Practice } from './hr-practice.js';
import { HrisInTime } from './hris-of.js';
import type { Being } from './spells.js';

/** Of so many leave events, how many the gate would have let through without a human, asked by number and by address, and how many it would not. */
export interface Count {
  readonly events: number;
  /** Under at least one of the two. */
  readonly executed: number;
  /** Under at least one of the two. */
  readonly held: number;
  /** Status and findings of those let through and of those not, each kind once. */
  readonly seen: Readonly<Record<'executed' | 'held', readonly string[]>>;
}

export interface Outcome {
  readonly practice: Practice;
  readonly shiftHours: number;
  readonly renamed: Count;
  readonly genuine: Count;
}

const HOUR_MS = 3_600_000;
const DEADLINE_MS = 30_000;

/** The gate that the gatekeeper asks, with the default limits, from the repository at `root`. */
export async function openGate(root: string): Promise<PolicyEngine> {
  const tenantData = JSON.parse(readFileSync(join(root, 'policies/tenant/data.json'), 'utf8')) as JsonObject;
  return openPolicy({ bundleDir: join(root, 'policies/bundle'), tenantData, deadlineMs: DEADLINE_MS });
}

/** Plays leave events as an HRIS feed would tell them, each at its own time, and asks evidence, score and gate what becomes of it. */
export class Replay {
  readonly #decided = new Map<string, Promise<boolean>>();

  constructor(
    private readonly beings: readonly Being[],
    private readonly gate: PolicyEngine,
  ) {}

  async play(practice: Practice, shiftHours: number): Promise<Outcome> {
    const company = companyUnder(practice, shiftHours * HOUR_MS, this.beings);
    const hris = new HrisInTime(company);
    const judged = await Promise.all(
      company.leaves.map(async (leave) => {
        const looks = await Promise.all([look(hris, leave, { kind: 'employee', value: leave.employeeNumber }), look(hris, leave, { kind: 'address', value: leave.address })]);
        const allowed = await Promise.all(looks.map((evidence) => this.#allows(evidence)));
        const seen = looks.map(({ resolved, facts, findings }) => [resolved, facts.hris_status, ...findings.map(({ code }) => code)].join(' '));
        return { leave, executed: allowed.includes(true), held: allowed.includes(false), seen: { executed: seen.filter((_, i) => allowed[i]), held: seen.filter((_, i) => !allowed[i]) } };
      }),
    );
    const each = (seen: readonly string[]): readonly string[] => [...new Set(seen)].sort();
    const count = (renamed: boolean): Count => {
      const of = judged.filter(({ leave }) => leave.renamed === renamed);
      const seen = { executed: each(of.flatMap((one) => one.seen.executed)), held: each(of.flatMap((one) => one.seen.held)) };
      return { events: of.length, executed: of.filter(({ executed }) => executed).length, held: of.filter(({ held }) => held).length, seen };
    };
    return { practice, shiftHours, renamed: count(true), genuine: count(false) };
  }

  // a few dozen kinds of evidence stand for thousands of people
  #allows(evidence: Evidence): Promise<boolean> {
    const input = questionOf(evidence);
    const key = JSON.stringify(input);
    const decided = this.#decided.get(key) ?? this.gate.decide('gatehouse/offboard/decision', input).then(({ outcome }) => outcome === 'allow');
    this.#decided.set(key, decided);
    return decided;
  }
}

function look(hris: HrisInTime, { at }: FeedLeave, claim: Claim): Promise<Evidence> {
  const now = (): Date => new Date(at);
  return takeEvidence({ claim, action: 'offboard', effectiveAt: now().toISOString(), now, zone: 'UTC', hris: hris.at(at), portals: [hris.portalAt(at)] });
}

function questionOf({ person, resolved, facts, findings, accounts }: Evidence): PolicyInput {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const scored = score({ facts, findings: codes, resolved, confidence: 1, circumstances: USUAL }, DEFAULT_PROFILE);
  return {
    v: 1,
    tenant: 'acme',
    pipeline: 'offboard',
    phase: 'soft',
    at: '2026-11-23T10:00:00.000Z',
    requester: 'p-feed',
    requesters: ['p-feed'],
    subject: person === null ? null : 'p-subject',
    accounts: accounts.map(({ portal }) => ({ portal, account: 'a' })),
    approvers: [],
    intent: { action: 'offboard', confidence: 1, flags: [], source: 'structured' },
    evidence: { resolved, findings: codes, facts },
    risk: { score: scored.score, components: scored.components.map(({ name, value, weight }) => ({ name, value, weight })) },
  };
}
