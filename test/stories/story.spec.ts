import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPS } from '../../dist/apps/console/parts.js';
import { tellStory } from '../../dist/apps/console/story/story.js';
import { setStage, type Stage } from '../long/stage.js';

const WINDOW_SECONDS = 6;

/** A process or thread that was recorded, or an address that one turned to. */
interface Recorded {
  readonly process: string;
  readonly kind: 'process' | 'thread' | 'tcp' | 'dns' | 'udp';
  readonly host: string;
  readonly port: number;
}

/** One of each way out of a Node process, and the address that it is to be recorded with. */
const WAYS_OUT: readonly (readonly [string, string])[] = [
  ['fetch("http://127.0.0.1:8").catch(() => 0)', 'tcp 127.0.0.1:8'],
  ['require("node:https").get("https://localhost:2").on("error", () => 0)', 'tcp localhost:2'],
  ['require("node:tls").connect(3, "127.0.0.1").on("error", () => 0)', 'tcp 127.0.0.1:3'],
  ['require("node:http2").connect("http://127.0.0.1:4").on("error", () => 0)', 'tcp 127.0.0.1:4'],
  ['require("node:net").connect({ port: 5 }).on("error", () => 0)', 'tcp localhost:5'],
  ['import("node:dns").then(({ promises }) => promises.lookup("localhost"))', 'dns localhost:0'],
  ['require("node:dgram").createSocket("udp4").send("x", 7, "127.0.0.1", function () { this.close() })', 'udp ["x","127.0.0.1"]:0'],
  [`new (require("node:worker_threads").Worker)(new URL('data:text/javascript,import net from "node:net"; net.connect(6, "127.0.0.1").on("error", () => 0)'))`, 'tcp 127.0.0.1:6'],
];

/** A line of the story without what differs from one telling to the next: times, digests and counts, but not scores. */
function steady(line: string): string {
  return line.replace(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME').replace(/\b[0-9a-f]{64}\b/g, 'DIGEST').replace(/(?<![\d.])\d+(?![\d.])/g, 'N').replace(/\s+/g, ' ').trim();
}

function hookTo(file: string): string {
  const hook = pathToFileURL(join(process.cwd(), 'test/stories/record-connections.mjs'));
  hook.searchParams.set('to', file);
  return `--import=${hook.href}`;
}

function read(file: string): readonly Recorded[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Recorded) : [];
}

describe('the story, over real sockets, with every connection of every process recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-story-'));
  const file = join(folder, 'connections.jsonl');
  const told: string[] = [];
  let stage: Stage, recorded: readonly Recorded[];

  beforeAll(async () => {
    stage = await setStage({ basePort: 21_700, windowSeconds: WINDOW_SECONDS, nodeOptions: [hookTo(file)], relayed: true });
    await tellStory({ client: stage.client, gatehouse: stage, windowSeconds: WINDOW_SECONDS, write: (line) => void told.push(line) });
    recorded = read(file);
  });
  afterAll(async () => {
    await stage.strike();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes as it should, in seven chapters', () => {
    expect(told.filter((line) => /^\n\d\. /.test(line)).map((line) => line.slice(1, 2))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('is what README quotes of it', () => {
    const lines = new Set(told.join('\n').split('\n').map(steady));
    const quoted = [...readFileSync('README.md', 'utf8').matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, language, block = '']) => (language === '' && !block.includes('──') ? [block] : []));
    expect(quoted.length).toBeGreaterThan(4);
    expect(quoted.flatMap((block) => block.trim().split('\n').map(steady)).filter((line) => !lines.has(line))).toEqual([]);
  });

  it.each(WAYS_OUT)('would have been recorded: %s', (code, expected) => {
    const one = join(folder, 'one.jsonl');
    rmSync(one, { force: true });
    spawnSync(process.execPath, [hookTo(one), '-e', code]);
    expect(read(one).map(({ kind, host, port }) => `${kind} ${host}:${port}`)).toContain(expected);
  });

  it('was recorded for every process, and for the thread that policy runs in', () => {
    const of = (kind: Recorded['kind']): readonly string[] => [...new Set(recorded.filter((one) => one.kind === kind).map(({ process }) => basename(dirname(process))))].sort();
    expect(of('process')).toEqual([...APPS.filter((app) => app !== 'store'), 'node'].sort());
    expect(of('thread')).toEqual(['policy']);
    // the store is the only one that turns to nobody
    expect(of('tcp')).toEqual(APPS.filter((app) => app !== 'store').sort());
  });

  it('turned to configured addresses only', () => {
    // the auditor's copy of the store runs ten ports further on
    const ports = new Set(Object.values<string>({ ...stage.addresses }).map((address) => Number(address.split(':')[1])));
    const configured = ({ kind, host, port }: Recorded): boolean => {
      if (!['127.0.0.1', 'localhost', '::1'].includes(host)) return false;
      return kind === 'dns' || (kind === 'tcp' && (ports.has(port) || ports.has(port - 10)));
    };
    const turned = recorded.filter(({ kind }) => kind !== 'process' && kind !== 'thread');
    expect(turned.filter((one) => !configured(one))).toEqual([]);
    expect(turned.length).toBeGreaterThan(50);
  });
});
