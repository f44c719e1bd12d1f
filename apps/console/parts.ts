import { join } from 'node:path';
import { type Addresses, httpsUrl, httpUrl } from './addresses.js';
import { foldersOf, LOG_HOST, SLACK_TEAM, TENANT } from './set-up.js';
import type { Part } from './stack.js';

export const APPS = ['sandbox', 'store', 'doer', 'gatekeeper', 'approvals', 'notary', 'admin'] as const;
export type App = (typeof APPS)[number];

/** Every process of the stack with its environment, in the order in which they are started, and ended the other way round. */
export function partsOf(data: string, addresses: Addresses, policyDir: string, people?: string): Readonly<Record<App, Part>> {
  const folders = foldersOf(data);
  const tls = (name: string) => ({
    GATEHOUSE_TLS_CA: join(folders.tls, 'ca.pem'),
    GATEHOUSE_TLS_CERT: join(folders.tls, `${name}.pem`),
    GATEHOUSE_TLS_KEY: join(folders.tls, `${name}.key`),
  });
  const store = (name: string) => ({
    GATEHOUSE_STORE_ADDRESS: addresses.store.replace('127.0.0.1', 'localhost'),
    GATEHOUSE_STORE_USER: name,
    GATEHOUSE_STORE_PASSWORD_FILE: join(folders.secrets, `store-${name}.password`),
  });
  const heads = (name: string) => ({ GATEHOUSE_KEPT_HEADS: join(folders.heads, name) });
  const tenants = (name: string) => ({ GATEHOUSE_TENANTS: join(folders.tenants, `${name}.json`) });
  const vault = (name: string) => ({ GATEHOUSE_VAULT_URL: httpUrl(addresses.vault), GATEHOUSE_VAULT_TOKEN_FILE: join(folders.secrets, `vault-${name}.token`) });
  const snapshots = (name: string) => ({ GATEHOUSE_SNAPSHOTS: join(folders.snapshots, name), GATEHOUSE_SNAPSHOT_KEY_FILE: join(folders.secrets, `snapshot-${name}-key`), GATEHOUSE_ENTRY_KEY_FILE: join(folders.secrets, `entry-${name}-key`) });
  const app = (name: App, env: Readonly<Record<string, string>>): Part => ({ name, entry: `apps/${name}/main.js`, env });
  return {
    sandbox: app('sandbox', {
      GATEHOUSE_SANDBOX_DATA: folders.sandbox,
      GATEHOUSE_SANDBOX_BASE_PORT: addresses.hris.split(':')[1] ?? '',
      GATEHOUSE_SANDBOX_SECRETS: join(folders.secrets, 'sandbox.json'),
      GATEHOUSE_SANDBOX_CA: join(folders.tls, 'ca.pem'),
      GATEHOUSE_SANDBOX_TLS_CA: join(folders.tls, 'ca.pem'),
      GATEHOUSE_SANDBOX_TLS_CERT: join(folders.tls, 'relay.pem'),
      GATEHOUSE_SANDBOX_TLS_KEY: join(folders.tls, 'relay.key'),
      GATEHOUSE_SANDBOX_RELAY_IDENTITIES: folders.tls,
      GATEHOUSE_SANDBOX_DOER_URL: httpsUrl(addresses.doer),
      GATEHOUSE_SANDBOX_APPROVALS_URL: httpsUrl(addresses.approvals),
      GATEHOUSE_SANDBOX_BAMBOOHR_URL: `${httpsUrl(addresses.gatekeeper)}/channels/v1/${TENANT}/bamboohr`,
      ...(people !== undefined && { GATEHOUSE_SANDBOX_PEOPLE: people }),
    }),
    store: {
      name: 'store',
      entry: 'eventstore/node/main.js',
      env: {
        GATEHOUSE_STORE_FILE: join(folders.store, 'events.db'),
        GATEHOUSE_STORE_LISTEN: addresses.store,
        GATEHOUSE_STORE_TLS_CERT: join(folders.tls, 'store.pem'),
        GATEHOUSE_STORE_TLS_KEY: join(folders.tls, 'store.key'),
        GATEHOUSE_STORE_USERS: join(folders.store, 'users.json'),
      },
    },
    doer: app('doer', {
      GATEHOUSE_DOER_LISTEN: addresses.doer,
      GATEHOUSE_DOER_HEALTH_LISTEN: addresses.doerHealth,
      GATEHOUSE_VAULT_URL: httpUrl(addresses.vault),
      ...tls('doer'),
      ...store('doer'),
      ...snapshots('doer'),
      ...tenants('doer'),
      ...heads('doer'),
    }),
    gatekeeper: app('gatekeeper', {
      GATEHOUSE_GATEKEEPER_LISTEN: addresses.gatekeeper,
      GATEHOUSE_APPROVALS_URL: httpsUrl(addresses.approvalsInternal),
      GATEHOUSE_APPROVALS_PUBLIC_URL: httpsUrl(addresses.approvals),
      GATEHOUSE_LINK_KEY_FILE: join(folders.secrets, 'link-key'),
      GATEHOUSE_SLACK_SIGNING_SECRET_FILE: join(folders.secrets, 'slack-signing-secret'),
      GATEHOUSE_POLICY_DIR: policyDir,
      ...tls('gatekeeper'),
      ...store('gatekeeper'),
      ...snapshots('gatekeeper'),
      ...vault('gatekeeper'),
      ...tenants('gatekeeper'),
      ...heads('gatekeeper'),
    }),
    approvals: app('approvals', {
      GATEHOUSE_APPROVALS_LISTEN: addresses.approvals,
      GATEHOUSE_APPROVALS_INTERNAL_LISTEN: addresses.approvalsInternal,
      GATEHOUSE_APPROVALS_PUBLIC_URL: httpsUrl(addresses.approvals),
      GATEHOUSE_GATEKEEPER_URL: httpsUrl(addresses.gatekeeper),
      GATEHOUSE_SLACK_API_URL: `${httpUrl(addresses.slack)}/api/`,
      GATEHOUSE_SLACK_TOKEN_FILE: join(folders.secrets, 'slack-token'),
      GATEHOUSE_SLACK_SIGNING_SECRET_FILE: join(folders.secrets, 'slack-signing-secret'),
      GATEHOUSE_SLACK_TEAM: SLACK_TEAM,
      ...tls('approvals'),
    }),
    notary: app('notary', {
      GATEHOUSE_NOTARY_LISTEN: addresses.notary,
      GATEHOUSE_NOTARY_HOST: LOG_HOST,
      GATEHOUSE_NOTARY_KEY_FILE: join(folders.secrets, 'notary-key'),
      GATEHOUSE_NOTARY_CHECKPOINTS: folders.checkpoints,
      ...tls('notary'),
      ...store('notary'),
      ...tenants('notary'),
    }),
    admin: app('admin', {
      GATEHOUSE_ADMIN_LISTEN: addresses.admin,
      GATEHOUSE_VIEWS_FILE: join(folders.views, `${TENANT}.db`),
      GATEHOUSE_POLICY_DIR: policyDir,
      ...tls('admin'),
      ...store('admin'),
      ...vault('admin'),
      ...tenants('admin'),
    }),
  };
}
