/** What a stream's metadata asks of readers; undefined: no such limit. */
export interface StreamLimits {
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  readonly truncateBefore: number | undefined;
}

export const NO_LIMITS: StreamLimits = { maxCount: undefined, maxAgeSeconds: undefined, truncateBefore: undefined };

/** Reads `$maxCount`, `$maxAge` (seconds) and `$tb` from metadata bytes; what is not valid metadata limits nothing. */
export function parseStreamLimits(bytes: Uint8Array): StreamLimits {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return NO_LIMITS;
  }
  if (typeof value !== 'object' || value === null) return NO_LIMITS;
  const fields = new Map<string, unknown>(Object.entries(value));
  return {
    maxCount: whole(fields.get('$maxCount'), 1),
    maxAgeSeconds: whole(fields.get('$maxAge'), 1),
    truncateBefore: whole(fields.get('$tb'), 0),
  };
}

function whole(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;
}
