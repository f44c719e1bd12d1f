import { confidenceOf, confidenceParts } from './confidence.js';
import { immediately, statedTime } from './effective-time.js';
import type { Action, Flag, IntentPacket, ParseContext, Target } from './intent-packet.js';
import type { Marker } from './marker-class.js';
import { scanMarkers } from './scan-markers.js';

/** A request as JSON, its shape validated at the edge; `effective` is an ISO day or instant. */
export interface StructuredRequest {
  readonly action: Action;
  readonly target: Target;
  readonly effective?: string;
  readonly reason?: string;
  readonly displayName?: string;
}

/** Name and version of this reading, as the ledger records it. */
const structuredParser = 'structured/1';

/** Reads a JSON request into an IntentPacket; every free-text field passes the marker filter, and a marker names its field. */
export function parseStructured(request: StructuredRequest, context: ParseContext): IntentPacket {
  const markers = Object.entries(freeText(request)).flatMap(([field, text]) => scanMarkers(text).map((marker): Marker => ({ ...marker, field })));
  const flags = new Set<Flag>();
  if (request.action === 'unknown') flags.add('no_action');
  if (request.target.value.trim() === '') flags.add('no_target');
  const said =
    request.effective === undefined ? { effective: immediately(context, null), flags: ['no_date'] as const } : statedTime(request.effective, context);
  for (const flag of said.flags) flags.add(flag);
  if (markers.some((marker) => marker.class === 'homograph_address')) flags.add('homograph_address');
  if (markers.length > 0) flags.add('prompt_injection_suspected');
  const target = flags.has('no_target') || markers.length > 0 ? null : request.target;
  const raised = [...flags];
  const parts = confidenceParts({ action: request.action, directness: 'field', target, effective: said.effective, named: 'beside', dated: 'beside', language: 'en', flags: raised });
  return {
    action: request.action,
    target,
    effective: said.effective,
    claimedRequester: null,
    reason: markers.length > 0 ? null : (request.reason ?? null),
    source: 'json',
    confidence: confidenceOf(parts),
    confidenceParts: parts,
    flags: raised,
    markers,
    parser: structuredParser,
  };
}

/** Every field of a structured request that holds what somebody typed, by its path. */
export function freeText(request: StructuredRequest): Readonly<Record<string, string>> {
  return { 'target.value': request.target.value, reason: request.reason ?? '', displayName: request.displayName ?? '', effective: request.effective ?? '' };
}
