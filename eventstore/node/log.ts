/** Says what happened, in one line: fields carry names and codes, never content or secrets. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number>>) => void;

/** A log that writes JSON lines. */
export function jsonLog(write: (line: string) => void, clock: () => Date): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ at: clock().toISOString(), app: 'store', event, ...fields })}\n`);
}
