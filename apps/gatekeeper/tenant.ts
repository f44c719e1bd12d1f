import { randomBytes, randomUUID } from 'node:crypto';
import { CodedError } from '#decider';
import { type Log, type SnapshotPlace, type tlsOptions, tlsOptions as readTls } from '#edge';
import { type Hris, openHris } from '#evidence';
import { Book, type EventStore, SnapshotFile } from '#ledger';
import { TENANT_CODEC, type Tenant, type TenantCommand, tenantLedger, type Terms } from '#lifecycle';

import { type Connector, openConnector } from '#portals';
import { DEFAULT_WEIGHTS, type RiskWeights } from '#risk';
import { type PacketSigner, packetSigner } from '#signing';
import { httpSender, type PacketSender } from '#transport';
import { packetHmacPath, packetKeyName, readerPath, type Vault } from '#vault';
import { CaseKeys } from './case-keys.js';
import { Gate } from './gate.js';
import type { TenantSettings } from './settings.js';

/** How long an outside system may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** How long a command may wait for a store that is away. */
const PATIENCE_MS = 10_000;

/** What the gatekeeper knows and holds for one tenant. */
export interface TenantRuntime {
  readonly settings: TenantSettings;
  readonly terms: Terms;
  readonly ledger: Book<Tenant, TenantCommand>;
  readonly keys: CaseKeys;
  readonly vault: Vault;
  readonly hris: Hris;
  readonly portals: readonly Connector[];
  readonly policy: Gate;
  readonly weights: RiskWeights;
  readonly signer: PacketSigner;
  readonly sender: PacketSender;
}

/** What all tenants of the process share. */
export interface Surroundings {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly policyDir: string;
  readonly ca: ReturnType<typeof tlsOptions>['ca'];
  readonly caFile: string;
  /** Where the fold is kept for the next start; undefined where each start reads all of the book. */
  readonly snapshots: SnapshotPlace | undefined;
  readonly clock: () => Date;
  readonly log: Log;
}

/**
 * Brings one tenant up: reads its credentials from Vault, opens policy and ledger, and enrols the start configuration's approvers.
 * @throws CodedError of whatever is missing; the caller tries again.
 */
export async function openTenant(settings: TenantSettings, around: Surroundings): Promise<TenantRuntime> {
  const { vault, store, clock, ca } = around;
  const { id } = settings;
  const hmac = await vault.read(packetHmacPath(id));
  if (typeof hmac?.id !== 'string' || typeof hmac.key !== 'string') throw new CodedError('vault_answer', `${packetHmacPath(id)}: no key`);
  const token = async (reader: string): Promise<string> => {
    const held = await vault.read(readerPath(id, reader));
    if (typeof held?.token !== 'string') throw new CodedError('vault_answer', `${readerPath(id, reader)}: no token`);
    return held.token;
  };
  const terms: Terms = {
    tenant: id,
    keys: { hmac: hmac.id, ed25519: settings.ed25519KeyId },
    acceptSeconds: settings.acceptSeconds,
    windowSeconds: settings.windowSeconds,
    approvalSeconds: settings.approvalSeconds,
  };
  const portals = await Promise.all(
    settings.portals.map(async ({ id: portal, kind, url }) => openConnector({ portal, kind, url, token: await token(portal), timeoutMs: TIMEOUT_MS })),
  );
  const hris = openHris({ url: settings.hris.url, token: await token('hris'), timeoutMs: TIMEOUT_MS });
  const stream = `ledger-${id}`;
  const snapshots = around.snapshots && new SnapshotFile({ ...around.snapshots, tenant: id, stream, codec: TENANT_CODEC, heard: (event, code) => around.log(event, { tenant: id, code }) });
  const ledger = await Book.open<Tenant, TenantCommand>({
    store,
    stream,
    ...(snapshots && { snapshots }),
    tenant: id,
    opening: { type: 'ledger.opened', case: null, actor: 'gatekeeper', data: { by: 'gatekeeper' } },
    machine: tenantLedger(terms),
    clock,
    newId: randomUUID,
    patienceMs: PATIENCE_MS,
  });
  const approvers = settings.approvers.map(({ person, slack, passkey, roles }) => ({
    person,
    slack: { team: slack.team, user: slack.user },
    passkey: { credentialId: passkey.credentialId, publicKey: passkey.publicKey, counter: passkey.counter },
    roles,
  }));
  // a tenant that its own snapshot stopped comes up as one that was stopped while it ran: it says why, and does nothing
  if (!ledger.stopped) await ledger.commit({ do: 'enrol', approvers });
  const doer = readTls({ ca: around.caFile, cert: settings.doer.cert, key: settings.doer.key }, 'ignored');
  const signer = packetSigner({ vault, tenant: id, transitKey: packetKeyName(id), hmacKey: new Uint8Array(Buffer.from(hmac.key, 'base64url')) });
  const sender = httpSender({ url: settings.doer.url, ca, cert: doer.cert, key: doer.key, timeoutMs: TIMEOUT_MS });
  // last, because an attempt that failed earlier must leave no worker behind
  const policy = await Gate.open({ bundleDir: around.policyDir, tenantData: settings.policyData, deadlineMs: 1_000 });
  return {
    settings,
    terms,
    ledger,
    keys: new CaseKeys(vault, id, (bytes) => randomBytes(bytes)),
    vault,
    hris,
    portals,
    policy,
    weights: DEFAULT_WEIGHTS,
    signer,
    sender,
  };
}
