import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The last of a Gatehouse's ports lies this far above the first. */
const PORTS_IN_A_ROW = 17;

/** What a command was told; a wrong argument ends the process with one line that says what would be right, and exit code 2. */
export function argumentsOf<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  return orExplain(() => parseArgs(config), usage);
}

/** The first of a row of ports. */
export function basePortOf(text: string, usage: string): number {
  return orExplain(() => wholeNumber('--base-port', text, 1, 65_535 - PORTS_IN_A_ROW), usage);
}

/** The seconds between the soft and the hard phase; a year at most. */
export function windowSecondsOf(text: string, usage: string): number {
  return orExplain(() => wholeNumber('--window-seconds', text, 1, 31_536_000), usage);
}

/** @throws RangeError that names the flag and what would be right. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`${flag} must be a whole number from ${String(least)} to ${String(most)}, and not ${JSON.stringify(text)}`);
}

function orExplain<T>(read: () => T, usage: string): T {
  try {
    return read();
  } catch (error) {
    const [said = 'wrong arguments'] = (error instanceof Error ? error.message : '').split('\n');
    console.error(`${said}; usage: ${usage}`);
    process.exit(2);
  }
}
