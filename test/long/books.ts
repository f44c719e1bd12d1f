import { isJsonObject, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import type { Client } from '../../dist/apps/console/client.js';

export interface Books {
  readonly ledger: readonly Entry[];
  readonly journal: readonly Entry[];
}

/** Both books, as an auditor gets them. */
export async function readBooks(client: Client): Promise<Books> {
  const read = async (book: 'ledger' | 'journal'): Promise<readonly Entry[]> =>
    (await client.notary(`/v1/tenants/acme/${book}/export`)).text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  return { ledger: await read('ledger'), journal: await read('journal') };
}

/** What the notary says after it recomputed both books. */
export async function verification(client: Client): Promise<JsonObject> {
  return (await client.notary('/v1/tenants/acme/ledger/verification')).body;
}

/** What is wrong between books of which every entry should have its receipt; empty when nothing is. */
export function bookFaults({ verdict, finding, receipts, journal }: JsonObject): readonly unknown[] {
  const all = isJsonObject(receipts) && isJsonObject(journal) && receipts.matched === journal.entries;
  return verdict === 'consistent' && all ? [] : [{ verdict, finding, receipts, journal }];
}

/** The entries of each case, in order. */
export function byCase(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const cases = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.case === null) continue;
    const known = cases.get(entry.case);
    if (known) known.push(entry);
    else cases.set(entry.case, [entry]);
  }
  return cases;
}
