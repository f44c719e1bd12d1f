import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '#decider';
import { httpsUrl, httpUrl } from './addresses.js';
import { argumentsOf, basePortOf } from './arguments.js';
import { Client } from './client.js';
import { startGatehouse } from './gatehouse.js';
import { foldersOf } from './set-up.js';
import { endTogether } from './stack.js';
import { tellStory } from './story/story.js';

const WINDOW_SECONDS = 6;

const USAGE = 'npm run demo -- [--keep] [--base-port number]';
const { values } = argumentsOf({ options: { keep: { type: 'boolean', default: false }, 'base-port': { type: 'string', default: '7400' } } }, USAGE);
const basePort = basePortOf(values['base-port'], USAGE);
const begun = Date.now();
const data = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'));
const write = (line: string): void => console.log(line);

write('Gatehouse on loopback: every app a process of its own, against a sandbox company of 500 people.');
const gatehouse = await startGatehouse({ data, basePort, windowSeconds: WINDOW_SECONDS, approvalSeconds: 3_600, relayed: true }, (app) => write(`  started ${app}`)).catch((error: unknown) => {
  console.error(`The stack did not start: ${error instanceof Error ? error.message : 'unknown'}`);
  process.exit(codeOf(error) === undefined ? 1 : 2);
});
const client = new Client(gatehouse.addresses, data);
const apart = endTogether(gatehouse.stack);
let told = true;
try {
  await tellStory({ client, gatehouse, windowSeconds: WINDOW_SECONDS, write });
  write(`\nThe story went as it should, in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
} catch (error) {
  told = false;
  console.error(`\nThe story went differently: ${error instanceof Error ? error.message : 'unknown'}\nlogs: ${foldersOf(data).logs}`);
}
apart();
if (values.keep) {
  const { addresses } = gatehouse;
  write(`\nStill running: cases ${httpsUrl(addresses.admin)}/ (user auditor, password in ${foldersOf(data).secrets}/auditor.token), sandbox ${httpUrl(addresses.control)}/. Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
client.close();
await gatehouse.stack.endAll();
if (told) rmSync(data, { recursive: true, force: true });
process.exit(told ? 0 : 1);
