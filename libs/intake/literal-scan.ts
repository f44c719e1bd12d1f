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
  private readonly ending: readonly (readonly number[])[];

  /**
   * Sets of case-folded literals by number.
   * @throws RangeError for more literals than the table can number
   */
  constructor(sets: ReadonlyMap<number, readonly string[]>) {
    const trie: Trie = [{ children: new Map(), sets: new Set() }];
    const units = new Set<string>();
    for (const [set, literals] of sets) {
      for (const literal of literals.map((whole) => whole.slice(0, longestLiteral))) {
        plant(trie, literal, set);
        for (const unit of literal.split('')) units.add(unit);
      }
    }
    if (trie.length > mostStates) throw new RangeError(`${String(trie.length)} states are more than ${String(mostStates)}`);
    this.width = units.size + 1;
    for (const [at, unit] of [...units].entries()) this.columns[unit.charCodeAt(0)] = at + 1;
    for (const [unit, folded] of folds().entries()) this.columns[unit] = this.columns[folded] ?? 0;
    this.next = new Uint16Array(trie.length * this.width);
    this.connect(trie);
    this.ending = trie.map((state) => [...state.sets]);
    this.ends = Uint8Array.from(trie, (state) => Math.min(1, state.sets.size));
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

  /** Breadth first: a state without a transition goes where its longest proper suffix would, so its row begins as the suffix's. */
  private connect(trie: Trie): void {
    const fail = new Uint16Array(trie.length);
    const queue = [0];
    for (const state of queue) {
      const row = state * this.width;
      const suffix = (fail[state] ?? 0) * this.width;
      this.next.copyWithin(row, suffix, suffix + this.width);
      for (const [unit, child] of trie[state]?.children ?? []) {
        const at = row + (this.columns[unit.charCodeAt(0)] ?? 0);
        const fallback = state === 0 ? 0 : (this.next[at] ?? 0);
        this.next[at] = child;
        fail[child] = fallback;
        for (const set of trie[fallback]?.sets ?? []) trie[child]?.sets.add(set);
        queue.push(child);
      }
    }
  }
}

/** What `\s` means to RE2. */
function isSpace(unit: number): boolean {
  return unit <= space && (unit === space || unit === 10 || unit === 9 || unit === 13 || unit === 12);
}

/** Where the literals of each set stand in one text. */
export class Standing {
  private readonly parts = new Map<number, (readonly number[])[]>();
  private readonly merged = new Map<number, readonly number[]>();

  constructor(hits: ReadonlyMap<number, readonly number[]>, ending: readonly (readonly number[])[]) {
    for (const [state, positions] of hits) {
      for (const set of ending[state] ?? []) {
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

type Trie = { readonly children: Map<string, number>; readonly sets: Set<number> }[];

function plant(trie: Trie, literal: string, set: number): void {
  let state = 0;
  for (const unit of literal.split('')) {
    const children = trie[state]?.children;
    const known = children?.get(unit) ?? trie.length;
    if (known === trie.length) trie.push({ children: new Map(), sets: new Set() });
    children?.set(unit, known);
    state = known;
  }
  trie[state]?.sets.add(set);
}
