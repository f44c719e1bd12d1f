import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '#decider';
import { type Log, type SnapshotPlace, type tlsOptions, tlsOptions as readTls, withPublicAuthorities } from '#edge';
import { type Hris, openHris, openWorkdayReport } from '#evidence';
import type { TenantMarkers } from '#intake';
import { Book, type EntrySeal, type EventStore, KeptHeadFile, SnapshotFile } from '#ledger';
import { type ErasureOrdered, TENANT_CODEC, type Tenant, type TenantCommand, tenantLedger, type Terms } from '#lifecycle';

import type { RunningPolicy } from '#policy';
import { type Connector, openConnector } from '#portals';
import { parseLeaverLimits, parseProfile, type RiskProfile } from '#risk';
import { type PacketSigner, packetSigner } from '#signing';
import { httpSender, type PacketSender } from '#transport';
import { channelPath, packetHmacPath, packetKeyName, readerPath, type Vault } from '#vault';
import { CaseKeys } from './case-keys.js';
import { HRIS_READER } from './distinct-readers.js';
import { feedKey } from './feed-key.js';
import { Gate } from './gate.js';
import type { ChannelSettings, FeedSettings, TenantSettings } from './settings.js';
import type { HrisSource } from './termination.js';
import type { TicketKind } from './ticket-bodies.js';
import type { WorkdayFeed } from './workday-feed.js';

/** How long an outside system may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** How long a command may wait for a store that is away. */
const PATIENCE_MS = 10_000;

/** A ticket system that may file requests. */
export interface TicketChannel {
  readonly kind: TicketKind;
  readonly secret: string;
}

/** An HRIS that says by itself who leaves. */
export interface HrisChannel {
  readonly kind: 'bamboohr';
  readonly secret: string;
  readonly hris: HrisSource;
}

/** What the gatekeeper knows and holds for one tenant. */
export interface TenantRuntime {
  readonly settings: TenantSettings;
  readonly terms: Terms;
  readonly ledger: Book<Tenant, TenantCommand>;
  readonly keys: CaseKeys;
  readonly vault: Vault;
  readonly hris: Hris;
  readonly portals: readonly Connector[];
  /** The ticket and HR systems that may file requests, by their ids. */
  readonly channels: ReadonlyMap<string, TicketChannel | HrisChannel>;
  readonly feeds: readonly WorkdayFeed[];
  readonly policy: Gate;
  readonly risk: RiskProfile;
  readonly markers: TenantMarkers;
  readonly signer: PacketSigner;
  readonly sender: PacketSender;
}

/** What all tenants of the process share. */
export interface Surroundings {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly policy: RunningPolicy;
  /** The folder where the heads of the books are kept, outside the store. */
  readonly keptHeads: string;
  /** What this process's entries are told by. */
  readonly seal: EntrySeal;
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
export async function openTenant(settings: TenantSettings, markers: TenantMarkers, around: Surroundings): Promise<TenantRuntime> {
  const { vault, store, clock, ca } = around;
  const { id } = settings;
  const outside = { ca: withPublicAuthorities(ca), timeoutMs: TIMEOUT_MS };
  const hmac = await vault.read(packetHmacPath(id));
  if (typeof hmac?.id !== 'string' || typeof hmac.key !== 'string') throw new CodedError('vault_answer', `${packetHmacPath(id)}: no key`);
  const credentialAt = async (path: string): Promise<{ readonly token: string; readonly user?: string }> => {
    const held = await vault.read(path);
    if (typeof held?.token !== 'string') throw new CodedError('vault_answer', `${path}: no token`);
    return { token: held.token, ...(typeof held.user === 'string' && { user: held.user }) };
  };
  const reader = (of: string): ReturnType<typeof credentialAt> => credentialAt(readerPath(id, of));
  const terms: Terms = {
    tenant: id,
    keys: { hmac: hmac.id, ed25519: settings.ed25519KeyId },
    acceptSeconds: settings.acceptSeconds,
    windowSeconds: settings.windowSeconds,
    approvalSeconds: settings.approvalSeconds,
    leaverLimits: parseLeaverLimits(settings.policyData['leavers_per_hour']),
  };
  const portals = await Promise.all(
    settings.portals.map(async ({ id: portal, kind, url }) => openConnector({ portal, kind, url, ...(await reader(portal)), ...outside })),
  );
  const channelOf = async ({ id: channel, kind, requester = '' }: ChannelSettings): Promise<TicketChannel | HrisChannel> => {
    const { token: secret } = await credentialAt(channelPath(id, channel));
    return kind === 'bamboohr' ? { kind, secret, hris: { id: channel, kind: 'channel', requester, key: await feedKey(vault, id, 'channel', channel) } } : { kind, secret };
  };
  const channels = new Map(await Promise.all(settings.channels.map(async (one) => [one.id, await channelOf(one)] as const)));
  const feedOf = async ({ id: feed, url, requester, since, everySeconds }: FeedSettings): Promise<WorkdayFeed> => ({
    hris: { id: feed, kind: 'feed', requester, key: await feedKey(vault, id, 'feed', feed) },
    report: openWorkdayReport({ url, ...(await reader(feed)), ...outside }),
    since,
    everyMs: everySeconds * 1_000,
  });
  const feeds = await Promise.all(settings.feeds.map(feedOf));
  const hris = openHris({ kind: settings.hris.kind, now: clock, url: settings.hris.url, ...(await reader(HRIS_READER)), ...outside });
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
    seal: around.seal,
    patienceMs: PATIENCE_MS,
    kept: new KeptHeadFile(join(around.keptHeads, `ledger-${id}.json`)),
  });
  await ledger.commit({ do: 'enrol', approvers: settings.approvers.map(({ person, slack, passkey, roles }) => ({
      person,
      slack: { team: slack.team, user: slack.user },
      passkey: { credentialId: passkey.credentialId, publicKey: passkey.publicKey, counter: passkey.counter },
      roles,
    })) });
  const keys = new CaseKeys(vault, id, (bytes) => randomBytes(bytes));
  // whichever gatekeeper destroys them, this one holds them no longer
  ledger.onEntry(({ type, data }) => {
    if (type === 'erasure.ordered' || type === 'erasure.finished') keys.forget((data as ErasureOrdered).cases);
  });
  const doer = doerTls(around.caFile, settings.doer);
  const signer = packetSigner({ vault, tenant: id, transitKey: packetKeyName(id), hmacKey: new Uint8Array(Buffer.from(hmac.key, 'base64url')) });
  const sender = httpSender({ url: settings.doer.url, ca, cert: doer.cert, key: doer.key, timeoutMs: TIMEOUT_MS });
  // last, because an attempt that failed earlier must leave no worker behind
  const policy = await Gate.open(around.policy, settings.policyData);
  return {
    settings,
    terms,
    ledger,
    keys,
    vault,
    hris,
    portals,
    channels,
    feeds,
    policy,
    risk: parseProfile(settings.risk ?? {}, `${id}.risk`),
    markers,
    signer,
    sender,
  };
}

/** The identity that a tenant's packets travel under; `place` is the tenant's in its file. @throws CodedError `configuration` naming what is wrong. */
export function doerTls(ca: string, { cert, key }: TenantSettings['doer'], place = 0): ReturnType<typeof readTls> {
  const at = `GATEHOUSE_TENANTS[${String(place)}].doer`;
  return readTls({ ca, cert, key }, 'ignored', { ca: 'GATEHOUSE_TLS_CA', cert: `${at}.cert`, key: `${at}.key` });
}
