import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CorpusRate, corpusRates, wilson } from '#intake';
import { fixed, table } from './table.js';

/** Beside the repository; corpora are measured, never shipped. */
const CORPORA = `${process.env['GATEHOUSE_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))}/data/injection/`;

/** Flag rates of the marker filter by file, label and class, with 95% intervals (Wilson). */
export function measureMarkers(write: (line: string) => void, files: readonly string[]): void {
  const chosen = files.length > 0 ? files : corpora();
  if (chosen.length === 0) write(`Marker filter: no corpora at ${CORPORA}; name JSONL files to measure others`);
  const heads = ['label', 'class', 'N', 'flagged', 'rate', '95% interval'];
  for (const file of chosen) {
    const lines = readFileSync(file, 'utf8').split('\n');
    corpusRates(lines); // patterns are compiled when first needed
    const begun = performance.now();
    const rates = corpusRates(lines);
    const byClass = rates.toSorted((a, b) => (`${b.label} ${a.class}` < `${a.label} ${b.class}` ? -1 : 1));
    const rows = [...['injection', 'benign'].flatMap((label) => total(rates, label)), ...byClass].map(rowOf);
    const texts = rates.reduce((sum, { n }) => sum + n, 0);
    write(`Marker filter on ${basename(file)}: ${fixed(texts)} texts, ${fixed((performance.now() - begun) / Math.max(1, texts), 2)} ms each`);
    for (const line of table(heads, rows)) write(`  ${line}`);
  }
}

/** All rows of a label together; none when the file has no such row. */
function total(rates: readonly CorpusRate[], label: string): readonly CorpusRate[] {
  const own = rates.filter((rate) => rate.label === label);
  const [n, flagged] = [own.reduce((sum, rate) => sum + rate.n, 0), own.reduce((sum, rate) => sum + rate.flagged, 0)];
  return n === 0 ? [] : [{ label, class: '(all)', n, flagged, interval: wilson(flagged, n) }];
}

function corpora(): readonly string[] {
  if (!existsSync(CORPORA)) return [];
  return readdirSync(CORPORA)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => `${CORPORA}${name}`);
}

function rowOf({ label, class: name, n, flagged, interval: [low, high] }: CorpusRate): readonly string[] {
  const percent = (share: number): string => `${fixed(share * 100, 1)}%`;
  return [label, name, fixed(n), fixed(flagged), percent(flagged / n), `${percent(low)} to ${percent(high)}`];
}
