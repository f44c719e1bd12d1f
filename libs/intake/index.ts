export { type CorpusRate, corpusRates, wilson } from './corpus-rates.js';
export { type Action, type ConfidencePart, type EffectiveTime, type Flag, flags, type IntentPacket, type ParseContext, type Target } from './intent-packet.js';
export { type Marker, type MarkerClass, markerClasses } from './marker-class.js';
export { mostRequests } from './message-requests.js';
export { countRequests, parserName, parseRequest, type PartOf } from './parse-request.js';
export { parseStructured, type StructuredRequest } from './parse-structured.js';
export { scanMarkers } from './scan-markers.js';
export { screened } from './screened.js';
export { readTenantMarkers, type TenantMarkers } from './tenant-markers.js';
