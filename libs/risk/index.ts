export { type RiskComponent, type RiskInput, type RiskScore, score, sumOf } from './score.js';
export { type ComponentName, DEFAULT_WEIGHTS, parseWeights, type RiskWeights } from './weights.js';
