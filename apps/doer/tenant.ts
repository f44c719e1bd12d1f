import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '#decider';
import type { Log, SnapshotPlace } from '#edge';
import { DeliveryDesk, type DoerCommand, type DoerJournal, doerJournal, ExecutionRunner, JOURNAL_CODEC, type PortalHands } from '#execution';
import { Book, type EntrySeal, type EventStore, KeptHeadFile, SnapshotFile } from '#ledger';
import { packetKeys } from '#packet';
import { openConnector } from '#portals';
import { redeemGrant } from '#vault';
import type { TenantSettings } from './settings.js';

/** How long an outside system may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** How long a delivery may wait for a journal that is away before its sender hears 503. */
const PATIENCE_MS = 2_000;

/** What all tenants of the process share. */
export interface Surroundings {
  readonly store: EventStore;
  readonly vaultUrl: string;
  /** The folder where the heads of the books are kept, outside the store. */
  readonly keptHeads: string;
  /** What this process's entries are told by. */
  readonly seal: EntrySeal;
  /** PEM of the authority that store, Vault and portals are trusted by. */
  /** Who certifies the Vault, which is ours. */
  readonly ca: string;
  /** Who certifies the portals, which mostly are not. */
  readonly portalCa: string;
  readonly retrySeconds: readonly number[];
  /** Where the fold is kept for the next start; undefined where each start reads all of the book. */
  readonly snapshots: SnapshotPlace | undefined;
  readonly clock: () => Date;
  readonly stopping: AbortSignal;
  readonly log: Log;
}

/** What runs for one tenant. */
export interface TenantRuntime {
  readonly journal: Book<DoerJournal, DoerCommand>;
  readonly runner: ExecutionRunner;
  readonly desk: DeliveryDesk;
}

/**
 * Folds the tenant's journal and takes up what it left open.
 * @throws CodedError of what is missing or does not fit; a store that is away may be tried again.
 */
export async function openTenant(settings: TenantSettings, around: Surroundings): Promise<TenantRuntime> {
  const { id: tenant, windowSeconds } = settings;
  const { clock, retrySeconds, log } = around;
  const keys = keysOf(settings);
  const stream = `doer-${tenant}`;
  const snapshots = around.snapshots && new SnapshotFile({ ...around.snapshots, tenant, stream, codec: JOURNAL_CODEC, heard: (event, code) => log(event, { tenant, code }) });
  const journal = await Book.open<DoerJournal, DoerCommand>({
    store: around.store,
    stream,
    ...(snapshots && { snapshots }),
    tenant,
    opening: { type: 'journal.opened', case: null, actor: 'doer', data: { app: 'doer' } },
    machine: doerJournal({ tenant, windowSeconds, attempts: retrySeconds.length + 1 }),
    clock,
    newId: randomUUID,
    seal: around.seal,
    patienceMs: PATIENCE_MS,
    kept: new KeptHeadFile(join(around.keptHeads, `doer-${tenant}.json`)),
  });
  const stuck = (caseId: string, code: string): void => log('case_stuck', { tenant, case: caseId, code });
  const runner = new ExecutionRunner({ tenant, journal, hands: handsOf(settings, around), retrySeconds, stuck });
  return { journal, runner, desk: new DeliveryDesk({ keys, journal, runner, clock }) };
}

/** The tenant's verification keys. @throws CodedError `packet_key` for keys of the wrong length. */
export function keysOf({ id, hmac, ed25519 }: TenantSettings): ReturnType<typeof packetKeys> {
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64url');
  return packetKeys({ tenant: id, hmac: { id: hmac.id, key: bytes(hmac.key) }, ed25519: { id: ed25519.id, publicKey: bytes(ed25519.publicKey) } });
}

function handsOf({ portals }: TenantSettings, { vaultUrl, ca, portalCa, clock, stopping }: Surroundings): PortalHands {
  const portalOf = (id: string) => {
    const found = portals.find((portal) => portal.id === id);
    if (!found) throw new CodedError('portal_unknown', `${id} is not configured`);
    return found;
  };
  return {
    // async, so that a portal that is not configured is a refusal like any other
    redeem: async (portal, grant) => redeemGrant({ address: vaultUrl, ca, timeoutMs: TIMEOUT_MS, roleId: portalOf(portal).roleId, grant, clock }),
    connect(portal, token) {
      const { kind, url } = portalOf(portal);
      return openConnector({ portal, kind, url, token, ca: portalCa, timeoutMs: TIMEOUT_MS });
    },
    clock,
    wait: (ms) => delay(ms, undefined, { signal: stopping }).catch(() => undefined),
    randomKey: () => randomBytes(32),
    stopping,
  };
}
