import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CodedError } from '#decider';
import { type Addresses, addressesAt } from './addresses.js';
import { Client } from './client.js';
import { type App, APPS, partsOf } from './parts.js';
import { type Choices, enrolTenant, foldersOf, prepare } from './set-up.js';
import { endTogether, type Part, Stack } from './stack.js';

/** Below this folder lie the compiled processes. */
export const DIST = fileURLToPath(new URL('../..', import.meta.url));
const POLICIES = join(DIST, '..', 'policies', 'bundle');

/** So long a gatekeeper that listens is waited for until it takes requests; one that never does says why at `/ready`. */
const TAKES_REQUESTS_MS = 30_000;
const PROBE_MS = 5_000;
/** A tenant is enrolled at the sandbox before the apps are told of it. */
const FIRST: readonly App[] = ['sandbox', 'store'];

export interface StartOptions extends Omit<Choices, 'addresses'> {
  readonly basePort: number;
  /** Extra arguments for each node process. */
  readonly nodeOptions?: readonly string[];
  /** A JSON file of people to play instead of the seeded company. */
  readonly people?: string;
}

/** A whole Gatehouse on loopback. */
export interface Gatehouse {
  readonly addresses: Addresses;
  readonly data: string;
  readonly stack: Stack;
  readonly parts: Readonly<Record<App, Part>>;
}

/** Makes what is missing, and starts every process; on a fault everything that was started ends again. */
export async function startGatehouse(options: StartOptions, started: (app: App) => void = () => undefined): Promise<Gatehouse> {
  const addresses = addressesAt(options.basePort);
  const choices = { ...options, addresses };
  await prepare(choices);
  const parts = partsOf(options.data, addresses, POLICIES, options.people);
  const stack = new Stack(DIST, foldersOf(options.data).logs, options.nodeOptions);
  const apart = endTogether(stack);
  const start = async (app: App): Promise<void> => {
    await stack.start(parts[app]);
    started(app);
  };
  try {
    await Promise.all(FIRST.map(start));
    await enrolTenant(choices);
    // each waits for whatever it needs of the others
    await Promise.all(APPS.filter((app) => !FIRST.includes(app)).map(start));
    await takesRequests(new Client(addresses, options.data));
    for (const app of APPS) if (stack.pid(app) === undefined) throw new CodedError('part_failed', `${app} ended when it had just started: see its log`);
  } catch (error) {
    await stack.endAll();
    throw error;
  } finally {
    apart();
  }
  return { addresses, data: options.data, stack, parts };
}

async function takesRequests(client: Client): Promise<void> {
  const giveUpAt = Date.now() + TAKES_REQUESTS_MS;
  try {
    while (Date.now() < giveUpAt) {
      const answer = await Promise.race([client.gatekeeper('/ready').catch(() => undefined), delay(PROBE_MS, undefined, { ref: false })]);
      if (answer?.status === 200) return;
      await delay(25);
    }
  } finally {
    client.close();
  }
}
