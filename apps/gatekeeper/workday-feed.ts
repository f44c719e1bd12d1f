import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, type JsonObject, type JsonValue } from '#decider';
import type { Log } from '#edge';
import { workdayDay, type WorkdayReport } from '#evidence';
import { PortalError } from '#portals';
import type { ReceiveRequest } from './commands.js';
import type { TenantRuntime } from './tenant.js';
import { EMPLOYEE_NUMBER, type HrisSource, type Termination, terminationRequest } from './termination.js';

/** A report of terminations that is asked for in turn. */
export interface WorkdayFeed {
  readonly hris: HrisSource;
  readonly report: WorkdayReport;
  /** `YYYY-MM-DD`: whose last day was before left before the feed was there. */
  readonly since: string;
  readonly everyMs: number;
}

interface Following {
  readonly tenant: TenantRuntime;
  readonly feed: WorkdayFeed;
  /** Records a request before it returns. */
  readonly receive: (request: ReceiveRequest) => Promise<unknown>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const TRIES = 4;
/** Doubled after each try. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Asks for the report until `signal` or the end of the tenant, and files each termination that the ledger does not know yet.
 * It holds nothing between two rounds, so a crash needs no recovery. A report that is away, or a row that cannot be read, is named in the ledger as `feed:<id>` until a round finds all well.
 */
export async function followWorkday(following: Following): Promise<void> {
  const { tenant, feed, signal, log } = following;
  let heard: string | undefined;
  while (!signal.aborted && !tenant.ledger.stopped) {
    let [code, pause]: [string | undefined, number] = [undefined, feed.everyMs];
    try {
      await round(following);
    } catch (error) {
      code = codeOf(error) ?? 'fault';
      pause = Math.max(pause, retryAfterMs(error));
    }
    if (code !== undefined && code !== heard) log('feed_interrupted', { tenant: tenant.settings.id, feed: feed.hris.id, code });
    heard = code;
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function round({ tenant, feed, receive, signal }: Following): Promise<void> {
  const dependency = `feed:${feed.hris.id}`;
  try {
    const read = (await patiently(() => feed.report.rows(), signal)).map(terminationIn);
    for (const termination of read) {
      if (signal.aborted) return;
      if (termination === undefined || termination.lastDay < feed.since) continue;
      const request = terminationRequest(tenant, feed.hris, termination);
      if (request.earlier === undefined) await receive(request);
    }
    const wrong = read.indexOf(undefined);
    // only now, so that one row does not hold up the others
    if (wrong >= 0) throw new PortalError('portal_answer', `row ${String(wrong)} has no Employee_ID or no Termination_Date that could be read`);
  } catch (error) {
    if (error instanceof PortalError && !tenant.ledger.state.lost.has(dependency)) await tenant.ledger.commit({ do: 'lose', dependency });
    throw error;
  }
  if (tenant.ledger.state.lost.has(dependency)) await tenant.ledger.commit({ do: 'restore', dependency });
}

/** Who leaves when, by one row of the report; undefined where it does not say both. */
export function terminationIn(row: JsonObject): Termination | undefined {
  const employee = textOf(row.Employee_ID);
  const lastDay = workdayDay(textOf(row.Termination_Date));
  return lastDay !== undefined && EMPLOYEE_NUMBER.test(employee) ? { employee, lastDay } : undefined;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** What passes by itself is tried again a few times, and not before the report asked for it; then it is the next round's turn. */
async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const code = codeOf(error);
      if ((code !== 'portal_unreachable' && code !== 'portal_throttled') || tries === TRIES || signal.aborted || retryAfterMs(error) > LONGEST_PAUSE_MS) throw error;
      await delay(Math.max(retryAfterMs(error), FIRST_PAUSE_MS * 2 ** (tries - 1)), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** How long the report asked to be left alone. */
function retryAfterMs(error: unknown): number {
  return error instanceof PortalError ? (error.retryAfter ?? 0) * 1_000 : 0;
}
