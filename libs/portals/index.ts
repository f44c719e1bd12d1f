export type { AccountRef, Connector, Effect, Holdings, Phase, PlannedStep, PortalState, Subject } from './connector.js';
export { openConnector, PORTAL_KINDS } from './open-connector.js';
export { type PortalAddress, type PortalCalls, portalCalls, type PortalCode, PortalError } from './portal-calls.js';
export { type Precondition, PRECONDITIONS } from './precondition.js';
export { sameText } from './state-fields.js';
