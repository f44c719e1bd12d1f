export { type Circumstances, type Crowd, type Scope, SCOPES, worstCrowd } from './circumstances.js';
export { DEFAULT_LEAVER_LIMITS, type LeaverLimits, parseLeaverLimits } from './leaver-limits.js';
export { DEFAULT_PROFILE, parseProfile, type RiskProfile } from './profile.js';
export { type RiskComponent, type RiskInput, type RiskScore, score, sumOf } from './score.js';
export { DEFAULT_THRESHOLDS, parseThresholds, type RiskThresholds } from './thresholds.js';
export { type ComponentName, DEFAULT_WEIGHTS, parseWeights, type RiskWeights } from './weights.js';
