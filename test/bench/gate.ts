import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '#decider';
import { type Decision, openPolicy, type PolicyInput } from '#policy';
import { type Measured, perSecond, together, underLoad } from './load.js';
import { LEAVER } from './policy.js';
import { fixed, table } from './table.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ENTRYPOINT = 'gatehouse/offboard/decision';
const IN_FLIGHT = [1, 16];
/** The two are asked in turns, so that what else the machine does falls on both. */
const ROUNDS = 5;
const OURS = 4_000;
const THEIRS = 400;
const WARM_UP = 400;
const START_MS = 30_000;

type Ask = (input: PolicyInput) => Promise<Pick<Decision, 'outcome'>>;

/** Gate evaluations a second through our worker, and through OPA's own server on loopback with the same Rego, tenant data and questions. */
export async function measureGate(write: (line: string) => void): Promise<void> {
  const tenantData = JSON.parse(readFileSync(join(ROOT, 'policies/tenant/data.json'), 'utf8')) as JsonObject;
  const policy = await openPolicy({ bundleDir: join(ROOT, 'policies/bundle'), tenantData, deadlineMs: 10_000 });
  const opa = await startOpa(tenantData);
  try {
    const ours: Ask = (input) => policy.decide(ENTRYPOINT, input);
    for (const ask of [ours, opa.ask]) await asked(ask, WARM_UP, 16);
    const rows: string[][] = [];
    for (const inFlight of IN_FLIGHT) {
      const [mine, theirs]: [Measured[], Measured[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        mine.push(await asked(ours, OURS, inFlight));
        theirs.push(await asked(opa.ask, THEIRS, inFlight));
      }
      const [a, b] = [perSecond(together(mine)), perSecond(together(theirs))];
      rows.push([`${fixed(inFlight)} in flight`, fixed(a / b, 1), fixed(a), fixed(b)]);
    }
    write('Gate evaluations a second through our worker, against OPA’s own server on loopback (reach: 10 times)');
    for (const line of table(['', 'ratio', 'worker', 'OPA'], rows)) write(`  ${line}`);
  } finally {
    await opa.end();
    await policy.close();
  }
}

/** So many questions, each about somebody else, or an answer could be kept. */
function asked(ask: Ask, count: number, inFlight: number): Promise<Measured> {
  return underLoad(Array.from({ length: count }, (_, i) => i), inFlight, async (i) => {
    const begun = performance.now();
    const { outcome } = await ask({ ...LEAVER, subject: `p-${String(20_000 + i)}` });
    if (outcome !== 'allow') throw new Error(`the policy says ${outcome} of an ordinary leaver`);
    return performance.now() - begun;
  });
}

async function startOpa(tenantData: JsonObject): Promise<{ readonly ask: Ask; end(): Promise<void> }> {
  const command = execFileSync(join(ROOT, 'tools/opa.sh'), { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'gate-bench-'));
  const data = join(folder, 'data.json');
  writeFileSync(data, JSON.stringify({ tenant: tenantData }));
  const port = await freePort();
  const server = spawn(command, ['run', '--server', '--addr', `127.0.0.1:${String(port)}`, '--log-level', 'error', '--skip-version-check', '--ignore', '*_test.rego', join(ROOT, 'policies/gatehouse'), data], { stdio: ['ignore', 'ignore', 'inherit'] });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const call = (method: 'GET' | 'POST', path: string, body?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, agent, headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(parts).toString('utf8'));
          else reject(new Error(`OPA answers ${String(response.statusCode)}`));
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const until = Date.now() + START_MS;
  for (;;) {
    const up = await call('GET', '/health').catch(() => undefined);
    if (up !== undefined) break;
    if (Date.now() > until || server.exitCode !== null) throw new Error('OPA did not start');
    await delay(50);
  }
  return {
    ask: async (input) => (JSON.parse(await call('POST', `/v1/data/${ENTRYPOINT}`, JSON.stringify({ input }))) as { result: Pick<Decision, 'outcome'> }).result,
    end: async () => {
      agent.destroy();
      const exited = once(server, 'exit');
      server.kill();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
