import { atbashView, concatenatedView, pigLatinView, rot13View, unscrambledView } from './cipher-views.js';
import { decodedViews } from './decoders.js';
import { foldedView } from './fold.js';
import { gappedView, hiddenView, visibleView } from './invisible.js';
import type { View } from './view.js';
import { joinedView, leetView, reversedView, turnedView, unbrokenView, shortenedView, unmarkedView, untaggedView, wordsMirroredView, wordsReversedView, wordsView } from './word-views.js';

/** A view, and whether its words may have lost the spaces between. */
export interface ScannedView {
  readonly view: View;
  readonly loose: boolean;
}

const deepestDecoding = 2;
const mostViews = 240;

/** Every view of the text that is scanned, the raw one first; views that say the same are scanned once. */
export function viewsOf(raw: View): readonly ScannedView[] {
  const seen = new Map<string, ScannedView>();
  const add = (view: View | undefined, loose = false) => {
    if (view !== undefined && seen.size < mostViews && !seen.has(view.text)) seen.set(view.text, { view, loose });
  };
  collect(raw, [], add);
  return [...seen.values()];
}

/** Adds the views of `view`, which came of the raw text by the decodings `via`. */
function collect(view: View, via: readonly string[], put: (view: View | undefined, loose?: boolean) => void): void {
  const add = (next: View | undefined, loose = false): void => {
    put(next && { ...next, name: next === view && via.length > 0 ? via.join('/') : [...via, next.name].join('/') }, loose);
  };
  const depth = via.length;
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
  const hidden = hiddenView(view);
  const decoded = depth < deepestDecoding ? decodedViews(plain) : [];
  for (const next of hidden === undefined ? decoded : [hidden, ...decoded]) collect(next, [...via, next.name], put);
  if (depth > 1) return;
  for (const next of [turnedView(plain), reversedView(plain), wordsReversedView(words), wordsMirroredView(words), shortenedView(words), rot13View(words), atbashView(words), pigLatinView(words), unscrambledView(words)]) add(next);
}
