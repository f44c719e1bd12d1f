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
  }>;
  risk: Readonly<{ score: number; components: readonly Readonly<{ name: string; value: number; weight: number }>[] }>;
}>;
