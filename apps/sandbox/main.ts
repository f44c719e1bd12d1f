import { run } from '#edge';
import { readSandboxConfig } from './configuration.js';
import { startSandbox } from './sandbox.js';

run('sandbox', async (log, ending) => {
  const sandbox = await startSandbox(readSandboxConfig(process.env));
  ending(() => sandbox.stop());
  log('listening', sandbox.addresses);
});
