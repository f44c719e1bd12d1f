import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '#decider';
import type { Log } from '#edge';
import { EMPTY_HEAD, type EventStore, followBook, type Head } from '#ledger';
import type { TenantRuntime } from './tenant.js';

/** Whose ledger takes the receipts. */
type Receiving = Pick<TenantRuntime, 'ledger'> & { readonly settings: Pick<TenantRuntime['settings'], 'id'> };

const MOST_UNDER_WAY = 128;
const PAUSE_MS = 500;

/**
 * Takes up each entry of the doer's journal into the ledger, exactly once and in order: the ledger's fold knows the last one,
 * and after an outage it starts again from there. A journal that does not fit is not believed: the tenant is stopped, since nobody sees
 * any more what a doer does with its orders.
 */
export async function takeReceipts(runtime: Receiving, store: EventStore, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    try {
      await takeUntilFault(runtime, store, signal, log);
    } catch (error) {
      const code = codeOf(error) ?? 'fault';
      log('receipts_interrupted', { tenant: runtime.settings.id, code });
      if (code !== 'store_unreachable' && code !== 'store_refused') {
        runtime.ledger.stop(error);
        return;
      }
    }
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function takeUntilFault({ ledger, settings }: Receiving, store: EventStore, signal: AbortSignal, log: Log): Promise<void> {
  let head = await headAt(store, settings.id, ledger.state.receipts);
  let failure: { readonly error: unknown } | undefined;
  const underWay = new Set<Promise<unknown>>();
  const interrupted = new AbortController();
  await followBook({
    store,
    stream: `doer-${settings.id}`,
    tenant: settings.id,
    head: () => head,
    async take(entry, next) {
      head = next;
      const receipt = ledger.commit({ do: 'takeReceipt', seq: next.seq, hash: next.hash, entry: { ...entry } }).catch((error: unknown) => {
        failure ??= { error };
        interrupted.abort();
      });
      underWay.add(receipt);
      void receipt.finally(() => underWay.delete(receipt));
      if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    },
    heard: (fault) => fault !== undefined && log('journal_unreached', { code: fault }),
    signal: AbortSignal.any([signal, interrupted.signal]),
  });
  await Promise.all(underWay);
  if (failure) throw failure.error;
}

/** The journal's head as of the last receipt; what the ledger does not hold of it is read from the journal and proven by the hash. */
async function headAt(store: EventStore, tenant: string, last: { readonly seq: number; readonly hash: string }): Promise<Head> {
  if (last.seq < 0) return EMPTY_HEAD;
  for await (const { bytes } of store.read(`doer-${tenant}`, last.seq, 1)) {
    const { incarnation, at } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { incarnation: string; at: string };
    return { ...last, incarnation, at };
  }
  return { ...last, incarnation: null, at: EMPTY_HEAD.at };
}
