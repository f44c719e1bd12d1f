import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CodedError } from '#decider';
import { readSecret } from '#edge';
import { type StreamRights, writeStreamRights } from '#ledger';
import { command } from './data-option.js';
import { STORE_USERS } from './set-up.js';

/** Writes the rights of each app's store user as `$acl` metadata, for an EventStoreDB or KurrentDB; the embedded store has its users file. */
const USAGE = 'usage: npm run store:rights -- --store <host:port> --ca <pem> --user <administrator> --password-file <file> --tenant <tenant>...';
const PREFIXES = ['ledger-', 'doer-', 'checkpoints-'] as const;

/** The rights at a tenant's streams, by the same table that the embedded store's users file is made from. */
function rightsOf(tenant: string): readonly StreamRights[] {
  const may = (right: 'append' | 'read', prefix: string): readonly string[] => Object.entries(STORE_USERS).flatMap(([name, granted]) => ([...granted[right]].some((one) => one === prefix || one === '*') ? [name] : []));
  return PREFIXES.map((prefix) => ({ stream: `${prefix}${tenant}`, read: may('read', prefix), append: may('append', prefix) }));
}

await command(async () => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { store: text, ca: text, user: text, 'password-file': text, tenant: { ...text, multiple: true } } });
  const { store, ca, user, 'password-file': passwordFile, tenant: tenants = [] } = values;
  if (store === undefined || ca === undefined || user === undefined || passwordFile === undefined || tenants.length === 0) throw new CodedError('usage', USAGE);
  if (!tenants.every((tenant) => /^[a-z][a-z0-9-]{1,30}$/.test(tenant))) throw new CodedError('usage', '--tenant: must be a tenant id such as acme');
  const rights = tenants.flatMap(rightsOf);
  const access = { address: store, ca: readFileSync(ca), user, password: readSecret('--password-file', passwordFile) };
  const written = await writeStreamRights(access, rights);
  for (const { stream, read, append } of rights) console.log(`${stream}: ${append.join(', ')} may append, ${read.join(', ')} may read${written.includes(stream) ? '' : ' (as before)'}`);
});
