import { codeOf } from '#decider';

/** Writes one JSON line to stdout: when, which app, which closed event, and facts that are never secret. */
export type Log = (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void;

/** The log of one app. */
export function logOf(app: string): Log {
  return (event, facts = {}) => {
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), app, event, ...facts })}\n`);
  };
}

/** Something that a process ends in order when it is told to. */
export type Ending = () => Promise<void>;

/**
 * Runs one app: `start` brings it up and answers what to end, last started first.
 * A wrong configuration ends the process with exit code 2 and one line on stderr; any other fault at start with 1.
 * SIGTERM and SIGINT run the endings in order and exit 0.
 */
export function run(app: string, start: (log: Log, ending: (end: Ending) => void) => Promise<void>): void {
  const log = logOf(app);
  const endings: Ending[] = [];
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    for (const close of endings.reverse()) {
      await close().catch((error: unknown) => log('ending_failed', { code: codeOf(error) ?? 'unknown' }));
    }
    log('ended');
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
  start(log, (close) => endings.push(close)).catch((error: unknown) => {
    const code = codeOf(error);
    process.stderr.write(`${app}: ${error instanceof Error ? error.message : 'failed to start'}\n`);
    process.exit(code === 'configuration' ? 2 : 1);
  });
}
