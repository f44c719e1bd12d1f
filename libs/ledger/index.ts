export { jcs, parseCanonical, sha256Hex } from './canonical.js';
