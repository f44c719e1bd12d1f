import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '#decider';
// the processes run from dist, and what starts them finds them beside itself
import { Client } from '../../dist/apps/console/client.js';
import { type Gatehouse, startGatehouse } from '../../dist/apps/console/gatehouse.js';

/** A whole Gatehouse of its own, for one suite. */
export interface Stage extends Gatehouse {
  readonly client: Client;
  /** Ends every process and takes the data away. */
  strike(): Promise<void>;
}

interface Setting {
  readonly basePort: number;
  readonly windowSeconds: number;
  readonly people?: readonly JsonObject[];
  readonly nodeOptions?: readonly string[];
  /** Whether packets pass the sandbox's relay, which the story's forger needs. */
  readonly relayed?: boolean;
  /** How often the sandbox's Workday report is asked for, and from which last day on. */
  readonly workday?: { readonly everySeconds: number; readonly since: string };
}

const PORTS = 32;

/** The first base port from `from` on above which nobody listens: another run may have its stages on the same machine. */
export async function freeBase(from: number): Promise<number> {
  const isFree = async (port: number): Promise<boolean> => {
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(() => true, () => false);
    await new Promise((resolve) => server.close(resolve));
    return free;
  };
  for (let base = from; ; base += PORTS) {
    const all = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isFree(base + offset)));
    if (!all.includes(false)) return base;
  }
}

/** Starts every process on loopback, with its data in a temporary folder. */
export async function setStage({ basePort, windowSeconds, people, nodeOptions, relayed = false, workday }: Setting): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-long-'));
  const file = join(data, 'people.json');
  if (people) writeFileSync(file, JSON.stringify(people), { mode: 0o600 });
  try {
    const gatehouse = await startGatehouse({ data, basePort: await freeBase(basePort), windowSeconds, approvalSeconds: 3_600, relayed, ...(people && { people: file }), ...(nodeOptions && { nodeOptions }), ...(workday && { workday }) });
    const client = new Client(gatehouse.addresses, data);
    const strike = async (): Promise<void> => {
      client.close();
      await gatehouse.stack.endAll();
      rmSync(data, { recursive: true, force: true });
    };
    return { ...gatehouse, client, strike };
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw error;
  }
}
