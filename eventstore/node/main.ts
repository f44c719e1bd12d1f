import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { jsonLog } from './log.js';
import { StartError, startStore } from './server.js';
import { readSettings, SettingError } from './settings.js';

const clock = (): Date => new Date();
const log = jsonLog((line) => process.stdout.write(line), clock);

/** Runs the store until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  // The store's files are for their owner alone.
  process.umask(0o077);
  // what it would say of an address, our one line says with the variable's name
  setLogVerbosity(logVerbosity.NONE);
  const { file, listen, tls, usersFile } = readSettings(process.env);
  const store = await startStore({ file, listen, tls, users: { file: usersFile }, clock, log });
  const stop = (signal: NodeJS.Signals): void => {
    log('stopping', { signal });
    void store.stop().then(() => log('stopped'));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  log('listening', { address: store.address });
}

/** One line that names the variable to set right. */
function complaint(error: unknown): string | undefined {
  if (error instanceof SettingError) return error.message;
  if (error instanceof StartError) return `${error.part === 'file' ? 'GATEHOUSE_STORE_FILE' : 'GATEHOUSE_STORE_LISTEN'}: ${error.message}`;
  return undefined;
}

main().catch((error: unknown) => {
  const known = complaint(error);
  process.stderr.write(`${known ?? (error instanceof Error ? error.message.replaceAll('\n', ' ') : 'the store could not start')}\n`);
  process.exitCode = known === undefined ? 1 : 2;
});
