import { hiddenView, invisible } from './invisible.js';
import type { Hit } from './pattern-set.js';
import { rawView } from './view.js';

const longRun = new RegExp(`(?:${invisible}){8,}`, 'gu');
const zeroWidth = /[\u200B-\u200F\u2060-\u2064\uFEFF\u180E\u{E0000}-\u{E007F}]/gu;
const fewestLetters = 4;
const fewestBits = 8;

/** Readable text in characters that nobody sees, and runs of zero-width characters long enough to carry some. */
export function hiddenText(text: string): Hit[] {
  const hits: Hit[] = [];
  const hidden = hiddenView(rawView(text));
  if (hidden !== undefined && (hidden.text.match(/[A-Za-z0-9]/gu)?.length ?? 0) >= fewestLetters) {
    const [start, end] = hidden.locate(0, hidden.text.length);
    hits.push({ class: 'hidden_text', start, end });
  }
  for (const { 0: run, index } of text.matchAll(longRun)) {
    if ((run.match(zeroWidth)?.length ?? 0) >= fewestBits) hits.push({ class: 'hidden_text', start: index, end: index + run.length });
  }
  return hits;
}
