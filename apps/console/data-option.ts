import { CodedError } from '#decider';
import { addressesAt } from './addresses.js';

/** The options by which an operator's command finds a Gatehouse: its data folder and its base port. */
export const DATA_OPTIONS = { data: { type: 'string', default: '.gatehouse' }, 'base-port': { type: 'string', default: '7400' } } as const;

/** The store's address as its certificate names it. @throws CodedError `usage` for a base port that is none. */
export function storeAddress(basePort: string): string {
  if (!/^\d{4,5}$/.test(basePort)) throw new CodedError('usage', '--base-port: a port number is needed');
  return addressesAt(Number(basePort)).store.replace('127.0.0.1', 'localhost');
}

/** Runs an operator's command: its fault in one line on stderr, exit code 1, or 2 for a call that is not one. */
export async function command(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'unknown fault');
    process.exitCode = error instanceof CodedError && error.code === 'usage' ? 2 : 1;
  }
}
