import { caseFolded } from './required-literals.js';

/** A longer literal is looked for by its first units: they are necessary too, and keep the automaton small. */
const longestLiteral = 8;

/** Where literals stood in one text. */
export interface Occurrences {
  /** For each set, the positions of the last unit of a literal, rising; undefined when none stands in the text. */
  readonly positions: readonly (readonly number[] | undefined)[];
  /** Where each run of white space begins, rising. */
  readonly spaces: readonly number[];
}

/** Finds, in one pass, where a literal of each set stands: Aho and Corasick's automaton (1975) as a table, case folded. */
export class LiteralScan {
  /** The column of each UTF-16 unit; 0 for units in no literal. */
  private readonly columns = new Uint16Array(0x10000);
  private readonly width: number;
  private readonly next: Uint16Array;
  /** 1 for a state in which a literal ends. */
  private readonly ends: Uint8Array;
  /** The sets that have a literal ending in a state. */
  private readonly ending: readonly (readonly number[])[];

  constructor(private readonly sets: readonly (readonly string[])[]) {
    const trie: Trie = [{ children: new Map(), sets: new Set() }];
    for (const [set, literals] of sets.entries()) {
      for (const literal of literals) plant(trie, literal.slice(0, longestLiteral), set);
    }
    const units = [...new Set(sets.flat().flatMap((literal) => literal.slice(0, longestLiteral).split('')))];
    this.width = units.length + 1;
    this.number(new Map(units.map((unit, at) => [unit, at + 1])));
    this.next = new Uint16Array(trie.length * this.width);
    this.connect(trie, units);
    this.ending = trie.map((state) => [...state.sets]);
    this.ends = Uint8Array.from(trie, (state) => Math.min(1, state.sets.size));
  }

  /** Where a literal of each set stands in `text`. */
  scan(text: string): Occurrences {
    const { columns, next, width, ends } = this;
    const positions: (number[] | undefined)[] = this.sets.map(() => undefined);
    const spaces: number[] = [];
    let [state, inSpace] = [0, false];
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const isSpace = unit <= 32 && (unit === 32 || unit === 10 || unit === 9 || unit === 13 || unit === 12);
      if (isSpace && !inSpace) spaces.push(at);
      inSpace = isSpace;
      state = next[state * width + (columns[unit] ?? 0)] ?? 0;
      if (ends[state] === 1) for (const set of this.ending[state] ?? []) (positions[set] ??= []).push(at);
    }
    return { positions, spaces };
  }

  private number(columnOf: ReadonlyMap<string, number>): void {
    for (let unit = 0; unit < 0x10000; unit += 1) this.columns[unit] = columnOf.get(caseFolded(String.fromCharCode(unit))) ?? 0;
  }

  /** Breadth first: a state without a transition goes where its longest proper suffix would. */
  private connect(trie: Trie, units: readonly string[]): void {
    const fail = new Uint16Array(trie.length);
    const queue = [0];
    for (const state of queue) {
      const suffix = fail[state] ?? 0;
      for (const [column, unit] of units.entries()) {
        const at = state * this.width + column + 1;
        const child = trie[state]?.children.get(unit);
        const fallback = state === 0 ? 0 : (this.next[suffix * this.width + column + 1] ?? 0);
        this.next[at] = child ?? fallback;
        if (child === undefined) continue;
        fail[child] = fallback;
        for (const set of trie[fallback]?.sets ?? []) trie[child]?.sets.add(set);
        queue.push(child);
      }
    }
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
