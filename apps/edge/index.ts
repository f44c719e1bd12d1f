export { BODY_LIMIT_BYTES, bodyPipe, foreignBodyPipe } from './body.js';
export { readConfig, readItems, readKey, readSecret } from './configuration.js';
export { Html, html, visible } from './html.js';
export { IdentitySettings, identityTls, storeAccess, StoreSettings } from './identity.js';
export { hostPort, listen, peerName, type TlsFiles, tlsOptions } from './listen.js';
export { type Problem, ProblemException, ProblemFilter, sendProblem } from './problem.js';
export { type Ending, type Log, logOf, run } from './process.js';
export { READINESS, ReadinessController, type ReadinessProbe } from './readiness.js';
export { CurrentReader, type Reader, ReaderTenantSettings, readersOnly, refuseReader } from './readers.js';
