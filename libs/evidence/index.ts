export type { Asked } from './asking.js';
export type { Candidate } from './candidates.js';
export type { Claim } from './claim.js';
export { type Facts, type Weighed, worse } from './facts.js';
export type { Finding, FindingCode } from './finding.js';
export { type Employee, type Hris, type HrisQuery, openHris } from './hris.js';
export { type Evidence, type Label, type OpenPrecondition, type Question, takeEvidence } from './take-evidence.js';
export type { Told } from './told.js';
