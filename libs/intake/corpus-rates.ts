import { isJsonObject } from '#decider';
import { scanMarkers } from './scan-markers.js';

/** How many rows of one label and class were flagged; `interval` is Wilson's at 95%. */
export interface CorpusRate {
  readonly label: string;
  readonly class: string;
  readonly n: number;
  readonly flagged: number;
  readonly interval: readonly [low: number, high: number];
}

const z = 1.959964;

/** Flag rates over the lines of a JSONL file whose rows hold `text`, `label` and perhaps a class; other lines are left out. */
export function corpusRates(lines: readonly string[]): readonly CorpusRate[] {
  const counts = new Map<string, { label: string; class: string; n: number; flagged: number }>();
  for (const line of lines) {
    const row: unknown = line.trim() === '' ? null : JSON.parse(line);
    if (!isJsonObject(row) || typeof row['text'] !== 'string' || typeof row['label'] !== 'string') continue;
    const named = row['class'] ?? row['category'] ?? row['evasion'] ?? '';
    const key = { label: row['label'], class: typeof named === 'string' ? named : '' };
    const count = counts.get(JSON.stringify(key)) ?? { ...key, n: 0, flagged: 0 };
    count.n += 1;
    if (scanMarkers(row['text']).length > 0) count.flagged += 1;
    counts.set(JSON.stringify(key), count);
  }
  return [...counts.values()].map((count) => ({ ...count, interval: wilson(count.flagged, count.n) }));
}

/** Wilson's score interval at 95% for `hits` of `n`. */
export function wilson(hits: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const p = hits / n;
  const middle = p + (z * z) / (2 * n);
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}
