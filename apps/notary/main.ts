import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { identityTls, listen, readConfig, ReaderTenantSettings, readItems, run, storeAccess } from '#edge';
import { openStore } from '#ledger';
import { notaryApp } from './app.js';
import { keyOf } from './key.js';
import { outsideOf, Settings } from './settings.js';
import { TenantNotary } from './tenant-notary.js';

const SIGN_EVERY_MS = 60_000;

run('notary', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenants = readItems(ReaderTenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  const tls = identityTls(settings, 'ignored');
  const outside = outsideOf(settings);
  const signerOf = await keyOf(settings, tls.ca.toString());
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());
  const signing = { store, host: settings.GATEHOUSE_NOTARY_HOST, signerOf, outside, folder: settings.GATEHOUSE_NOTARY_CHECKPOINTS, signEveryMs: SIGN_EVERY_MS, clock: () => new Date(), newId: randomUUID, log };
  const notaries = new Map(tenants.map(({ id }) => [id, new TenantNotary({ ...signing, tenant: id })]));
  for (const notary of notaries.values()) ending(() => notary.close());
  const app = await notaryApp({ tenants, notaries, store, clock: signing.clock, tls, log });
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_NOTARY_LISTEN, 'GATEHOUSE_NOTARY_LISTEN') });
});
