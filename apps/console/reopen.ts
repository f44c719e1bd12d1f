import { parseArgs } from 'node:util';
import { CodedError } from '#decider';
import { command, DATA_OPTIONS, storeAddress } from './data-option.js';
import { reopen } from './reopen/tenant-book.js';
import { TENANT } from './set-up.js';

/** Says what a restore lost, and with --accept lets the tenant's books go on without it. */
const USAGE = `usage: npm run reopen -- [--accept] [--tenant ${TENANT}] [--data .gatehouse] [--base-port 7400]`;

await command(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { ...DATA_OPTIONS, tenant: { type: 'string', default: TENANT }, accept: { type: 'boolean', default: false } } });
  if (positionals.length > 0 || !/^[a-z][a-z0-9-]{1,30}$/.test(values.tenant)) throw new CodedError('usage', USAGE);
  const address = storeAddress(values['base-port']);
  let open = false;
  for (const book of ['ledger', 'journal'] as const) open = (await reopen(book, { ...values, address }, (line) => console.log(line))) || open;
  if (open) console.log('Nothing was written. If this is what the restore was to lose, say it again with --accept.');
  else if (values.accept) console.log('Start gatekeeper, doer and notary again, and take away the admin views, which are built anew.');
});
