export { CodedError, codeOf, isCoded, unreachable } from './coded-error.js';
export { type Decider, fold, type Instant, type Next, plusSeconds } from './decider.js';
export { given } from './given-when-then.js';
export { isJsonObject, type JsonObject, type JsonValue } from './json.js';
