import 'reflect-metadata';
import { setMaxListeners } from 'node:events';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CodedError } from '#decider';
import { cannotListen, hostPort, identityTls, listen, type Log, ProblemFilter, readConfig, readKey, READINESS, ReadinessController, type ReadinessProbe, readItems, refuseWrongMethods, run, snapshotPlace, storeAccess, withPublicAuthorities } from '#edge';
import { EntrySeal, openStore } from '#ledger';
import { listenHttp } from '#transport';
import { exchange } from '#vault';
import { Settings, TenantSettings } from './settings.js';
import { keysOf, openTenant } from './tenant.js';
import { Tenants } from './tenants.js';

const PROBE_MS = 2_000;

run('doer', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenantSettings = readItems(TenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  const identities = identitiesOf(tenantSettings);
  const tls = identityTls(settings, 'ignored');
  const vaultUrl = settings.GATEHOUSE_VAULT_URL;
  const ca = tls.ca.toString('utf8');
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());

  const stopping = new AbortController();
  // every waiting run listens to it
  setMaxListeners(0, stopping.signal);
  const tenants = new Tenants(tenantSettings, stopping.signal, log);
  const app = await healthApp({ journal: () => tenants.missing(), vault: () => vaultMissing(vaultUrl, ca) }, log);
  ending(() => app.close());
  await listen(app, settings.GATEHOUSE_DOER_HEALTH_LISTEN, 'GATEHOUSE_DOER_HEALTH_LISTEN');

  const around = { store, vaultUrl, ca, portalCa: withPublicAuthorities(tls.ca), keptHeads: settings.GATEHOUSE_KEPT_HEADS, seal: new EntrySeal(readKey('GATEHOUSE_ENTRY_KEY_FILE', settings.GATEHOUSE_ENTRY_KEY_FILE)), retrySeconds: settings.GATEHOUSE_DOER_RETRY_SECONDS, snapshots: snapshotPlace(settings), clock: () => new Date(), stopping: stopping.signal, log };
  const up = tenants.open((one) => openTenant(one, around));
  ending(async () => {
    stopping.abort();
    await up;
    await tenants.end();
  });
  const handle = (tenant: string, source: string, body: Uint8Array) => tenants.take(tenant, source, body);
  const address = settings.GATEHOUSE_DOER_LISTEN;
  const receiver = await listenHttp({ ...tls, ...hostPort(address, 'GATEHOUSE_DOER_LISTEN'), identities, handle }).catch((cause: unknown) => {
    throw cannotListen('GATEHOUSE_DOER_LISTEN', address, cause);
  });
  ending(() => receiver.close());
  log('listening', { address: receiver.address });
});

/** Certificate name to tenant. @throws CodedError `configuration` for a name or key that cannot stand. */
function identitiesOf(tenants: readonly TenantSettings[]): ReadonlyMap<string, string> {
  const identities = new Map<string, string>();
  for (const [i, settings] of tenants.entries()) {
    const at = `GATEHOUSE_TENANTS[${i}]`;
    if (identities.has(settings.transportIdentity)) throw new CodedError('configuration', `${at}.transportIdentity: speaks for another tenant already`);
    identities.set(settings.transportIdentity, settings.id);
    try {
      keysOf(settings);
    } catch (cause) {
      throw new CodedError('configuration', `${at}.hmac or .ed25519: not a key of the right length`, { cause });
    }
  }
  return identities;
}

async function healthApp(probes: Readonly<Record<string, ReadinessProbe>>, log: Log): Promise<INestApplication> {
  @Module({ controllers: [ReadinessController], providers: [{ provide: READINESS, useValue: probes }] })
  class DoerModule {}
  const app = await NestFactory.create<NestExpressApplication>(DoerModule, { bodyParser: false, logger: ['error', 'fatal'] });
  refuseWrongMethods(app);
  app.useGlobalFilters(new ProblemFilter(log));
  app.disable('x-powered-by');
  return app;
}

/** Asked without a token, since the doer has none. */
async function vaultMissing(url: string, ca: string): Promise<string | undefined> {
  const { status } = await exchange({ method: 'GET', url: new URL('/v1/sys/health', url).href, headers: {}, ca, timeoutMs: PROBE_MS });
  return status === 200 ? undefined : `answers ${status}`;
}
