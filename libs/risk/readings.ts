import { type Circumstances, excess } from './circumstances.js';
import { parts, PARTS, shareOf } from './share.js';
import type { RiskThresholds } from './thresholds.js';

/** The value of a component, and the fact behind it in words. */
export type Reading = Readonly<{ value: number; because: string }>;

// between harmless and harmful: what is not known never looks harmless, and no outage alone makes a case unapprovable
export const UNKNOWN = 0.5;

/** The worst of what is read by default and of what was found; among equals the first in the table's order. */
export function worstFound(table: Readonly<Record<string, Reading>>, findings: readonly string[], otherwise: Reading): Reading {
  const found = Object.keys(table).filter((code) => findings.includes(code));
  return found.reduce((worst, code) => {
    const reading = table[code];
    return reading !== undefined && reading.value > worst.value ? reading : worst;
  }, otherwise);
}

export function yesOrNo(fact: boolean | 'unknown', yes: string, no: string): Reading {
  if (fact === 'unknown') return { value: UNKNOWN, because: `it is not known: ${yes}?` };
  return fact ? { value: 1, because: yes } : { value: 0, because: no };
}

/** What is lacking of full confidence. */
export function doubt(confidence: number): Reading {
  const sure = confidence >= 0 && confidence <= 1 ? parts(confidence) : 0; // NaN and nonsense are no confidence at all
  return { value: (PARTS - sure) / PARTS, because: `intake is sure to ${(sure / PARTS).toFixed(2)}` };
}

/** How many leave at once: nothing up to what is usual, in full at `leavers_times` as many. */
export function crowding({ worst, source, department }: Circumstances, thresholds: RiskThresholds): Reading {
  const { scope, last, usual } = worst;
  const among = { tenant: 'in all', source: `asked for through ${source}`, department: department === null ? 'of no known department' : `of the department ${department}` }[scope];
  const value = shareOf((excess(worst, thresholds) - 1) / (thresholds.leavers_times - 1));
  const counted = `${last} ${last === 1 ? 'leaver' : 'leavers'} within an hour ${among}`;
  return { value, because: value === 0 ? `${counted}: nothing unusual` : `${counted}, and ${usual} in the busiest hour of the four weeks before` };
}

/** How much of a stranger the requester is. */
export function strangeness({ requests: { by_requester: times } }: Circumstances, { requests_familiar: familiar }: RiskThresholds): Reading {
  const because = times === 0 ? 'the requester has never asked for anything before' : `the requester has asked ${times} ${times === 1 ? 'time' : 'times'} before`;
  return { value: shareOf(1 - times / familiar), because };
}

/** How rarely requests come at this time of day. */
export function oddHour({ requests: { all, around_hour: around } }: Circumstances, { requests_known: known, hour_share: usual }: RiskThresholds): Reading {
  if (all < known) return { value: UNKNOWN, because: `${all} requests so far are too few to know which hours are usual` };
  const share = around / all;
  return { value: share >= usual ? 0 : shareOf(1 - share / usual), because: `${around} of ${all} requests came around this time of day` };
}
