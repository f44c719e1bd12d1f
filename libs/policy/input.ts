import type { Facts } from '#evidence';

/** What the gate is told: opaque ids, classes and numbers, so that it can be kept and asked again after an erasure. */
export type PolicyInput = Readonly<{
  v: 1;
  tenant: string;
  pipeline: string;
  phase: 'soft' | 'hard' | 'reinstate';
  requester: string;
  /** Everyone who asked for the case, the requester included. */
  requesters: readonly string[];
  /** The person's id, or null when the request resolves to nobody in particular. */
  subject: string | null;
  intent: Readonly<{ action: string; confidence: number; flags: readonly string[]; source: string }>;
  evidence: Readonly<{
    resolved: 'one' | 'none' | 'several';
    findings: readonly string[];
    facts: Facts;
    /** What people must see to before the accounts go, by code, sorted; absent where it was not looked up. */
    preconditions?: readonly string[];
  }>;
  risk: Readonly<{ score: number; components: readonly Readonly<{ name: string; value: number; weight: number }>[] }>;
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
