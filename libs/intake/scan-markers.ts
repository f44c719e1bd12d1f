import { hiddenText } from './hidden-text.js';
import { homographAddresses } from './homograph.js';
import { type Marker, markerClasses } from './marker-class.js';
import { isMention } from './mention.js';
import { type Hit, PatternSet } from './pattern-set.js';
import { englishPatterns } from './patterns-english.js';
import { languagePatterns } from './patterns-languages.js';
import { rolePatterns } from './patterns-role.js';
import { structurePatterns } from './patterns-structure.js';
import { rawView, type View } from './view.js';
import { viewsOf } from './views-of.js';

/** No more markers than this are listed: one is enough to stop a request. */
const mostMarkers = 32;

const prose = [...englishPatterns, ...rolePatterns];
const builtIn = new PatternSet([...prose, ...structurePatterns, ...languagePatterns], false);
const runTogether = new PatternSet([...prose, ...structurePatterns], true);

/**
 * The markers in `text`, each class once a place, in the order of the views (raw first).
 * Total on any UTF-16, linear in the length of `text`, and the same answer each time.
 */
export function scanMarkers(text: string): readonly Marker[] {
  const raw = rawView(text);
  const found = new Map<string, Marker>();
  const note = (view: View, hit: Hit) => {
    const [start, end] = view.locate(hit.start, hit.end);
    const key = `${hit.class} ${start}`;
    if (found.has(key) || isMention(text, start, end)) return;
    found.set(key, { class: hit.class, version: markerClasses[hit.class].version, start, end, view: view.name });
  };
  for (const hit of [...homographAddresses(text), ...hiddenText(text)]) note(raw, hit);
  for (const { view, loose } of viewsOf(raw)) {
    // A marker in one view decides; the views behind it would only repeat it.
    if (found.size >= mostMarkers || [...found.values()].some((marker) => marker.class !== 'pressure')) break;
    for (const hit of (loose ? runTogether : builtIn).find(view.text)) note(view, hit);
  }
  const markers = [...found.values()].slice(0, mostMarkers);
  return markers.some((marker) => marker.class !== 'pressure') ? markers : [];
}
