import type { Instant } from '#decider';

/** What does not fit, by source, but for sources that gave no answer. */
export const FINDING_CODES = [
  'hris_not_terminated',
  'hris_date_differs',
  'hris_unknown',
  'hris_other_person',
  'on_leave',
  'contractor_converted',
  'rehired',
  'record_continues',
  'same_name_hired',
  'same_address_held',
  'renamed',
  'several_people',
  'nobody',
  'homograph',
  'account_unlinked',
  'signed_in_after_last_day',
  'fact_unknown',
] as const;

/** The gate reads these codes; one that no rule knows asks a human. */
export type FindingCode = (typeof FINDING_CODES)[number] | `source_unknown:${string}`;

/** `source` is `hris`, `claim` or a portal. */
export type Finding = Readonly<{ code: FindingCode; source: string; at: Instant }>;

/** Each code once a source, the first time it was seen, in a fixed order. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.source}`;
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}
