import type { Instant } from '#decider';
import type { Facts } from '#evidence';
import type { Circumstances } from '#risk';

/** What the gate is told: opaque ids, classes and numbers, so that it can be kept and asked again after an erasure. */
export type PolicyInput = Readonly<{
  v: 1;
  tenant: string;
  pipeline: string;
  phase: 'soft' | 'hard' | 'reinstate';
  /** When the gate is asked; in UTC with milliseconds. A ledger's first questions have neither this nor `accounts` and `approvers`. */
  at: Instant;
  requester: string;
  /** Everyone who asked for the case, the requester included. */
  requesters: readonly string[];
  /** The person's id, or null when the request resolves to nobody in particular. */
  subject: string | null;
  /** The accounts that the order would touch, each by its portal's own id. */
  accounts: readonly Readonly<{ portal: string; account: string }>[];
  /** On whose approval the order would rest; nobody's before people were asked. */
  approvers: readonly string[];
  intent: Readonly<{ action: string; confidence: number; flags: readonly string[]; source: string }>;
  evidence: Readonly<{
    resolved: 'one' | 'none' | 'several';
    findings: readonly string[];
    facts: Facts;
    /** What people must see to before the accounts go, by code, sorted; absent where it was not looked up. */
    preconditions?: readonly string[];
  }>;
  risk: Readonly<{ score: number; components: readonly Readonly<{ name: string; value: number; weight: number }>[] }>;
  /** What surrounds the case; absent in the first ledgers' entries. */
  circumstances?: Circumstances;
}>;

/** What the gate is told about an erasure: whom it is about, who asks, and how many of the cases about that person are open, and closed with their keys still there. */
export type ErasureInput = Readonly<{
  v: 1;
  tenant: string;
  procedure: 'erasure';
  requester: string;
  subject: string;
  cases: Readonly<{ open: number; closed: number }>;
}>;
