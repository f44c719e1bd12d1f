import 'reflect-metadata';
import { identityTls, listen, readConfig, ReaderTenantSettings, readItems, readSecret, run, storeAccess } from '#edge';
import { openStore } from '#ledger';
import { openVault } from '#vault';
import { openViews } from '#views';
import { adminApp } from './app.js';
import { Sources } from './queries.js';
import { Settings } from './settings.js';
import { ViewKeeper } from './view-keeper.js';

const VAULT_TIMEOUT_MS = 5_000;

run('admin', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenants = readItems(ReaderTenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  const tls = identityTls(settings, 'ignored');
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());
  const vault = openVault({ address: settings.GATEHOUSE_VAULT_URL, token: readSecret('GATEHOUSE_VAULT_TOKEN_FILE', settings.GATEHOUSE_VAULT_TOKEN_FILE), ca: tls.ca.toString('utf8'), timeoutMs: VAULT_TIMEOUT_MS });
  const views = new Map(tenants.map(({ id }) => [id, openViews({ file: settings.GATEHOUSE_VIEWS_FILE, tenant: id })]));
  const keepers = [...views].map(([tenant, own]) => new ViewKeeper(store, tenant, own, log));
  for (const keeper of keepers) {
    keeper.start();
    ending(() => keeper.end());
  }
  const probes = {
    views: () => keepers.find(({ trouble }) => trouble !== undefined)?.trouble,
    vault: async () => ((await vault.healthy()) ? undefined : 'cannot be used'),
  };
  const app = await adminApp({ tenants, sources: new Sources(views, vault, settings.GATEHOUSE_POLICY_DIR), probes, tls, log });
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_ADMIN_LISTEN, 'GATEHOUSE_ADMIN_LISTEN') });
});
