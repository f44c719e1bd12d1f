import { builtInMarkers } from './built-in-markers.js';
import { hiddenText } from './hidden-text.js';
import { homographAddresses } from './homograph.js';
import { type Marker, markerClasses } from './marker-class.js';
import { isMention } from './mention.js';
import type { Hit } from './pattern-set.js';
import type { TenantMarkers } from './tenant-markers.js';
import { rawView, type View } from './view.js';
import { viewsOf } from './views-of.js';

/** No more markers than this are listed: one is enough to stop a request. */
const mostMarkers = 32;

/**
 * The markers in `text` in the first view that holds one (raw first), each class once a place, pressure last; the tenant's own beside the built-in ones.
 * Total on any UTF-16, linear in the length of `text`, and the same answer each time.
 */
export function scanMarkers(text: string, own?: TenantMarkers): readonly Marker[] {
  const raw = rawView(text);
  const found = new Map<string, Marker>();
  const pressing: { readonly view: View; readonly hit: Hit }[] = [];
  const note = (view: View, hit: Hit, version: number) => {
    const [start, end] = view.locate(hit.start, hit.end);
    const key = `${hit.class} ${start}`;
    if (found.has(key) || isMention(text, start, end)) return;
    found.set(key, { class: hit.class, version, start, end, view: view.name });
  };
  for (const hit of [...homographAddresses(text), ...hiddenText(text)]) note(raw, hit, builtInVersion(hit.class));
  const { scanned, unread } = viewsOf(raw);
  for (const { view, loose } of scanned) {
    // A marker in one view decides; the views behind it would only repeat it.
    if (found.size > 0) break;
    for (const hit of builtInMarkers().find(view.text, loose)) {
      if (hit.class === 'pressure') pressing.push({ view, hit });
      else note(view, hit, builtInVersion(hit.class));
    }
    for (const hit of own?.patterns.find(view.text, loose) ?? []) note(view, hit, own?.versions.get(hit.class) ?? 1);
  }
  if (found.size === 0 && unread !== undefined) note(raw, { class: 'hidden_text', start: unread[0], end: unread[1] }, builtInVersion('hidden_text'));
  if (found.size > 0) for (const { view, hit } of pressing) note(view, hit, builtInVersion(hit.class));
  return [...found.values()].slice(0, mostMarkers);
}

function builtInVersion(name: string): number {
  return Object.entries(markerClasses).find(([known]) => known === name)?.[1].version ?? 1;
}
