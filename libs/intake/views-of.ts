import { atbashView, concatenatedView, pigLatinView, rot13View, unscrambledView } from './cipher-views.js';
import { type Decoded, decoded } from './decoders.js';
import { foldedView } from './fold.js';
import { gappedView, hiddenView, visibleView } from './invisible.js';
import type { View } from './view.js';
import { joinedView, leetView, reversedView, turnedView, unbrokenView, shortenedView, unmarkedView, untaggedView, wordsMirroredView, wordsReversedView, wordsView } from './word-views.js';

/** A view, and whether its words may have lost the spaces between. */
export interface ScannedView {
  readonly view: View;
  readonly loose: boolean;
}

/** The views of a text, the raw one first, and where more stands encoded than is read. */
export interface Views {
  readonly scanned: readonly ScannedView[];
  readonly unread: readonly [start: number, end: number] | undefined;
}

const deepestDecoding = 2;
const mostViews = 240;
/** Hidden text of this many characters in all is read; nobody asks for an offboarding in more. */
const mostHidden = 4096;

/** Every view of the text that is scanned; views that say the same are scanned once. */
export function viewsOf(raw: View): Views {
  const collector = new Collector();
  collector.collect(raw, []);
  return { scanned: [...collector.seen.values()], unread: collector.unread };
}

const NOT_DECODED: Decoded = { whole: undefined, hidden: [], unread: undefined };

class Collector {
  readonly seen = new Map<string, ScannedView>();
  unread: readonly [number, number] | undefined;
  private hidden = 0;

  /** Adds the views of `view`, which came of the raw text by the decodings `via`. */
  collect(view: View, via: readonly string[]): void {
    const add = (next: View | undefined, loose = false): void => {
      this.put(next && { ...next, name: next === view && via.length > 0 ? via.join('/') : [...via, next.name].join('/') }, loose);
    };
    add(view);
    const visible = visibleView(view) ?? view;
    const plain = foldedView(visible) ?? visible;
    const unmarked = unmarkedView(plain) ?? plain;
    const untagged = untaggedView(plain) ?? plain;
    const words = wordsView(untagged) ?? untagged;
    for (const next of [visible, plain, unmarked, words, wordsView(unmarked)]) add(next);
    const gapped = gappedView(view);
    if (gapped !== undefined) add(wordsView(foldedView(gapped) ?? gapped) ?? gapped);
    add(joinedView(unmarked), true);
    for (const next of [unbrokenView(plain), concatenatedView(plain), leetView(unmarked, 'i'), leetView(unmarked, 'l')]) add(next);
    const leet = leetView(words, 'i');
    if (leet !== undefined) add(joinedView(leet), true);
    this.decode(view, plain, via);
    if (via.length > 1) return;
    for (const next of [turnedView(plain), reversedView(plain), wordsReversedView(words), wordsMirroredView(words), shortenedView(words), rot13View(words), atbashView(words), pigLatinView(words), unscrambledView(words)]) add(next);
  }

  private decode(view: View, plain: View, via: readonly string[]): void {
    const unseen = hiddenView(view);
    const { whole, hidden, unread } = via.length < deepestDecoding ? decoded(plain) : NOT_DECODED;
    this.unread ??= unread;
    if (whole !== undefined) this.collect(whole, [...via, whole.name]);
    for (const next of unseen === undefined ? hidden : [unseen, ...hidden]) {
      this.hidden += next.text.length;
      if (this.hidden > mostHidden) this.unread ??= next.locate(0, next.text.length);
      else this.collect(next, [...via, next.name]);
    }
  }

  private put(view: View | undefined, loose: boolean): void {
    if (view === undefined) return;
    const key = `${loose ? 'loose' : 'strict'} ${view.text}`;
    if (this.seen.has(key)) return;
    if (this.seen.size < mostViews) this.seen.set(key, { view, loose });
    else this.unread ??= view.locate(0, view.text.length);
  }
}
