import { isJsonObject, type Instant, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import type { EndState, OffboardEvent } from '#lifecycle';

export const STAGES = ['parse', 'verify', 'score', 'gate', 'approve', 'execute'] as const;
export type Stage = (typeof STAGES)[number];

/** Whom or what an open case waits for; null while it moves by itself. */
export type Waiting = 'date' | 'people' | 'window' | 'person' | 'parked';

/** One case as a list shows it: where it stands, about whom, how risky, and how it ended. */
export interface CaseRow {
  readonly case: string;
  readonly pipeline: string;
  readonly stage: Stage;
  /** The phase that is judged, approved or carried out. */
  readonly phase: 'soft' | 'hard' | 'reinstate';
  readonly waiting: Waiting | null;
  readonly outcome: EndState | null;
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
  const event = entry as Entry & OffboardEvent;
  if (event.type !== 'request.received') return row && { ...row, ...changes(row, event), updated: entry.at, lastSeq: entry.seq };
  const { case: id, at, seq } = entry;
  if (row || id === null) return row;
  const { pipeline, requester } = event.data;
  return { case: id, pipeline, stage: 'parse', phase: 'soft', waiting: null, outcome: null, requester, person: null, score: null, opened: at, updated: at, firstSeq: seq, lastSeq: seq };
}

function changes(row: CaseRow, event: OffboardEvent): Partial<CaseRow> {
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
    default:
      return {};
  }
}

function isSoftDone({ type, data }: JsonObject): boolean {
  return type === 'order.finished' && isJsonObject(data) && data.phase === 'soft';
}

/** The stage that an entry belongs to in a case's story. */
export function stageOf(type: string): Stage {
  switch (type.slice(0, type.indexOf('.'))) {
    case 'request':
    case 'intent':
      return 'parse';
    case 'requester':
    case 'evidence':
      return 'verify';
    case 'risk':
      return 'score';
    case 'gate':
      return 'gate';
    case 'approval':
      return 'approve';
    default:
      return 'execute';
  }
}
