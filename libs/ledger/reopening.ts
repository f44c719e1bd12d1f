import { CodedError, type Instant, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Head } from './chain.js';
import type { Entry } from './entry.js';
import type { BookName } from './held-heads.js';

/** What an operator states when a book goes on after a restore: what the store held, and how far the book was known to go before. */
export interface Reopening {
  readonly restored: { readonly entries: number; readonly hash: string };
  /** `hash` is of the last of those entries, where somebody kept it; `incarnation` is that of the line that was lost; `checkpoint` is the last signed note that covers lost entries. */
  readonly known: { readonly entries: number; readonly hash: string | null; readonly incarnation: string; readonly checkpoint: string | null };
}

/** Entries that a restore lost, as the entry `seq` states it: numbers `from` to `to`, both included. */
export interface Loss {
  readonly book: BookName;
  readonly seq: number;
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
}

/** The type that begins another incarnation of a book. */
export const REOPENED = { ledger: 'ledger.reopened', journal: 'journal.reopened' } as const satisfies Record<BookName, string>;

/** What an entry states about a restore; undefined for an entry of any other type. @throws CodedError `reopening_malformed` where it does not state what it must, or not of the entries before it. */
export function reopeningIn({ type, seq, prev, data }: Pick<Entry, 'type' | 'seq' | 'prev' | 'data'>): Reopening | undefined {
  if (type !== REOPENED.ledger && type !== REOPENED.journal) return undefined;
  if (!isReopening(data)) throw new CodedError('reopening_malformed', `entry ${seq}: it does not say what was restored and what was known`);
  const { restored, known } = data;
  if (restored.entries !== seq || restored.hash !== prev) throw new CodedError('reopening_malformed', `entry ${seq}: what it says was restored is not what stands before it`);
  if (known.entries <= restored.entries) throw new CodedError('reopening_malformed', `entry ${seq}: nothing was lost, so nothing is to be reopened`);
  return data;
}

/** Whether a head that a process kept is among the entries that the reopening says were lost. */
export function tellsOf({ restored, known }: Reopening, head: Head): boolean {
  if (head.incarnation !== known.incarnation || head.seq < restored.entries || head.seq >= known.entries) return false;
  return head.seq !== known.entries - 1 || known.hash === null || known.hash === head.hash;
}

function isReopening(data: JsonObject): data is JsonObject & Reopening {
  const { restored, known, ...others } = data;
  if (Object.keys(others).length > 0 || !isJsonObject(restored) || !isJsonObject(known)) return false;
  if (Object.keys(restored).sort().join() !== 'entries,hash' || Object.keys(known).sort().join() !== 'checkpoint,entries,hash,incarnation') return false;
  const { checkpoint, incarnation } = known;
  return isCount(restored.entries) && isDigest(restored.hash) && isCount(known.entries) && (known.hash === null || isDigest(known.hash)) && typeof incarnation === 'string' && (checkpoint === null || typeof checkpoint === 'string');
}

function isCount(value: JsonValue | undefined): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isDigest(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
