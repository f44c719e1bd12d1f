import { createHash, randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type Addresses, httpsUrl, httpUrl } from './addresses.js';
import { makeCertificates } from './certificates.js';
import { makePrivateFolder, secretIn, writePrivate } from './private-files.js';
import { VaultOperator } from './vault-setup.js';

/** The tenant that the first start makes. */
export const TENANT = 'acme';
/** The workspace of the sandbox's Slack. */
export const SLACK_TEAM = 'T0GATEHOUSE';
/** The host in the names of the logs: it stays when the ports do not. */
export const LOG_HOST = 'gatehouse.localhost';
/** The time zone of that tenant. */
export const ZONE = 'Europe/Berlin';
const IDENTITIES = ['store', 'gatekeeper', 'doer', 'notary', 'admin', 'approvals', 'sandbox', 'relay', `gatekeeper.${TENANT}`];
/** The store's users and their rights, by stream name prefix. */
export const STORE_USERS = {
  gatekeeper: { append: ['ledger-'], read: ['ledger-', 'doer-', 'checkpoints-'] },
  doer: { append: ['doer-'], read: ['doer-'] },
  notary: { append: ['checkpoints-'], read: ['ledger-', 'doer-', 'checkpoints-'] },
  admin: { append: [], read: ['ledger-', 'doer-'] },
  operator: { append: [], read: ['*'] },
} as const;
/** Those who may file requests on the first start, by the name of their token. */
const REQUESTERS = { hr: 'p-10003', security: 'p-10004' } as const;
/** What is made beside passwords and requesters' tokens. */
const SECRETS = ['link-key', 'notary-key', ...['gatekeeper', 'doer'].flatMap((name) => [`snapshot-${name}-key`, `entry-${name}-key`]), 'slack-signing-secret', 'slack-token', 'auditor.token'];
const APPROVERS = ['10004', '10005'] as const;
const PORTALS = ['directory', 'scim'] as const;
/** A ticket or HR system of each kind, named after it. */
const CHANNELS = ['generic', 'servicenow', 'jira', 'bamboohr'] as const;
/** The user that may read the sandbox's Workday report. */
const WORKDAY_USER = 'isu_gatehouse';
const WORKDAY_REPORT = 'ccx/service/customreport2/acme/isu_gatehouse/Terminations?format=json';

/** What the first start can be told. */
export interface Choices {
  readonly data: string;
  readonly addresses: Addresses;
  readonly windowSeconds: number;
  readonly approvalSeconds: number;
  /** Whether packets go through the sandbox's relay, which records them so that a forger can be played. */
  readonly relayed?: boolean;
  /** How often the gatekeeper asks for the sandbox's Workday report, and from which last day on; without it, never. */
  readonly workday?: { readonly everySeconds: number; readonly since: string };
}

/** Paths of the folders that set-up makes, all mode 0700, their files 0600. */
export function foldersOf(data: string) {
  const at = (name: string): string => join(data, name);
  return { tls: at('tls'), secrets: at('secrets'), store: at('store'), sandbox: at('sandbox'), views: at('views'), snapshots: at('snapshots'), checkpoints: at('checkpoints'), heads: at('heads'), tenants: at('tenants'), logs: at('logs') };
}

/** Makes what is missing before anything runs: folders, certificates, passwords, secrets, the store's users. */
export async function prepare({ data }: Choices): Promise<void> {
  const folders = foldersOf(data);
  makePrivateFolder(data);
  for (const folder of Object.values(folders)) makePrivateFolder(folder);
  await makeCertificates(folders.tls, IDENTITIES, new Date());
  writeUsers(folders);
  for (const name of [...SECRETS, ...Object.keys(REQUESTERS).map((who) => `requester-${who}.token`)]) secretIn(join(folders.secrets, name));
  const secret = (name: string): string => secretIn(join(folders.secrets, name));
  const pair = (portal: string): JsonObject => ({ read: secret(`sandbox-${portal}-read`), write: secret(`sandbox-${portal}-write`) });
  writePrivate(
    join(folders.secrets, 'sandbox.json'),
    JSON.stringify({
      hrisToken: secret('sandbox-hris-read'),
      workday: { user: WORKDAY_USER, password: secret('sandbox-workday-read') },
      bambooHr: { privateKey: secret('channel-bamboohr'), apiKey: secret('sandbox-bamboohr-read') },
      directory: pair('directory'),
      scim: pair('scim'),
      slack: { botToken: secret('slack-token'), signingSecret: secret('slack-signing-secret'), team: SLACK_TEAM },
      vault: { rootToken: secret('vault-root.token') },
    }),
  );
}

/** Once the sandbox runs: sets up its Vault, takes the approvers' passkeys from their phones, and writes each app's tenants. */
export async function enrolTenant(choices: Choices): Promise<void> {
  const { data, addresses } = choices;
  const { secrets, tenants, tls } = foldersOf(data);
  const secret = (name: string): string => secretIn(join(secrets, name));
  const operator = new VaultOperator(httpUrl(addresses.vault), secret('vault-root.token'));
  const hmac = { id: 'hmac-1', key: secret('packet-hmac') };
  const portals = PORTALS.map((id) => ({ id, read: secret(`sandbox-${id}-read`), write: secret(`sandbox-${id}-write`) }));
  const { publicKey, roleIds } = await operator.setUp({ tenant: TENANT, portals, hrisToken: secret('sandbox-hris-read'), feeds: [{ id: 'workday', user: WORKDAY_USER, password: secret('sandbox-workday-read') }], channels: CHANNELS.map((id) => ({ id, secret: secret(`channel-${id}`) })), hmac });
  for (const app of ['gatekeeper', 'admin'] as const) {
    const file = join(secrets, `vault-${app}.token`);
    if (!existsSync(file)) writePrivate(file, await operator.issueToken([`${app}-${TENANT}`]));
  }
  const portalAt = { directory: httpUrl(addresses.directory), scim: `${httpUrl(addresses.scim)}/scim/v2` };
  const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
  const ed25519KeyId = `packet-${TENANT}/1`;
  const list = (name: string, tenant: JsonObject): void => writePrivate(join(tenants, `${name}.json`), `${JSON.stringify([tenant], null, 2)}\n`);
  list('gatekeeper', {
    id: TENANT,
    zone: ZONE,
    windowSeconds: choices.windowSeconds,
    approvalSeconds: choices.approvalSeconds,
    acceptSeconds: 600,
    tokens: Object.entries(REQUESTERS).map(([who, requester]) => ({ sha256: hash(secret(`requester-${who}.token`)), requester })),
    hris: { url: httpUrl(addresses.hris) },
    portals: PORTALS.map((id) => ({ id, kind: id, url: portalAt[id] })),
    channels: CHANNELS.map((id) => ({ id, kind: id, ...(id === 'bamboohr' && { requester: REQUESTERS.hr }) })),
    feeds: choices.workday === undefined ? [] : [{ id: 'workday', kind: 'workday', url: `${httpUrl(addresses.hris)}/${WORKDAY_REPORT}`, requester: REQUESTERS.hr, ...choices.workday }],
    doer: { url: httpsUrl(choices.relayed ? addresses.relay : addresses.doer), cert: join(tls, `gatekeeper.${TENANT}.pem`), key: join(tls, `gatekeeper.${TENANT}.key`) },
    ed25519KeyId,
    policyData: readJson(new URL('../../../policies/tenant/data.json', import.meta.url)),
    approvers: await Promise.all(APPROVERS.map((number) => approverOf(addresses, number))),
  });
  list('doer', {
    id: TENANT,
    transportIdentity: `gatekeeper.${TENANT}`,
    hmac,
    ed25519: { id: ed25519KeyId, publicKey },
    windowSeconds: choices.windowSeconds,
    portals: PORTALS.map((id) => ({ id, kind: id, url: portalAt[id], roleId: roleIds.get(id) ?? '' })),
  });
  const readers = { id: TENANT, tokens: [{ name: 'auditor', sha256: hash(secret('auditor.token')) }] };
  list('notary', readers);
  list('admin', readers);
}

async function approverOf(addresses: Addresses, number: string): Promise<JsonObject> {
  const response = await fetch(`${httpUrl(addresses.phones)}/phones/p-${number}`);
  const phone = (await response.json()) as JsonValue;
  if (!isJsonObject(phone) || typeof phone.credentialId !== 'string' || typeof phone.publicKey !== 'string') throw new CodedError('set_up', `the phone of ${number} shows no passkey`);
  const { credentialId, publicKey } = phone;
  return { person: `p-${number}`, slack: { team: SLACK_TEAM, user: `U${number}` }, passkey: { credentialId, publicKey, counter: 0 }, roles: ['approver'] };
}

function writeUsers({ secrets, store }: ReturnType<typeof foldersOf>): void {
  const file = join(store, 'users.json');
  if (existsSync(file)) return;
  const users = Object.entries(STORE_USERS).map(([name, rights]) => {
    const salt = randomBytes(16);
    const hash = scryptSync(secretIn(join(secrets, `store-${name}.password`)), salt, 32, { N: 16_384, r: 8, p: 1 });
    return { name, salt: salt.toString('hex'), hash: hash.toString('hex'), ...rights };
  });
  writePrivate(file, JSON.stringify({ users }));
}

function readJson(url: URL): JsonValue {
  return JSON.parse(readFileSync(url, 'utf8')) as JsonValue;
}
