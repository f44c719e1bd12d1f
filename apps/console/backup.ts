import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CodedError } from '#decider';
import { readSecret } from '#edge';
import { takeBackup } from '../../eventstore/node/backup-client.js';
import { command, DATA_OPTIONS, storeAddress } from './data-option.js';
import { foldersOf } from './set-up.js';

/** Writes the running store's state into a new file. */
const USAGE = 'usage: npm run backup -- <new file> [--data .gatehouse] [--base-port 7400]';

await command(async () => {
  const { positionals: [file, ...others], values } = parseArgs({ allowPositionals: true, options: DATA_OPTIONS });
  if (file === undefined || others.length > 0) throw new CodedError('usage', USAGE);
  const { tls, secrets } = foldersOf(values.data);
  const password = readSecret('the operator', join(secrets, 'store-operator.password'));
  const { events, streams } = await takeBackup({ address: storeAddress(values['base-port']), ca: readFileSync(join(tls, 'ca.pem')), user: 'operator', password }, file);
  console.log(`${file}: ${events} events of ${streams} streams, as of when this began`);
});
