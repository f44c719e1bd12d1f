import 'reflect-metadata';
import { listen, ReaderTenantSettings, readConfig, readItems, readSecret, run, tlsOptions } from '#edge';
import { openStore } from '#ledger';
import { notaryApp } from './app.js';
import { Settings } from './settings.js';

run('notary', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenants = readItems(ReaderTenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  const tls = tlsOptions({ ca: settings.GATEHOUSE_TLS_CA, cert: settings.GATEHOUSE_TLS_CERT, key: settings.GATEHOUSE_TLS_KEY }, 'ignored');
  const store = openStore({
    address: settings.GATEHOUSE_STORE_ADDRESS,
    ca: tls.ca,
    user: settings.GATEHOUSE_STORE_USER,
    password: readSecret('GATEHOUSE_STORE_PASSWORD_FILE', settings.GATEHOUSE_STORE_PASSWORD_FILE),
  });
  ending(() => store.close());
  const app = await notaryApp({ tenants, store, clock: () => new Date(), tls, log });
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_NOTARY_LISTEN, 'GATEHOUSE_NOTARY_LISTEN') });
});
