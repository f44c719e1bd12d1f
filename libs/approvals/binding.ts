import type { JsonObject } from '#decider';
import { jcs, sha256Hex } from '#ledger';

/** How risky a score is, in four steps; `high` begins where policy asks a human, `critical` where no human may override. */
export type Band = 'low' | 'elevated' | 'high' | 'critical';

/** What an approval is given for. Times and counters have no place here: the binding must settle. */
export type Binding = {
  readonly tenant: string;
  readonly case: string;
  readonly outcome: string;
  readonly band: Band;
  /** SHA-256 digests, 64 lower-hex digits each. */
  readonly plan: string;
  readonly policy: string;
  readonly data: string;
  /** The facts that the decision rests on, by name. */
  readonly facts: JsonObject;
  /** What it covers: phases of a case's orders, or the destruction of keys. */
  readonly phases: readonly ('soft' | 'hard' | 'reinstate' | 'erase')[];
};

/** The band of a risk score; what is no number between 0 and 1 counts as the worst. */
export function bandOf(score: number): Band {
  if (!(score >= 0 && score < 0.95)) return 'critical';
  if (score >= 0.75) return 'high';
  return score >= 0.4 ? 'elevated' : 'low';
}

/** The text whose bytes an approver signs (RFC 8785), marked so that it can stand for nothing else. */
export function canonicalBinding(binding: Binding): string {
  const { tenant, outcome, band, plan, policy, data, facts, phases } = binding;
  const purpose = 'gatehouse/approval/v1';
  return Buffer.from(jcs({ purpose, tenant, case: binding.case, outcome, band, plan, policy, data, facts, phases })).toString('utf8');
}

/** SHA-256 of the canonical text, 64 lower-hex digits. */
export function bindingDigest(binding: Binding): string {
  return sha256Hex(Buffer.from(canonicalBinding(binding), 'utf8'));
}

/** True when an approval of `a` is an approval of `b`. */
export function sameBinding(a: Binding, b: Binding): boolean {
  return bindingDigest(a) === bindingDigest(b);
}

/** The names of what differs, in order: `outcome`, `band`, …, and `facts.<name>` for each decisive fact. */
export function differences(a: Binding, b: Binding): readonly string[] {
  const before = membersOf(a);
  const after = membersOf(b);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.filter((name) => before.get(name) !== after.get(name));
}

function membersOf({ facts, ...rest }: Binding): ReadonlyMap<string, string> {
  const named = [...Object.entries(rest), ...Object.entries(facts).map(([name, fact]) => [`facts.${name}`, fact] as const)];
  return new Map(named.map(([name, value]) => [name, Buffer.from(jcs(value)).toString('utf8')]));
}

// Crockford's 32 digits: none is mistaken for another when read aloud
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Forty bits of a digest as `XXXX-XXXX`, for people to compare between a page and a phone. */
export function shortCode(digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RangeError('a digest has 64 lower-case hex digits');
  const bits = BigInt(`0x${digest.slice(0, 10)}`);
  const code = Array.from({ length: 8 }, (_, i) => DIGITS[Number((bits >> BigInt(35 - 5 * i)) & 31n)] ?? '').join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
