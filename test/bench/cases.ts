import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../apps/console/gatehouse.js';
import { type App, APPS } from '../../apps/console/parts.js';
import { endTogether } from '../../apps/console/stack.js';
import { BareLoop } from './bare-loop.js';
import { addressOf, writeLeavers } from './leavers.js';
import { type Measured, perSecond, quantile, together, underLoad } from './load.js';
import { type Usage, usageOf } from './processes.js';
import { fixed, table } from './table.js';
import { WholeLoop } from './whole-loop.js';

const BASE_PORT = 9600;
const LATENCIES_MS = [20, 0];
/** How many cases each way and round, by how many are in flight. */
const SERIES = [
  { inFlight: 1, cases: 30 },
  { inFlight: 16, cases: 96 },
  { inFlight: 64, cases: 192 },
];
/** Each series runs so often, both ways in turn, so that what else the machine does falls on both. */
const ROUNDS = 2;
const WARM_UP = 256;
const WINDOW_SECONDS = 86_400;
const MOST_MEGABYTES = 200;

interface Compared {
  readonly latency: number;
  readonly inFlight: number;
  readonly bare: Measured;
  readonly whole: Measured;
  readonly cpu: string;
}

/** Whole offboard cases against the bare loop, and the memory of each process. */
export async function measureCases(write: (line: string) => void): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const people = join(data, 'people.json');
  writeLeavers(people, 2 * (WARM_UP + ROUNDS * LATENCIES_MS.length * SERIES.reduce((sum, { cases }) => sum + cases, 0)), new Date());
  const gatehouse = await startGatehouse({ data, basePort: BASE_PORT, windowSeconds: WINDOW_SECONDS, approvalSeconds: 3_600, people });
  endTogether(gatehouse.stack);
  const whole = new WholeLoop(gatehouse);
  try {
    const compared = await compare(gatehouse, whole);
    for (const line of report(compared)) write(line);
    for (const line of memory(usages(gatehouse))) write(line);
  } finally {
    await whole.close();
    await gatehouse.stack.endAll();
    rmSync(data, { recursive: true, force: true });
  }
}

async function compare(gatehouse: Gatehouse, whole: WholeLoop): Promise<readonly Compared[]> {
  const bare = new BareLoop(gatehouse);
  let used = 0;
  const next = (count: number): readonly string[] => Array.from({ length: count }, () => addressOf(used++));
  const runBare = (count: number, inFlight: number): Promise<Measured> => underLoad(next(count), inFlight, (address) => bare.offboard(address));
  const runWhole = (count: number, inFlight: number): Promise<Measured> => underLoad(next(count), inFlight, (address) => whole.offboard(address));
  await runBare(WARM_UP, 16);
  await runWhole(WARM_UP, 16);

  const compared: Compared[] = [];
  for (const latency of LATENCIES_MS) {
    await whole.latency(latency);
    for (const { inFlight, cases } of SERIES) {
      const rounds: { readonly bare: Measured; readonly whole: Measured; readonly cpu: ReadonlyMap<string, number> }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const bareLoad = await runBare(cases, inFlight);
        const before = usages(gatehouse);
        const wholeLoad = await runWhole(cases, inFlight);
        const after = usages(gatehouse);
        rounds.push({ bare: bareLoad, whole: wholeLoad, cpu: new Map([...after].map(([name, { cpuMs }]) => [name, cpuMs - (before.get(name)?.cpuMs ?? 0)])) });
      }
      const cpu = [...(rounds[0]?.cpu.keys() ?? [])].map((name) => `${name} ${fixed(rounds.reduce((sum, one) => sum + (one.cpu.get(name) ?? 0), 0) / (cases * ROUNDS), 1)}`);
      compared.push({ latency, inFlight, bare: together(rounds.map((one) => one.bare)), whole: together(rounds.map((one) => one.whole)), cpu: cpu.join(', ') });
    }
  }
  return compared;
}

function report(compared: readonly Compared[]): readonly string[] {
  const rows = compared.map(({ latency, inFlight, bare, whole }) => [
    `${fixed(latency)} ms, ${fixed(inFlight)} in flight`,
    fixed(quantile(whole, 0.5) / quantile(bare, 0.5), 2),
    fixed(perSecond(whole) / perSecond(bare), 2),
    `${fixed(quantile(whole, 0.5))} / ${fixed(quantile(whole, 0.99))}`,
    `${fixed(quantile(bare, 0.5))} / ${fixed(quantile(bare, 0.99))}`,
    fixed(perSecond(whole), 1),
    fixed(perSecond(bare), 1),
    fixed(whole.each.length),
  ]);
  const find = (latency: number, inFlight: number): Compared | undefined => compared.find((one) => one.latency === latency && one.inFlight === inFlight);
  const [single, many] = [find(20, 1), find(20, 64)];
  const reached = [
    ...(single ? [verdict('p50 at 20 ms, 1 in flight, to the bare loop: at most 1.5', quantile(single.whole, 0.5) / quantile(single.bare, 0.5), (ratio) => ratio <= 1.5)] : []),
    ...(many ? [verdict('cases a second at 20 ms, 64 in flight, to the bare loop: at least 0.5', perSecond(many.whole) / perSecond(many.bare), (ratio) => ratio >= 0.5)] : []),
  ];
  return [
    'Offboard cases, request to soft phase done, against a bare loop of the same calls',
    ...reached,
    ...table(['sandbox latency', 'p50 ratio', 'cases/s ratio', 'p50/p99 ms', 'bare p50/p99', 'cases/s', 'bare cases/s', 'cases'], rows),
    'Processor milliseconds a case, by process',
    ...compared.map(({ latency, inFlight, cpu }) => `  ${fixed(latency)} ms, ${fixed(inFlight)} in flight: ${cpu}`),
  ];
}

function verdict(what: string, value: number, holds: (value: number) => boolean): string {
  return `  ${what}: ${fixed(value, 2)} ${holds(value) ? 'reached' : 'NOT REACHED'}`;
}

function usages({ stack }: Gatehouse): ReadonlyMap<App | 'bench', Usage> {
  const pids = APPS.flatMap((app) => {
    const pid = stack.pid(app);
    return pid === undefined ? [] : [[app, pid] as const];
  });
  return new Map([...pids, ['bench', process.pid] as const].map(([name, pid]) => [name, usageOf(pid)]));
}

function memory(used: ReadonlyMap<string, Usage>): readonly string[] {
  const rows = [...used].map(([name, { rss, peak }]) => [name, fixed(rss), fixed(peak), name === 'bench' || peak < MOST_MEGABYTES ? '' : 'NOT REACHED']);
  return [`Memory in MB at the end and at its highest: under ${fixed(MOST_MEGABYTES)} each`, ...table(['process', 'now', 'highest', ''], rows)];
}
