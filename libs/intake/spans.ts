/** A part [start, end) of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of a text, in order and apart, outside of which nothing can match that contains one position of each list, in the order of the lists,
 * and touches at most `mostSpaces` runs of white space; `spaces` are where those runs begin.
 */
export function spansOf(standing: readonly (readonly number[])[], spaces: readonly number[], mostSpaces: number, length: number): readonly Span[] {
  const rarest = standing.toSorted((a, b) => a.length - b.length)[0];
  if (rarest === undefined) return [];
  const place = standing.indexOf(rarest);
  const [before, after] = [standing.slice(0, place).reverse(), standing.slice(place + 1)];
  if (mostSpaces >= spaces.length) return rarest.some((at) => reaches(before, at, 0, -1) && reaches(after, at, length, 1)) ? [{ start: 0, end: length }] : [];
  const spans: { start: number; end: number }[] = [];
  for (const at of rarest) {
    const last = spans.at(-1);
    const run = countUpTo(spaces, at);
    const [start, end] = [spaces[run - mostSpaces - 2] ?? 0, (spaces[run + mostSpaces] ?? length - 1) + 1];
    if (!reaches(before, at, start, -1) || !reaches(after, at, end, 1)) continue;
    if (last !== undefined && start < last.end) last.end = end;
    else spans.push({ start, end });
  }
  return spans;
}

/** Whether each list in turn has a position farther on, backwards or forwards, and none lies beyond `limit`. */
function reaches(lists: readonly (readonly number[])[], from: number, limit: number, direction: 1 | -1): boolean {
  let at = from;
  for (const own of lists) {
    const next = direction > 0 ? own[countUpTo(own, at)] : own[countUpTo(own, at - 1) - 1];
    if (next === undefined || (next - limit) * direction > 0) return false;
    at = next;
  }
  return true;
}

/** How many of the rising `numbers` are at most `bound`, which is where the first above it stands. */
export function countUpTo(numbers: readonly number[], bound: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? bound) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where each run of white space in `text` begins, rising: what `\s` means to RE2. */
export function spacesIn(text: string): readonly number[] {
  const spaces: number[] = [];
  let inSpace = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const isSpace = unit <= 32 && (unit === 32 || unit === 10 || unit === 9 || unit === 13 || unit === 12);
    if (isSpace && !inSpace) spaces.push(at);
    inSpace = isSpace;
  }
  return spaces;
}
