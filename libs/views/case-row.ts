import { isJsonObject, type Instant, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import type { EndState, ErasureEnd, ErasureEvent, OffboardEvent } from '#lifecycle';

export const STAGES = ['parse', 'verify', 'score', 'gate', 'approve', 'execute'] as const;
export type Stage = (typeof STAGES)[number];

/** Whom or what an open case waits for; null while it moves by itself. */
export type Waiting = 'date' | 'people' | 'window' | 'person' | 'parked';

/** A stage, and the phase that it is gone through for. */
export interface Place {
  readonly stage: Stage;
  readonly phase: 'soft' | 'hard' | 'reinstate' | 'erase';
}

/** One case or procedure as a list shows it: where it stands, about whom, how risky, and how it ended. */
export interface CaseRow extends Place {
  readonly case: string;
  readonly pipeline: string;
  readonly waiting: Waiting | null;
  readonly outcome: EndState | ErasureEnd | null;
  readonly requester: string;
  /** The opaque id of the person concerned, once one was found. */
  readonly person: string | null;
  readonly score: number | null;
  readonly opened: Instant;
  readonly updated: Instant;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The row after one entry of its case; undefined before the case's first one. */
export function evolveRow(row: CaseRow | undefined, entry: Entry): CaseRow | undefined {
  const event = entry as Entry & (OffboardEvent | ErasureEvent);
  const opening = event.type === 'request.received' || event.type === 'erasure.requested';
  if (!opening) return row && { ...row, ...changes(row, event), updated: entry.at, lastSeq: entry.seq };
  const { case: id, at, seq } = entry;
  if (row || id === null) return row;
  const { requester } = event.data;
  const fresh = { case: id, waiting: null, outcome: null, requester, score: null, opened: at, updated: at, firstSeq: seq, lastSeq: seq };
  if (event.type === 'erasure.requested') return { ...fresh, pipeline: 'erasure', stage: 'gate', phase: 'erase', person: event.data.person };
  return { ...fresh, pipeline: event.data.pipeline, stage: 'parse', phase: 'soft', person: null };
}

function changes(row: CaseRow, event: OffboardEvent | ErasureEvent): Partial<CaseRow> {
  switch (event.type) {
    case 'intent.parsed':
      return { stage: 'verify' };
    case 'evidence.taken':
      return { stage: 'score', phase: event.data.phase, person: event.data.person ?? row.person };
    case 'risk.scored':
      return { stage: 'gate', score: event.data.score };
    case 'gate.decided':
      // an order that is due stands right behind it and says otherwise
      return { stage: 'gate', waiting: event.data.outcome === 'allow' && event.data.phase === 'soft' ? 'date' : null };
    case 'approval.superseded':
      return { stage: 'gate', waiting: null };
    case 'approval.requested':
      return { stage: 'approve', waiting: 'people' };
    case 'approval.granted':
    case 'approval.rejected':
    case 'approval.expired':
    case 'case.resumed':
      return { waiting: null };
    case 'soft.ordered':
      return { stage: 'execute', phase: 'soft', waiting: null };
    case 'hard.ordered':
      return { stage: 'execute', phase: 'hard', waiting: null };
    case 'reinstate.ordered':
      return { stage: 'execute', phase: 'reinstate', waiting: null };
    case 'receipt.taken':
      return isSoftDone(event.data.entry) && row.waiting === null && row.outcome === null ? { waiting: 'window' } : {};
    case 'reinstate.requested':
      return { stage: 'verify', phase: 'reinstate', waiting: null };
    case 'person.needed':
      return { waiting: 'person' };
    case 'case.parked':
      return { waiting: 'parked' };
    case 'case.ended':
      return { outcome: event.data.as, waiting: null };
    case 'erasure.decided':
      return { stage: 'gate' };
    case 'erasure.ordered':
      return { stage: 'execute', waiting: null };
    case 'erasure.refused':
      return { outcome: 'refused', waiting: null };
    case 'erasure.finished':
      return { outcome: 'erased', waiting: null };
    default:
      return {};
  }
}

function isSoftDone({ type, data }: JsonObject): boolean {
  return type === 'order.finished' && isJsonObject(data) && data.phase === 'soft';
}

/** Where an entry stands in its case's story: what only accompanies a stage stays in it. */
export function placeOf(event: { readonly type: string; readonly data: JsonObject }, before: Place): Place {
  const { type, data } = event as OffboardEvent | ErasureEvent;
  switch (type) {
    case 'evidence.taken':
      return { stage: 'verify', phase: data.phase };
    case 'risk.scored':
      return { ...before, stage: 'score' };
    case 'gate.decided':
      return { ...before, stage: 'gate' };
    case 'approval.requested':
      return { ...before, stage: 'approve' };
    case 'soft.ordered':
      return { stage: 'execute', phase: 'soft' };
    case 'hard.ordered':
      return { stage: 'execute', phase: 'hard' };
    case 'reinstate.ordered':
      return { stage: 'execute', phase: 'reinstate' };
    case 'reinstate.requested':
      return { stage: 'parse', phase: 'reinstate' };
    case 'erasure.requested':
    case 'erasure.decided':
      return { stage: 'gate', phase: 'erase' };
    case 'erasure.ordered':
      return { stage: 'execute', phase: 'erase' };
    default:
      return before;
  }
}

/** Where every story begins. */
export const START: Place = { stage: 'parse', phase: 'soft' };
