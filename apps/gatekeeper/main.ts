import 'reflect-metadata';
import { identityTls, listen, readConfig, readItems, readKey, readSecret, run, snapshotPlace, storeAccess } from '#edge';
import { parseRequest, readTenantMarkers } from '#intake';
import { EntrySeal, openStore } from '#ledger';
import { openVault } from '#vault';
import { gatekeeperApp } from './app.js';
import { ApprovalsClient } from './approvals-client.js';
import { Decisions } from './decisions.js';
import { DEPENDENCIES } from './dependencies.js';
import { ModelClient, modelPlace } from './model-client.js';
import { TaskPerformer } from './performer.js';
import { takeReceipts } from './receipts.js';
import { Saga } from './saga.js';
import { Settings, TenantSettings } from './settings.js';
import { doerTls, openTenant } from './tenant.js';
import { Tenants } from './tenants.js';
import { warnOperator } from './warnings.js';

const VAULT_TIMEOUT_MS = 10_000;

run('gatekeeper', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenantSettings = readItems(TenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  // a wrong marker file stops the process: half the markers would look like all of them
  const markers = new Map(tenantSettings.map((one) => [one.id, readTenantMarkers(one.markers ?? [], `GATEHOUSE_TENANTS ${one.id}.markers`)]));
  const tls = identityTls(settings, 'asked');
  for (const [i, { doer }] of tenantSettings.entries()) doerTls(settings.GATEHOUSE_TLS_CA, doer, i);
  const clock = (): Date => new Date();
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());
  const vault = openVault({ address: settings.GATEHOUSE_VAULT_URL, token: readSecret('GATEHOUSE_VAULT_TOKEN_FILE', settings.GATEHOUSE_VAULT_TOKEN_FILE), timeoutMs: VAULT_TIMEOUT_MS });
  const linkKey = readKey('GATEHOUSE_LINK_KEY_FILE', settings.GATEHOUSE_LINK_KEY_FILE);
  const slackSigningSecret = readSecret('GATEHOUSE_SLACK_SIGNING_SECRET_FILE', settings.GATEHOUSE_SLACK_SIGNING_SECRET_FILE);
  const publicUrl = settings.GATEHOUSE_APPROVALS_PUBLIC_URL;
  const asked = modelPlace(settings);
  const model = asked && new ModelClient(asked, clock, log);
  const tenants = new Tenants(tenantSettings, log);
  const decisions = new Decisions(tenants, { linkKey, slackSigningSecret, publicUrl }, clock, log);

  // a first text pays for compiling patterns and calendars, and a second for finding them hot: no requester's shall
  for (let i = 0; i < 3; i += 1) parseRequest('Please offboard nobody@example.org, last day today', { now: clock(), zone: 'UTC' });
  const app = await gatekeeperApp(tenants, decisions, tls, log, clock);
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_GATEKEEPER_LISTEN, 'GATEHOUSE_GATEKEEPER_LISTEN') });

  const stopped = new AbortController();
  const approvals = new ApprovalsClient(settings.GATEHOUSE_APPROVALS_URL, tls);
  const around = { store, vault, policyDir: settings.GATEHOUSE_POLICY_DIR, keptHeads: settings.GATEHOUSE_KEPT_HEADS, seal: new EntrySeal(readKey('GATEHOUSE_ENTRY_KEY_FILE', settings.GATEHOUSE_ENTRY_KEY_FILE)), ca: tls.ca, caFile: settings.GATEHOUSE_TLS_CA, snapshots: snapshotPlace(settings), clock, log };
  const up = tenants.open(
    (one) => openTenant(one, markers.get(one.id) ?? readTenantMarkers([], one.id), around),
    (tenant) => {
      const performer = new TaskPerformer(tenant, approvals, { key: linkKey, publicUrl }, clock, model);
      const saga = new Saga({ ledger: tenant.ledger, terms: tenant.terms, performer, clock, log, dependencies: DEPENDENCIES });
      warnOperator(tenant.settings.id, tenant.ledger, log);
      saga.start();
      const receipts = takeReceipts(tenant, store, stopped.signal, log);
      void tenant.ledger.follow().then(() => tenant.ledger.stopped && log('tenant_stopped', { tenant: tenant.settings.id, code: tenant.ledger.trouble ?? 'fault' }));
      ending(async () => {
        saga.end();
        stopped.abort();
        await receipts;
        await tenant.ledger.close();
      });
    },
  );
  ending(async () => {
    tenants.end();
    await up;
  });
});
