/** One way to look at the raw text; it can say where in the raw text a part of it stood. */
export interface View {
  readonly name: string;
  readonly text: string;
  /** The raw range [start, end) behind [start, end) of this view's text. */
  locate(start: number, end: number): readonly [number, number];
}

/** The raw text itself. */
export function rawView(text: string): View {
  return { name: 'raw', text, locate: (start, end) => [start, end] };
}

interface Segment {
  /** Where the segment begins in the new text. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
  /** True when the segment is a copy, so that positions inside it run along. */
  readonly copied: boolean;
}

/** Builds a view from pieces of its parent, in any order, and keeps where each piece came from. */
export class ViewBuilder {
  private readonly pieces: string[] = [];
  private readonly segments: Segment[] = [];
  private length = 0;

  constructor(
    private readonly name: string,
    private readonly parent: View,
  ) {}

  /** Copies the parent's [start, end). */
  keep(start: number, end: number): void {
    if (start < end) this.add(this.parent.text.slice(start, end), { at: this.length, start, end, copied: true });
  }

  /** Puts `text` where the parent has [start, end). */
  put(text: string, start: number, end: number): void {
    if (text !== '') this.add(text, { at: this.length, start, end, copied: false });
  }

  build(): View {
    const { name, parent, segments } = this;
    return { name, text: this.pieces.join(''), locate: (start, end) => locateIn(segments, parent, start, end) };
  }

  private add(text: string, segment: Segment): void {
    this.pieces.push(text);
    this.segments.push(segment);
    this.length += text.length;
  }
}

function locateIn(segments: readonly Segment[], parent: View, start: number, end: number): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let until = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (segment.at >= end) break;
    if (next <= start) continue;
    from = Math.min(from, segment.copied ? segment.start + Math.max(0, start - segment.at) : segment.start);
    until = Math.max(until, segment.copied ? Math.min(segment.end, segment.start + end - segment.at) : segment.end);
  }
  return from > until ? parent.locate(0, parent.text.length) : parent.locate(from, until);
}

/** A view whose places are worked out when first asked for: most views hold no marker. `build` must give the same text. */
export function placedLater(name: string, text: string, build: () => View): View {
  let built: View | undefined;
  return { name, text, locate: (start, end) => (built ??= build()).locate(start, end) };
}

/** The parent with every match of `pattern` (global) replaced; undefined when nothing changes. `by` is a text without `$`, or gets the match and its groups. */
export function replaced(name: string, parent: View, pattern: RegExp, by: string | ((found: string, ...groups: (string | undefined)[]) => string)): View | undefined {
  const text = typeof by === 'string' ? parent.text.replace(pattern, by) : parent.text.replace(pattern, by);
  if (text === parent.text) return undefined;
  return placedLater(name, text, () => {
    const builder = new ViewBuilder(name, parent);
    let kept = 0;
    for (const match of parent.text.matchAll(pattern)) {
      builder.keep(kept, match.index);
      builder.put(typeof by === 'string' ? by : by(match[0], ...match.slice(1)), match.index, match.index + match[0].length);
      kept = match.index + match[0].length;
    }
    builder.keep(kept, parent.text.length);
    return builder.build();
  });
}

/** The parent with each UTF-16 unit exchanged for one other. */
export function exchanged(name: string, parent: View, unit: (unit: number) => number): View {
  const { text } = parent;
  const bytes = Buffer.allocUnsafe(text.length * 2);
  for (let at = 0; at < text.length; at += 1) bytes.writeUInt16LE(unit(text.charCodeAt(at)), at * 2);
  return { name, text: bytes.toString('utf16le'), locate: (start, end) => parent.locate(start, end) };
}
