/** Lines of a table whose columns stand below their heads, the first to the left and the rest to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)));
  return [heads, ...rows].map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('   ').trimEnd());
}

/** A number with so many decimals. */
export function fixed(value: number, decimals = 0): string {
  return value.toFixed(decimals);
}
