import { confidenceOf, markerCap } from './confidence.js';
import type { ConfidencePart, Flag, IntentPacket } from './intent-packet.js';
import type { Marker } from './marker-class.js';
import { freeText, type StructuredRequest } from './parse-structured.js';
import { scanMarkers } from './scan-markers.js';
import type { TenantMarkers } from './tenant-markers.js';

/**
 * The packet after the second pass of the marker filter: over the raw input with the tenant's own markers, and over every text in the packet
 * itself, since a parser may have put together what stood apart. On a marker the packet is scrubbed as the parsers do it.
 */
export function screened(packet: IntentPacket, request: string | StructuredRequest, own?: TenantMarkers): IntentPacket {
  if (packet.markers.length > 0) return packet;
  const raw = typeof request === 'string' ? { text: request } : freeText(request);
  const parsed = { 'packet.target': packet.target?.value, 'packet.claimedRequester': packet.claimedRequester, 'packet.reason': packet.reason, 'packet.effective': packet.effective?.text };
  const typed = markersIn(raw, own);
  const markers = typed.length > 0 ? typed : markersIn(parsed, own);
  return markers.length === 0 ? packet : scrubbed(packet, markers, 'the marker filter found a marker');
}

function markersIn(texts: Readonly<Record<string, string | null | undefined>>, own: TenantMarkers | undefined): readonly Marker[] {
  return Object.entries(texts).flatMap(([field, text]) => scanMarkers(text ?? '', own).map((marker): Marker => (field === 'text' ? marker : { ...marker, field })));
}

/** A suspected packet: everything that the sender could have chosen is taken out, and the confidence stays below 0.4. */
export function scrubbed(packet: IntentPacket, markers: readonly Marker[], because: string): IntentPacket {
  const raised: readonly Flag[] = ['prompt_injection_suspected', ...(markers.some((marker) => marker.class === 'homograph_address') ? (['homograph_address'] as const) : [])];
  const confidenceParts: readonly ConfidencePart[] = [
    ...packet.confidenceParts.map((part) => (part.name === 'target' ? { ...part, value: 0, because: 'taken out of a suspected request' } : part)),
    ...raised.map((flag) => ({ name: `cap.${flag}`, value: markerCap, because })),
  ];
  return {
    ...packet,
    target: null,
    claimedRequester: null,
    reason: null,
    flags: [...new Set([...packet.flags, ...raised])],
    markers,
    confidenceParts,
    confidence: confidenceOf(confidenceParts),
  };
}
