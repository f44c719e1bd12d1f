import type { Hit } from './pattern-set.js';
import { invisible } from './invisible.js';
import { lookalikes } from './lookalikes.js';

/** One class, not an alternation: marks are in both halves, and a choice between them would cost exponential time. */
const letter = String.raw`[\p{L}\p{M}\p{N}._%+'’${invisible.slice(1, -1)}-]`;
const address = new RegExp(String.raw`(?<!${letter})${letter}{1,80}@${letter}{1,190}`, 'gu');
const hides = new RegExp(invisible, 'u');
const otherScript = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const latin = /[A-Za-z]/u;

/** Addresses in `text` that look like another one. */
export function homographAddresses(text: string): Hit[] {
  if (!text.includes('@') || (!/[^\0-\x7F]/u.test(text) && !hides.test(text))) return [];
  return [...text.matchAll(address)]
    .filter(([written]) => isHomograph(written))
    .map(({ 0: written, index }) => ({ class: 'homograph_address', start: index, end: index + written.length }));
}

/** An address in one script throughout is somebody's; one that hides a character or mixes scripts in a label is a disguise. */
function isHomograph(written: string): boolean {
  const trimmed = written.replace(new RegExp(`^${invisible}+|${invisible}+$`, 'gu'), '');
  if (hides.test(trimmed)) return true;
  const labels = trimmed.split(/[@.\-_+%]/u);
  return labels.some((label) => {
    if (/[\uFF00-\uFFEF\u2100-\u214F\u{1D400}-\u{1D7FF}]/u.test(label)) return true;
    if (!otherScript.test(label)) return false;
    return latin.test(label) || (latin.test(trimmed) && Array.from(label).every((c) => lookalikes.has(c)));
  });
}
