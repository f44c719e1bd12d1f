import type { Client } from '../client.js';
import { TENANT } from '../set-up.js';
import type { Filed } from './replay.js';

/** What became of one class of leave events, read from the ledger and not from what was seen on the way. */
export interface Row {
  readonly requests: number;
  readonly done: number;
  /** A human was asked. */
  readonly held: number;
  /** The doer got an order. */
  readonly executed: number;
}

export interface Summary {
  readonly genuine: Row;
  readonly renamed: Row;
  readonly seconds: number;
  /** Milliseconds from request to end of a case that ended done. */
  readonly p50: number;
  readonly p99: number;
}

/** Reads the ledger as an auditor and counts what became of each request. */
export async function summarise(client: Client, filed: readonly Filed[], seconds: number): Promise<Summary> {
  const { text } = await client.notary(`/v1/tenants/${TENANT}/ledger/export`);
  const told = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { type, case: id, data } = JSON.parse(line) as { readonly type: string; readonly case: string | null; readonly data: { readonly as?: string } };
    if (id === null) continue;
    const types = told.get(id) ?? new Set();
    told.set(id, types.add(type === 'case.ended' ? `${type}.${data.as ?? ''}` : type));
  }
  const row = (of: readonly Filed[]): Row => {
    const which = (...types: readonly string[]): number => of.filter(({ case: id }) => types.some((type) => told.get(id)?.has(type))).length;
    return { requests: of.length, done: which('case.ended.done'), held: which('approval.requested'), executed: which('soft.ordered', 'hard.ordered') };
  };
  const times = filed.filter(({ ended }) => ended === 'done').map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { genuine: row(filed.filter(({ leave }) => !leave.renamed)), renamed: row(filed.filter(({ leave }) => leave.renamed)), seconds, p50: at(0.5), p99: at(0.99) };
}

/** The summary as lines of text. */
export function linesOf({ genuine, renamed, seconds, p50, p99 }: Summary): readonly string[] {
  const columns = ['requests', 'done', 'held', 'executed'] as const;
  const line = (name: string, cells: readonly string[]): string => name.padEnd(18) + cells.map((cell) => cell.padStart(10)).join('');
  const requests = genuine.requests + renamed.requests;
  return [
    line('', columns),
    line('left', columns.map((column) => String(genuine[column]))),
    line('renamed, stays', columns.map((column) => String(renamed[column]))),
    `${String(requests)} requests in ${seconds.toFixed(1)} s: ${(requests / seconds).toFixed(1)} cases a second from request to end; of those done (the window included), p50 ${String(p50)} ms, p99 ${String(p99)} ms`,
  ];
}
