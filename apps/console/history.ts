import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '#decider';
import { argumentsOf, basePortOf } from './arguments.js';
import { Client } from './client.js';
import { startGatehouse } from './gatehouse.js';
import { companyOf } from './history/company.js';
import { readEvents } from './history/events.js';
import { replay } from './history/replay.js';
import { linesOf, summarise } from './history/summary.js';
import { writePrivate } from './private-files.js';
import { foldersOf, TENANT } from './set-up.js';
import { endTogether } from './stack.js';

const WINDOW_SECONDS = 1;
const AT_ONCE = 24;

/** Exit codes: 0 the renamed were held and the books are consistent, 1 they were not, 2 it could not be played. */
async function play(file: string, basePort: number): Promise<number> {
  const { people, leaves } = companyOf(readEvents(file));
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-history-'));
  const peopleFile = join(data, 'people.json');
  writePrivate(peopleFile, JSON.stringify(people));
  console.log(`${String(leaves.length)} leave events, ${String(people.length)} employees; the window between soft and hard is ${String(WINDOW_SECONDS)} s here.`);
  const { addresses, stack } = await startGatehouse({ data, basePort, windowSeconds: WINDOW_SECONDS, approvalSeconds: 3_600, people: peopleFile }, (app) => console.log(`  started ${app}`));
  endTogether(stack);
  const client = new Client(addresses, data);
  let played = false;
  try {
    const begun = Date.now();
    const filed = await replay(client, leaves, AT_ONCE, (done) => {
      if (done % 50 === 0) console.log(`  ${String(done)} cases ended`);
    });
    const summary = await summarise(client, filed, (Date.now() - begun) / 1000);
    for (const line of linesOf(summary)) console.log(line);
    const { verdict, ledger, journal } = (await client.notary(`/v1/tenants/${TENANT}/ledger/verification`)).body;
    const entries = (book: JsonValue | undefined): string => (isJsonObject(book) ? JSON.stringify(book.entries) : 'no');
    console.log(`verification: ${JSON.stringify(verdict)}, ${entries(ledger)} entries in the ledger, ${entries(journal)} in the journal`);
    played = true;
    return verdict === 'consistent' && summary.renamed.executed === 0 ? 0 : 1;
  } finally {
    client.close();
    await stack.endAll();
    if (played) rmSync(data, { recursive: true, force: true });
    else console.error(`logs: ${foldersOf(data).logs}`);
  }
}

const USAGE = 'npm run history -- <file of JSON lines: at, person, kind, teams_after, trap> [--base-port number]';
const { values, positionals } = argumentsOf({ allowPositionals: true, options: { 'base-port': { type: 'string', default: '7500' } } }, USAGE);
const basePort = basePortOf(values['base-port'], USAGE);
const [file] = positionals;
if (file === undefined) {
  console.error(`usage: ${USAGE}`);
  process.exit(2);
}
play(file, basePort).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`could not be played: ${error instanceof Error ? error.message : 'unknown fault'}`);
    process.exit(2);
  },
);
