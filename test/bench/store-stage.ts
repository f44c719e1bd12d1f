import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, openStore, type StoreAccess } from '#ledger';
import { addressesAt, httpsUrl } from '../../apps/console/addresses.js';
import { DIST } from '../../apps/console/gatehouse.js';
import { partsOf } from '../../apps/console/parts.js';
import { foldersOf, prepare } from '../../apps/console/set-up.js';
import { endTogether, Stack } from '../../apps/console/stack.js';

/** The embedded store in a process of its own, over TLS, and who may do what there. */
export interface StoreStage {
  readonly data: string;
  /** How an app reaches it. */
  access(user: 'gatekeeper' | 'doer' | 'notary'): StoreAccess;
  open(user: 'gatekeeper' | 'doer' | 'notary'): EventStore;
  /** Starts the notary beside it, for the tenants in its file; answers its address. */
  startNotary(): Promise<string>;
  end(): Promise<void>;
}

/** Starts one at `basePort`; `data` is made and removed again where none is given. */
export async function startStore(basePort: number, data?: string): Promise<StoreStage> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const addresses = addressesAt(basePort);
  await prepare({ data: folder, addresses, windowSeconds: 1, approvalSeconds: 1 });
  const { tls, secrets, logs } = foldersOf(folder);
  const stack = new Stack(DIST, logs);
  endTogether(stack);
  const parts = partsOf(folder, addresses, '');
  await stack.start(parts.store);
  const opened: EventStore[] = [];
  const access = (user: string): StoreAccess => ({
    address: addresses.store.replace('127.0.0.1', 'localhost'),
    ca: readFileSync(join(tls, 'ca.pem')),
    user,
    password: readFileSync(join(secrets, `store-${user}.password`), 'utf8').trim(),
  });
  return {
    data: folder,
    access,
    open(user) {
      const store = openStore(access(user));
      opened.push(store);
      return store;
    },
    async startNotary() {
      await stack.start(parts.notary);
      return httpsUrl(addresses.notary);
    },
    async end() {
      for (const store of opened) await store.close();
      await stack.endAll();
      if (data === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One line of a verdict: the ratio, and whether it reaches what was asked. */
export function reach(what: string, ratio: number, wanted: { readonly least: number } | { readonly most: number }, figures: string): string {
  const holds = 'least' in wanted ? ratio >= wanted.least : ratio <= wanted.most;
  const limit = 'least' in wanted ? `at least ${wanted.least}` : `at most ${wanted.most}`;
  return `  ${what}: ${ratio.toPrecision(3)} (${limit}) ${holds ? 'reached' : 'NOT REACHED'}; ${figures}`;
}
