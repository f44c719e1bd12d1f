import 'reflect-metadata';
import { identityTls, listen, readConfig, readItems, readKey, readSecret, run, snapshotPlace, storeAccess } from '#edge';
import { parseRequest, readTenantMarkers } from '#intake';
import { EntrySeal, openStore } from '#ledger';
import { RunningPolicy } from '#policy';
import { parseProfile } from '#risk';
import { openVault } from '#vault';
import { gatekeeperApp } from './app.js';
import { ApprovalsClient } from './approvals-client.js';
import { ReceiveRequestHandler } from './commands.js';
import { Decisions } from './decisions.js';
import { DEPENDENCIES } from './dependencies.js';
import { ENTRYPOINTS } from './gate.js';
import { IntakeLimits } from './intake-limits.js';
import { ModelClient, modelPlace } from './model-client.js';
import { TaskPerformer } from './performer.js';
import { policySource } from './policy-source.js';
import { takeReceipts } from './receipts.js';
import { Saga } from './saga.js';
import { Settings, TenantSettings } from './settings.js';
import { doerTls, openTenant } from './tenant.js';
import { Tenants } from './tenants.js';
import { warnOperator } from './warnings.js';
import { followWorkday } from './workday-feed.js';

const VAULT_TIMEOUT_MS = 10_000;
/** So often it is asked whether there is another policy bundle. */
const POLICY_EVERY_MS = 5_000;
/** So long a new one may take to answer an empty question. */
const POLICY_TRIAL_MS = 5_000;

run('gatekeeper', async (log, ending) => {
  const settings = readConfig(Settings, process.env);
  const tenantSettings = readItems(TenantSettings, 'GATEHOUSE_TENANTS', settings.GATEHOUSE_TENANTS);
  // a wrong marker file stops the process: half the markers would look like all of them
  const markers = new Map(tenantSettings.map((one) => [one.id, readTenantMarkers(one.markers ?? [], `GATEHOUSE_TENANTS ${one.id}.markers`)]));
  // so does a wrong risk profile: no case is scored by half of one
  for (const one of tenantSettings) parseProfile(one.risk ?? {}, `GATEHOUSE_TENANTS ${one.id}.risk`);
  const tls = identityTls(settings, 'asked');
  for (const [i, { doer }] of tenantSettings.entries()) doerTls(settings.GATEHOUSE_TLS_CA, doer, i);
  const clock = (): Date => new Date();
  const store = openStore(storeAccess(settings, tls.ca));
  ending(() => store.close());
  const vault = openVault({ address: settings.GATEHOUSE_VAULT_URL, token: readSecret('GATEHOUSE_VAULT_TOKEN_FILE', settings.GATEHOUSE_VAULT_TOKEN_FILE), ca: tls.ca.toString('utf8'), timeoutMs: VAULT_TIMEOUT_MS });
  const linkKey = readKey('GATEHOUSE_LINK_KEY_FILE', settings.GATEHOUSE_LINK_KEY_FILE);
  const slackSigningSecret = readSecret('GATEHOUSE_SLACK_SIGNING_SECRET_FILE', settings.GATEHOUSE_SLACK_SIGNING_SECRET_FILE);
  const publicUrl = settings.GATEHOUSE_APPROVALS_PUBLIC_URL;
  const policy = new RunningPolicy({
    source: policySource(settings, tls.ca),
    entrypoints: Object.values(ENTRYPOINTS),
    ...(settings.GATEHOUSE_POLICY_NOT_BEFORE !== undefined && { notBefore: settings.GATEHOUSE_POLICY_NOT_BEFORE }),
    everyMs: POLICY_EVERY_MS,
    deadlineMs: POLICY_TRIAL_MS,
    hear: ({ event, ...facts }) => log(event, facts),
  });
  ending(() => policy.close());
  const asked = modelPlace(settings);
  const model = asked && new ModelClient(asked, clock, log);
  const tenants = new Tenants(tenantSettings, log);
  const decisions = new Decisions(tenants, { linkKey, slackSigningSecret, publicUrl }, clock, log);

  // a first text pays for compiling patterns and calendars, and a second for finding them hot: no requester's shall
  for (let i = 0; i < 3; i += 1) parseRequest('Please offboard nobody@example.org, last day today', { now: clock(), zone: 'UTC' });
  const limits = new IntakeLimits({ burst: settings.GATEHOUSE_INTAKE_BURST, perSecond: settings.GATEHOUSE_INTAKE_PER_SECOND }, clock);
  const app = await gatekeeperApp(tenants, decisions, tls, log, clock, limits);
  ending(() => app.close());
  log('listening', { address: await listen(app, settings.GATEHOUSE_GATEKEEPER_LISTEN, 'GATEHOUSE_GATEKEEPER_LISTEN') });

  const stopped = new AbortController();
  const received = new ReceiveRequestHandler();
  const approvals = new ApprovalsClient(settings.GATEHOUSE_APPROVALS_URL, tls);
  const around = { store, vault, policy, keptHeads: settings.GATEHOUSE_KEPT_HEADS, seal: new EntrySeal(readKey('GATEHOUSE_ENTRY_KEY_FILE', settings.GATEHOUSE_ENTRY_KEY_FILE)), ca: tls.ca, caFile: settings.GATEHOUSE_TLS_CA, snapshots: snapshotPlace(settings), clock, log };
  const up = tenants.open(
    (one) => openTenant(one, markers.get(one.id) ?? readTenantMarkers([], one.id), around),
    (tenant) => {
      const performer = new TaskPerformer(tenant, approvals, { key: linkKey, publicUrl }, clock, model);
      const saga = new Saga({ ledger: tenant.ledger, terms: tenant.terms, performer, clock, log, dependencies: DEPENDENCIES });
      warnOperator(tenant.settings.id, tenant.ledger, log);
      saga.start();
      const receipts = takeReceipts(tenant, store, stopped.signal, log);
      const feeds = tenant.feeds.map((feed) => followWorkday({ tenant, feed, receive: (request) => received.execute(request), signal: stopped.signal, log }));
      void tenant.ledger.follow().then(() => tenant.ledger.stopped && log('tenant_stopped', { tenant: tenant.settings.id, code: tenant.ledger.trouble ?? 'fault' }));
      ending(async () => {
        saga.end();
        stopped.abort();
        await Promise.all([receipts, ...feeds]);
        await tenant.ledger.close();
      });
    },
  );
  ending(async () => {
    tenants.end();
    await up;
  });
});
