import 'reflect-metadata';
import { identityTls, listen, readConfig, ReaderTenantSettings, readItems, run, storeAccess } from '#edge';
import { openStore } from '#ledger';
import { notaryApp } from './app.js';
import { Settings } from './settings.js';

run('notary', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenants = readItems(ReaderTenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  const tls = identityTls(settings, 'ignored');
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());
  const app = await notaryApp({ tenants, store, clock: () => new Date(), tls, log });
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_NOTARY_LISTEN, 'GATEHOUSE_NOTARY_LISTEN') });
});
