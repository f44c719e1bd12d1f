import { scanMarkers } from '#intake';
import { fixed, table } from './table.js';

/** Pieces that the views and the patterns look at; hostile texts are made of few of them, repeated. */
const PIECES: readonly string[] = [
  ...['ignore ', 'instructions ', 'all previous ', 'you are now ', 'from now on ', 'system: ', 'confidence: ', 'action: ', 'approve ', 'without ', 'set the ', 'your ', 'instead ', 'pretend ', 'risk score ', 'mode ', 'forget '],
  ...['a', 'aaaaaaaaaaaaaaaaaaaa', 'a b c d ', 'A-', '.', ',', '\n', ' ', '   ', '\t', "'", '"', '"a"', '" + "', '(', '<', '<b>', '<!-- ', '/*', '**', '__', '~~', '`', '[', '{', '{{', '${', '%', '=', '|', '#', '\\'],
  ...['%41', '%2541', '&lt;', '&#105;', '\\u0041', '\\n', '=3D', '=\n', 'QUJDREVGR0hJSktM', '4142', '41 ', '0x41 ', '65 ', '101 ', '01000001 ', '.- ', 'JBSWY3DP', 'igpay ', 'ecnatsni '],
  ...['\u200b', '\u00ad', '\ufe0f', '\u{E0041}', '\u{E0101}', '\u0301', 'e\u0301', '\u1100', '\u202e', '\x1b[0m', '\x08', '\ud800', 'іgnоre ', 'ａ', '\u{1D400}', 'ı', '1gn0r3 ', '4ll ', 'é', '前', '指示', 'игнорируй ', 'ɐqɔ', 'a@b.c ', 'а@b.c '],
];
const SEED = 5;
const SIZE = 8192;
const ROUNDS = 300;
const KEPT = 12;
const TRIES = 3;

interface Found {
  readonly pieces: readonly string[];
  readonly ms: number;
}

/** Times of the marker filter: ordinary texts, and the worst that a seeded search over repeated pieces finds, at n and 2n. */
export function measureMarkerSpeed(write: (line: string) => void): void {
  const ordinary = 'Please offboard marta.kowalska@acme.example, last day Friday. She hands the laptop over to Ben before noon; HR has the signed letter.\n';
  for (let i = 0; i < 200; i += 1) scanMarkers(ordinary);
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['an ordinary request, repeated', [ordinary]],
    ...worst().slice(0, 4).map((found) => [JSON.stringify(found.pieces.join('')), found.pieces] as const),
  ];
  write(`Marker filter: one ordinary request ${fixed(time(ordinary, 20), 3)} ms; ${fixed(ROUNDS)} hostile texts of ${fixed(SIZE)} characters tried, seed ${fixed(SEED)}; processor time, the least of some runs each`);
  const rows = named.map(([name, pieces]) => {
    const [half, one, two] = [SIZE / 2, SIZE, SIZE * 2].map((size) => time(filled(pieces, size), 9));
    return [name, fixed(half ?? 0, 2), fixed(one ?? 0, 2), fixed(two ?? 0, 2), fixed((two ?? 0) / (one ?? 1), 2)];
  });
  for (const line of table(['text', 'ms at 4 KB', '8 KB', '16 KB', '16 KB / 8 KB'], rows)) write(`  ${line}`);
}

/** The slowest texts of a search that keeps the slowest and changes them, slowest first. */
function worst(): readonly Found[] {
  const random = generator(SEED);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const piece = (): string => pick(PIECES) ?? '';
  let kept: readonly Found[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const parent = round < ROUNDS / 3 ? undefined : pick(kept);
    const pieces = parent === undefined ? Array.from({ length: 1 + Math.floor(random() * 5) }, piece) : changed(parent.pieces, piece, random);
    if (pieces.length === 0) continue;
    const ms = time(filled(pieces, SIZE), TRIES);
    kept = [...kept, { pieces, ms }].toSorted((a, b) => b.ms - a.ms).slice(0, KEPT);
  }
  return kept.map(({ pieces }) => ({ pieces, ms: time(filled(pieces, SIZE), 3 * TRIES) })).toSorted((a, b) => b.ms - a.ms);
}

function changed(pieces: readonly string[], piece: () => string, random: () => number): readonly string[] {
  const at = Math.floor(random() * (pieces.length + 1));
  const [kind, longest] = [Math.floor(random() * 3), 10];
  if (kind === 0 || pieces.length >= longest) return pieces.toSpliced(at, 1);
  return pieces.toSpliced(at, kind - 1, piece());
}

function filled(pieces: readonly string[], size: number): string {
  const unit = pieces.join('');
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

/** The least processor time of `tries` runs in milliseconds: the clock on the wall and the other runs measure the machine. */
function time(text: string, tries: number): number {
  let least = Infinity;
  for (let i = 0; i < tries; i += 1) {
    const begun = process.cpuUsage();
    scanMarkers(text);
    const { user, system } = process.cpuUsage(begun);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Numbers in [0, 1), the same for the same seed (xorshift32, Marsaglia 2003). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}
