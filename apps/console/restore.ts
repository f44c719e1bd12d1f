import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CodedError } from '#decider';
import { restoreBackup } from '../../eventstore/node/restore.js';
import { command, DATA_OPTIONS } from './data-option.js';
import { foldersOf } from './set-up.js';

/** Puts a backup in the place of the store's file, while the store does not run. */
const USAGE = 'usage: npm run restore -- <backup> [--data .gatehouse]';

await command(() => {
  const { positionals: [backup, ...others], values } = parseArgs({ allowPositionals: true, options: { data: DATA_OPTIONS.data } });
  if (backup === undefined || others.length > 0) throw new CodedError('usage', USAGE);
  const { replaced, events } = restoreBackup(backup, join(foldersOf(values.data).store, 'events.db'), new Date());
  console.log(`restored: ${events} events${replaced === undefined ? '' : `; what was there is now ${replaced}`}`);
  console.log('Start the store. Each tenant whose books were further than this stays stopped until "npm run reopen" says what was lost.');
});
