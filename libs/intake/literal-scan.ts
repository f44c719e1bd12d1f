import { once } from './once.js';
import { caseFolded } from './required-literals.js';

/** A longer literal is looked for by its first units: they are necessary too, and keep the automaton small. */
const longestLiteral = 12;
const mostStates = 0xffff;
const space = 32;
/** Every unit's spelling when case and the kind of white space are ignored. */
const folds = once(() => Uint16Array.from({ length: 0x10000 }, (_, unit) => (isSpace(unit) ? space : caseFolded(String.fromCharCode(unit)).charCodeAt(0))));

/** Finds, in one pass, where a literal of each set stands: Aho and Corasick's automaton (1975) as a table, case folded, a run of white space as one. */
export class LiteralScan {
  /** The column of each UTF-16 unit; 0 for units in no literal. */
  private readonly columns = new Uint16Array(0x10000);
  private readonly width: number;
  private readonly next: Uint16Array;
  /** 1 for a state in which a literal ends. */
  private readonly ends: Uint8Array;
  /** The sets that have a literal ending in a state. */
  private readonly ending = new Map<number, readonly number[]>();

  /**
   * Sets of case-folded literals by number.
   * @throws RangeError for more literals than the table can number
   */
  constructor(sets: ReadonlyMap<number, readonly string[]>) {
    const literals = [...sets].flatMap(([set, list]) => list.map((whole) => ({ text: whole.slice(0, longestLiteral), set })));
    const texts = [...new Set(literals.map(({ text }) => text))].sort();
    const units = new Set(texts.join('').split(''));
    for (const [at, unit] of [...units].entries()) this.columns[unit.charCodeAt(0)] = at + 1;
    for (const [unit, folded] of folds().entries()) this.columns[unit] = this.columns[folded] ?? 0;
    this.width = units.size + 1;
    // each text adds the states that it does not share with the one before it
    const states = texts.reduce((sum, text, i) => sum + text.length - sharedStart(text, texts[i - 1] ?? ''), 1);
    if (states > mostStates) throw new RangeError(`${String(states)} states are more than ${String(mostStates)}`);
    this.next = new Uint16Array(states * this.width);
    this.ends = new Uint8Array(states);
    const ends = this.plant(texts);
    for (const { text, set } of literals) this.end(ends.get(text) ?? 0, [set]);
    this.connect();
  }

  /** Finds where the literals stand in `text`. */
  scan(text: string): Standing {
    const { columns, next, width, ends } = this;
    const hits = new Map<number, number[]>();
    let state = 0;
    let inSpace = false;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const wasSpace = inSpace;
      inSpace = isSpace(unit);
      if (inSpace && wasSpace) continue;
      state = next[state * width + (columns[unit] ?? 0)] ?? 0;
      if (ends[state] !== 1) continue;
      const own = hits.get(state);
      if (own === undefined) hits.set(state, [at]);
      else own.push(at);
    }
    return new Standing(hits, this.ending);
  }

  /** Makes a state for each prefix of a text; answers the state in which each text ends. */
  private plant(texts: readonly string[]): ReadonlyMap<string, number> {
    const ends = new Map<string, number>();
    let last = 0;
    for (const text of texts) {
      let state = 0;
      for (let i = 0; i < text.length; i += 1) {
        const at = state * this.width + (this.columns[text.charCodeAt(i)] ?? 0);
        state = this.next[at] ||= last += 1;
      }
      ends.set(text, state);
    }
    return ends;
  }

  private end(state: number, sets: readonly number[]): void {
    this.ends[state] = 1;
    this.ending.set(state, [...new Set([...(this.ending.get(state) ?? []), ...sets])]);
  }

  /** Breadth first: a state without a transition goes where its longest proper suffix would, and ends what that one ends. */
  private connect(): void {
    const { next, width } = this;
    const suffixes = new Uint16Array(this.ends.length);
    const queue = [0];
    for (const state of queue) {
      const suffix = suffixes[state] ?? 0;
      for (let column = 1; column < width; column += 1) {
        const child = next[state * width + column] ?? 0;
        const fallback = state === 0 ? 0 : (next[suffix * width + column] ?? 0);
        if (child === 0) next[state * width + column] = fallback;
        if (child === 0) continue;
        suffixes[child] = fallback;
        const ended = this.ending.get(fallback);
        if (ended !== undefined) this.end(child, ended);
        queue.push(child);
      }
    }
  }
}

function sharedStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one.charAt(at) === other.charAt(at)) at += 1;
  return at;
}

/** What `\s` means to RE2. */
function isSpace(unit: number): boolean {
  return unit <= space && (unit === space || unit === 10 || unit === 9 || unit === 13 || unit === 12);
}

/** Where the literals of each set stand in one text. */
export class Standing {
  private readonly parts = new Map<number, (readonly number[])[]>();
  private readonly merged = new Map<number, readonly number[]>();

  constructor(hits: ReadonlyMap<number, readonly number[]>, ending: ReadonlyMap<number, readonly number[]>) {
    for (const [state, positions] of hits) {
      for (const set of ending.get(state) ?? []) {
        const parts = this.parts.get(set);
        if (parts === undefined) this.parts.set(set, [positions]);
        else parts.push(positions);
      }
    }
  }

  has(set: number): boolean {
    return this.parts.has(set);
  }

  /** Where the last unit of each literal of the set stands, rising. */
  of(set: number): readonly number[] {
    const known = this.merged.get(set);
    if (known !== undefined) return known;
    const parts = this.parts.get(set) ?? [];
    const all = parts.length === 1 ? (parts[0] ?? []) : [...Int32Array.from(parts.flat()).sort()];
    this.merged.set(set, all);
    return all;
  }
}
