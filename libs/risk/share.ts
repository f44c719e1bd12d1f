/** What a score is added up in: a share of 1 has at most four decimals. */
export const PARTS = 10_000;

/** A share in whole ten-thousandths. */
export function parts(share: number): number {
  return Math.round(share * PARTS);
}

/** A number as a share: at least 0, at most 1, four decimals. */
export function shareOf(value: number): number {
  return Math.min(PARTS, Math.max(0, parts(value))) / PARTS;
}
