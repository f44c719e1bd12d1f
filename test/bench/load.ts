/** What a load gave: how long all of it took, and each piece's own time, in milliseconds. */
export interface Measured {
  readonly ms: number;
  readonly each: readonly number[];
}

/** Does `work` for every item with so many in flight; `work` answers the piece's own time in milliseconds. */
export async function underLoad<T>(items: readonly T[], inFlight: number, work: (item: T) => Promise<number>): Promise<Measured> {
  const each: number[] = [];
  const rest = items[Symbol.iterator]();
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (const item of rest) each.push(await work(item));
    }),
  );
  return { ms: performance.now() - begun, each };
}

/** Two loads of the same kind as one. */
export function together(loads: readonly Measured[]): Measured {
  return { ms: loads.reduce((sum, { ms }) => sum + ms, 0), each: loads.flatMap(({ each }) => each) };
}

export function perSecond({ ms, each }: Measured): number {
  return (each.length * 1_000) / ms;
}

/** The value below which `share` of the pieces lie (nearest rank). */
export function quantile({ each }: Measured, share: number): number {
  const sorted = each.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
