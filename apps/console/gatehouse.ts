import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Addresses, addressesAt } from './addresses.js';
import { type App, APPS, partsOf } from './parts.js';
import { type Choices, enrolTenant, foldersOf, prepare } from './set-up.js';
import { endTogether, type Part, Stack } from './stack.js';

/** Below this folder lie the compiled processes. */
export const DIST = fileURLToPath(new URL('../..', import.meta.url));
const POLICIES = join(DIST, '..', 'policies', 'bundle');

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
  try {
    await stack.start(parts.sandbox);
    started('sandbox');
    await enrolTenant(choices);
    for (const app of APPS.slice(1)) {
      await stack.start(parts[app]);
      started(app);
    }
  } catch (error) {
    await stack.endAll();
    throw error;
  } finally {
    apart();
  }
  return { addresses, data: options.data, stack, parts };
}
