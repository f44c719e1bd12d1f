import { type Instant, plusSeconds } from '#decider';
import type { RejectionsSummarised } from './journal-events.js';

/** Rejections of the current minute: how many had an entry of their own, and how many are only counted. */
export interface RejectionWindow {
  readonly from: Instant;
  readonly single: number;
  readonly counted: number;
}

const windowSeconds = 60;
const singleEntries = 100;

/** One more rejection: whether it gets its own entry, and what the window before it comes to when that has passed. */
export function admitRejection(
  window: RejectionWindow | undefined,
  now: Instant,
): { readonly window: RejectionWindow; readonly single: boolean; readonly summary: RejectionsSummarised | undefined } {
  const summary = window && summaryDue(window, now);
  const current = !window || now >= endOf(window) ? { from: now, single: 0, counted: 0 } : window;
  const single = current.single < singleEntries;
  return { window: single ? { ...current, single: current.single + 1 } : { ...current, counted: current.counted + 1 }, single, summary };
}

/** What a window that has passed comes to; nothing while it runs or where every rejection had its own entry. */
export function summaryDue(window: RejectionWindow, now: Instant): RejectionsSummarised | undefined {
  return now >= endOf(window) ? summaryOf(window, endOf(window)) : undefined;
}

/** What was only counted until `to`, if anything. */
export function summaryOf({ from, counted }: RejectionWindow, to: Instant): RejectionsSummarised | undefined {
  return counted > 0 ? { count: counted, from, to } : undefined;
}

const endOf = ({ from }: RejectionWindow): Instant => plusSeconds(from, windowSeconds);
